// The studies with a plan of their own, each to its end on the demo models: what lies on disk is what the person sees.
import assert from "node:assert/strict";
import { test } from "node:test";
import { percent } from "../../src/core/numberWords.ts";
import { type ShownRun, untilPanelShows } from "./curvesPanel.ts";
import { notificationText, pressInNotification } from "./notifications.ts";
import { setOptions, startStudy, studyFromEndpoint } from "./studyClicks.ts";
import { shareCorrect, studyLines, studyPlan, studySamples } from "./studyFiles.ts";
import type { Workbench } from "./workbench.ts";
import type { Workspace } from "./workspace.ts";

/** Needs the demo models started: they are among the endpoints then. */
export function studyKindTests(workbench: () => Workbench, workspace: () => Workspace): void {
  const folder = () => workspace().folder;

  test("a temperature sweep by clicks from an endpoint's menu: a run and a curve for each temperature", () =>
    workbench().watch("study-sweep", async () => {
      const study = "Temperature-sweep-countdown";
      await studyFromEndpoint(workbench(), "Demo base", "Temperature sweep");
      await workbench().pick("The demo's problems");
      await setOptions(workbench(), [
        ["Temperatures", "0.6, 1.2"],
        ["Problems", "8", "Problems, from the first"],
        ["Samples per problem", "8"],
      ]);
      await workbench().screenshot("study-sweep-options");
      await workbench().pick("Start");
      const names = ["Demo base, T = 0.6", "Demo base, T = 1.2"];
      const shown = await finishedCurves(workbench(), names, 8);
      for (const [at, temperature] of [0.6, 1.2].entries()) {
        const run = `Demo-base-T${temperature}`;
        const samples = studySamples(folder(), study, run);
        assert.deepEqual([samples.length, new Set(samples.map(({ key }) => key)).size], [64, 8], run);
        const { metadata, protocol } = studyPlan(folder(), study, run);
        assert.deepEqual([protocol.temperature, metadata], [temperature, { temperature }]);
        assertPassAt1(shown[at], shareCorrect(samples));
      }
      await workbench().tab("Temperature sweep, countdown").waitFor();
      await workbench().screenshot("study-sweep");
    }));

  test("an entropy is matched: the temperature it says is that of the run, with both entropies", () =>
    workbench().watch("study-match", async () => {
      const study = "Match-entropy-countdown";
      await startStudy(workbench(), "rolloutLens.studyMatchEntropy", ["Demo base", "Demo RL 450"]);
      await setOptions(workbench(), [
        ["Budget of the search, texts", "300"],
        ["Texts of one measurement", "40"],
        ["Largest difference", "0.25"],
        ["Problems", "6", "Problems, from the first"],
        ["Samples per problem", "4"],
      ]);
      await workbench().screenshot("study-match-options");
      await workbench().pick("Start");
      const said = await notificationText(workbench(), "Match entropy, countdown is finished.");
      const [, temperature, entropy, texts, within, target] =
        /T = ([\d.]+): ([\d.]+) nats \(s\.e\. [\d.]+, ([\d,]+) texts\), within ([\d.]+) % of the target's ([\d.]+) nats/.exec(
          said,
        ) ?? assert.fail(said);
      const stages = studyLines(folder(), study, "stages.jsonl") as readonly Stage[];
      const measured = stages.flatMap(({ measured: one }) => one ?? []);
      const [first, ...searched] = measured;
      assert.ok(first !== undefined && target === middle(first).toFixed(4), said);
      // Its line is drawn through all of the search, on both sides of the target.
      const [t, goal] = [Number(temperature), middle(first)];
      assert.ok(
        searched.some((one) => one.temperature <= t && middle(one) <= goal),
        said,
      );
      assert.ok(
        searched.some((one) => one.temperature >= t && middle(one) >= goal),
        said,
      );
      assert.ok(Number(texts) > 0 && Number(texts) <= textsOf(searched), said);
      assert.ok(Math.abs(Number(entropy) / goal - 1) < 0.25 && Number(within) <= 25, said);
      assert.ok(textsOf(measured) <= 300, `${textsOf(measured)} texts`);
      const names = ["Demo base, T = 1", `Demo RL 450, T = ${t}`];
      const [, matched] = await finishedCurves(workbench(), names, 4);
      const run = `Demo-RL-450-T${t}`;
      assert.equal(studyPlan(folder(), study, run).protocol.temperature, t);
      assertPassAt1(matched, shareCorrect(studySamples(folder(), study, run)));
      await workbench().screenshot("study-match");
    }));

  test("guessable problems are dropped: the rest is sampled, and opens as a dataset of its own", () =>
    workbench().watch("study-filter", async () => {
      const study = "Filter-guessable-problems-countdown";
      await startStudy(workbench(), "rolloutLens.studyFilterGuessable", ["Demo base"]);
      await setOptions(workbench(), [
        ["Guesses per problem", "16"],
        ["Dropped if right more than never", "0.3"],
        ["Problems", "8", "Problems, from the first"],
        ["Samples per problem", "4"],
      ]);
      await workbench().screenshot("study-filter-options");
      await workbench().pick("Start");
      const finished = "Filter guessable problems, countdown is finished.";
      const said = await notificationText(workbench(), finished);
      const guesses = studySamples(folder(), study, "direct-answers");
      const dropped = [...new Set(guesses.map(({ key }) => key))].filter((key) => {
        const share = shareCorrect(guesses.filter((guess) => guess.key === key));
        return share > 0 && share < 0.3;
      });
      assert.equal(guesses.length, 8 * 16);
      assert.ok(dropped.length > 0 && dropped.length < 8, "something is dropped and something left");
      assert.ok(said.includes(`${dropped.length} of 8 problems were dropped as guessable.`), said);
      const sampled = new Set(studySamples(folder(), study, "Demo-base").map(({ key }) => key));
      assert.equal(sampled.size, 8 - dropped.length);
      assert.ok(dropped.every((key) => !sampled.has(key)));
      const kept = studyLines(folder(), study, "kept.jsonl");
      assert.equal(kept.length, sampled.size);
      assert.equal(studyLines(folder(), study, "dropped.jsonl").length, dropped.length);
      const [shown] = await finishedCurves(workbench(), ["Demo base"], 4);
      assertPassAt1(shown, shareCorrect(studySamples(folder(), study, "Demo-base")));
      await workbench().screenshot("study-filter");

      await pressInNotification(workbench(), finished, "Open what is left");
      await workbench().page.locator(".tab.active", { hasText: "kept.jsonl" }).waitFor();
      // It is a dataset to the window, too: it can be sampled from here.
      await workbench()
        .page.locator(".codelens-decoration", { hasText: `${kept.length} problems` })
        .waitFor();
      await workbench().screenshot("study-filter-kept");
    }));
}

interface Measured {
  readonly temperature: number;
  readonly low: number;
  readonly high: number;
  readonly samples: number;
}

interface Stage {
  readonly measured?: Measured;
}

const textsOf = (measured: readonly Measured[]): number =>
  measured.reduce((sum, { samples }) => sum + samples, 0);
const middle = ({ low, high }: Measured): number => (low + high) / 2;

/** The runs of these names in the panel, once it shows all their samples, in this order. */
async function finishedCurves(
  workbench: Workbench,
  names: readonly string[],
  samplesPerProblem: number,
): Promise<readonly ShownRun[]> {
  const found = (runs: readonly ShownRun[]) =>
    names.flatMap((name) => runs.find((run) => run.name === name) ?? []);
  const isWhole = (run: ShownRun) => run.points.at(-1)?.k === samplesPerProblem;
  const shown = await untilPanelShows(workbench, `curves of ${names.join("; ")}`, (runs) => {
    const mine = found(runs);
    return runs.length === names.length && mine.length === names.length && mine.every(isWhole);
  });
  return found(shown);
}

function assertPassAt1(run: ShownRun | undefined, share: number): void {
  const [first] = run?.points ?? [];
  assert.equal(first?.k, 1);
  assert.ok(Math.abs(first.value - share) < 1e-9, `pass@1 shown ${first.value}, on disk ${share}`);
  assert.ok(first.text.startsWith(percent(share)), first.text);
}

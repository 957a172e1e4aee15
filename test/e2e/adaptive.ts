import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { curveReport } from "./commandLine.ts";
import { curvesFrame, type ShownRun, shownRuns } from "./curvesPanel.ts";
import { until } from "./until.ts";
import type { Workbench } from "./workbench.ts";
import type { Workspace } from "./workspace.ts";

/** As the settings of the window have it. */
const mostPerProblem = 8;
/** What "Coverage or dSE" stops at. */
const rightToStop = 2;

interface StoppedRun {
  readonly folder: string;
  readonly name: string;
  readonly problems: number;
  /** Of each problem, by index: whether it is right. */
  readonly verdicts: ReadonlyMap<string, readonly boolean[]>;
}

/** The one run of the folder that has a stop rule; `null` while there is none. */
function stoppedRun(workspace: string): StoppedRun | null {
  const headers = globSync(".rollout-lens/runs/*/run.json", { cwd: workspace }).map((path) => ({
    folder: join(workspace, dirname(path)),
    ...(JSON.parse(readFileSync(join(workspace, path), "utf8")) as {
      readonly problemCount: number;
      readonly plan: { readonly name: string; readonly stopRule?: object };
    }),
  }));
  const found = headers.find(({ plan }) => plan.stopRule !== undefined);
  if (found === undefined) return null;
  const { folder, plan, problemCount } = found;
  return { folder, name: plan.name, problems: problemCount, verdicts: verdictsIn(folder) };
}

function verdictsIn(folder: string): StoppedRun["verdicts"] {
  const text = readFileSync(join(folder, "samples.jsonl"), "utf8");
  const verdicts = new Map<string, boolean[]>();
  for (const line of text.slice(0, text.lastIndexOf("\n")).split("\n")) {
    const { key, i, verdict } = JSON.parse(line) as {
      readonly key: string;
      readonly i: number;
      readonly verdict: { readonly kind: string };
    };
    const of = verdicts.get(key) ?? [];
    of[i] = verdict.kind === "correct";
    verdicts.set(key, of);
  }
  return verdicts;
}

/** Samples that the rule needs of a problem; `null`: more are to come. */
function needed(verdicts: readonly boolean[]): number | null {
  let right = 0;
  for (let i = 0; i < mostPerProblem; i += 1) {
    if (verdicts[i] === undefined) return null;
    right += verdicts[i] === true ? 1 : 0;
    if (right === rightToStop) return i + 1;
  }
  return mostPerProblem;
}

const isOver = ({ verdicts, problems }: StoppedRun): boolean =>
  verdicts.size === problems && [...verdicts.values()].every((one) => needed(one) !== null);

const spentBy = ({ verdicts, problems }: StoppedRun) => ({
  spent: [...verdicts.values()].flat().length,
  uniform: problems * mostPerProblem,
});

/** What the panel says of it. */
function meter(run: StoppedRun): string {
  const { spent, uniform } = spentBy(run);
  return `spent ${spent.toLocaleString("en-US")} of ${uniform.toLocaleString("en-US")}: ${Math.round((1 - spent / uniform) * 100)} % saved`;
}

function assertComputed({ points }: ShownRun, folder: string): void {
  const [truth] = curveReport(folder, "--k", points.map(({ k }) => k).join(",")).runs;
  for (const { k, value } of points) {
    const computed = truth?.curve.find((point) => point.k === k)?.passAtK ?? NaN;
    assert.ok(Math.abs(value - computed) < 1e-9, `pass@${k}: shown ${value}, computed ${computed}`);
  }
}

/** Needs the endpoints and settings of `quickSettings`, and `math500.jsonl`. */
export function adaptiveTests(workbench: () => Workbench, workspace: () => Workspace): void {
  test("sampled where it matters: problems end at their 2nd right answer, and the panel says what was saved", () =>
    workbench().watch("adaptive", async () => {
      await workbench().explorerMenu(["math500.jsonl"], "Sample where it matters");
      await workbench().page.locator(".quick-input-widget", { hasText: "until 2 are right" }).waitFor();
      await workbench().screenshot("adaptive-options");
      await workbench().pick("Coverage or dSE");
      // Samples in flight when a problem ends come back, too: what lies on disk is read anew with each look at the panel.
      const { run, shown } = await until("the panel shows the end, and what was saved", async () => {
        const run = stoppedRun(workspace().folder);
        if (run === null || !isOver(run)) return null;
        const frame = await curvesFrame(workbench());
        const foot = (await frame.locator("#app").innerText()).replaceAll(/\s+/g, " ");
        if (!foot.includes(meter(run))) return null;
        // Read after the foot: of a panel that was drawn in between it is the later one.
        const [shown] = await shownRuns(frame);
        assert.equal(shown?.name, run.name);
        assertComputed(shown, run.folder);
        return { run, shown };
      });
      const all = [...run.verdicts.values()];
      const { spent, uniform } = spentBy(run);
      // A few come back, not as many as were left.
      const least = all.reduce((sum, one) => sum + (needed(one) ?? 0), 0);
      assert.ok(spent >= least && spent < least + (uniform - least) / 2, `${spent} of ${least} needed`);
      // Nobody stops before the first right answer: the solved set is that of all samples.
      const solved = all.filter((one) => one.includes(true)).length / run.problems;
      const last = shown.points.at(-1);
      assert.ok(last?.k === mostPerProblem && Math.abs(last.value - solved) < 1e-9);
      await workbench().seeRun(run.name);
      await workbench().treeRow("% saved").waitFor();
      await workbench().screenshot("adaptive-curve");
    }));
}

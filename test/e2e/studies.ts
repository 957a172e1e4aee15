import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { curvesFrame, shownRuns } from "./curvesPanel.ts";
import { cancelNotification } from "./demo.ts";
import { notificationText } from "./notifications.ts";
import { setOptions, startStudy } from "./studyClicks.ts";
import { studies, studySamples } from "./studyFiles.ts";
import { until } from "./until.ts";
import type { Workbench } from "./workbench.ts";
import type { Workspace } from "./workspace.ts";

/** `key#index` of all samples of a study's run. */
const placesOf = (folder: string, study: string, run: string): readonly string[] =>
  studySamples(folder, study, run).map(({ key, i }) => `${key}#${i}`);

/** Sets numbers in the list of options, then starts. */
async function startWith(
  workbench: Workbench,
  { problems, samples, name }: { readonly problems: number; readonly samples: number; readonly name: string },
): Promise<void> {
  await setOptions(workbench, [
    ["Problems", String(problems), "Problems, from the first"],
    ["Samples per problem", String(samples)],
    ["Name", name, "Name of the study"],
  ]);
  await workbench.screenshot(`study-options-${problems}`);
  await workbench.pick("Start");
}

/** Needs the demo models started: they are among the endpoints then. */
export function studyTests(workbench: () => Workbench, workspace: () => Workspace): void {
  test("models compared from the palette: runs under their study, curves of all, a report of files", () =>
    workbench().watch("study", async () => {
      await workbench().command("Rollout Lens: Compare models");
      await workbench().pick("The demo's problems");
      await startWith(workbench(), { problems: 4, samples: 4, name: "All six" });
      const frame = await curvesFrame(workbench(), 6);
      const names = (await shownRuns(frame)).map(({ name }) => name).sort();
      assert.match(names.join(), /^Demo RL 120,Demo RL 270,Demo RL 40,Demo RL 450,Demo base,Demo distilled$/);
      await workbench().treeRow("All six").waitFor();
      await workbench().screenshot("study-runs");
      await workbench().command("Rollout Lens: Write report");
      await workbench().pick(studies);
      const report = join(workspace().folder, studies, "All-six/report");
      await until("the report is written", () => existsSync(join(report, "tables.tex")));
      const page = readFileSync(join(report, "report.html"), "utf8");
      assert.ok(page.includes("Models compared on the same problems, 4 samples each: Demo base"));
      assert.ok(page.includes("<h2>Perplexity</h2>"));
      await workbench().tab("report.md").waitFor();
      await workbench().screenshot("study-report");
    }));

  test("a study is cancelled with everything kept, and resumed to its end", () =>
    workbench().watch("study-resumed", async () => {
      await startStudy(workbench(), "rolloutLens.studyCompareModels", ["Demo base", "Demo RL 450"]);
      const samplesPerProblem = 128;
      await startWith(workbench(), { problems: 20, samples: samplesPerProblem, name: "A pair" });
      const { folder } = workspace();
      const written = () =>
        globSync(`${studies}/A-pair/runs/Demo-base/samples.jsonl`, { cwd: folder }).length > 0;
      // The models are quick: what is to be pressed is on the screen before the samples arrive.
      await notificationText(workbench(), "A pair");
      await until("samples arrive", () => written() && placesOf(folder, "A-pair", "Demo-base").length > 64);
      await cancelNotification(workbench(), "A pair");
      await workbench().treeRow("paused at").waitFor();
      const kept = placesOf(folder, "A-pair", "Demo-base");
      await workbench().screenshot("study-unfinished");
      await workbench().command("Rollout Lens: Resume study");
      await workbench().pick("A pair");
      await workbench().tab("A pair").waitFor();
      for (const run of ["Demo-base", "Demo-RL-450"]) {
        const samples = placesOf(folder, "A-pair", run);
        const all = 20 * samplesPerProblem;
        assert.deepEqual([samples.length, new Set(samples).size], [all, all], run);
      }
      assert.deepEqual(placesOf(folder, "A-pair", "Demo-base").slice(0, kept.length), kept);
    }));
}

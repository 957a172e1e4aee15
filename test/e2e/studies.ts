import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { curvesFrame, shownRuns } from "./curvesPanel.ts";
import { cancelNotification } from "./demo.ts";
import { until } from "./until.ts";
import type { Workbench } from "./workbench.ts";
import type { Workspace } from "./workspace.ts";

const studies = ".rollout-lens/runs/studies";

/** `key#index` of all samples of a study's run. */
function samplesOf(folder: string, study: string, run: string): readonly string[] {
  const text = readFileSync(join(folder, studies, study, "runs", run, "samples.jsonl"), "utf8");
  return text
    .slice(0, text.lastIndexOf("\n"))
    .split("\n")
    .map((line) => {
      const { key, i } = JSON.parse(line) as { key: string; i: number };
      return `${key}#${i}`;
    });
}

/** Sets numbers in the list of options, then starts. */
async function startWith(
  workbench: Workbench,
  { problems, samples, name }: { readonly problems: number; readonly samples: number; readonly name: string },
): Promise<void> {
  await workbench.pick("The demo's problems");
  await workbench.pick("Problems");
  await workbench.type("Problems, from the first", String(problems));
  await workbench.pick("Samples per problem");
  await workbench.type("Samples per problem", String(samples));
  await workbench.pick("Name");
  await workbench.type("Name of the study", name);
  await workbench.screenshot(`study-options-${problems}`);
  await workbench.pick("Start");
}

/** The command as a selection of two rows of the Endpoints view gives it. */
const compareTwo = (workbench: Workbench): Promise<void> =>
  workbench.evaluate((vscode) => {
    const rows = ["Demo base", "Demo RL 450"].map((name) => ({ entry: { config: { name } } }));
    void vscode.commands.executeCommand("rolloutLens.studyCompareModels", rows[0], rows);
  });

/** Needs the demo models started: they are among the endpoints then. */
export function studyTests(workbench: () => Workbench, workspace: () => Workspace): void {
  test("models compared from the palette: runs under their study, curves of all, a report of files", () =>
    workbench().watch("study", async () => {
      await workbench().command("Rollout Lens: Compare models");
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
      await compareTwo(workbench());
      await startWith(workbench(), { problems: 20, samples: 64, name: "A pair" });
      const { folder } = workspace();
      const written = () =>
        globSync(`${studies}/A-pair/runs/Demo-base/samples.jsonl`, { cwd: folder }).length > 0;
      await until("samples arrive", () => written() && samplesOf(folder, "A-pair", "Demo-base").length > 64);
      await cancelNotification(workbench(), "A pair");
      await workbench().treeRow("paused at").waitFor();
      const kept = samplesOf(folder, "A-pair", "Demo-base");
      await workbench().screenshot("study-unfinished");
      await workbench().command("Rollout Lens: Resume study");
      await workbench().pick("A pair");
      await workbench().tab("A pair").waitFor();
      for (const run of ["Demo-base", "Demo-RL-450"]) {
        const samples = samplesOf(folder, "A-pair", run);
        assert.deepEqual([samples.length, new Set(samples).size], [20 * 64, 20 * 64], run);
      }
      assert.deepEqual(samplesOf(folder, "A-pair", "Demo-base").slice(0, kept.length), kept);
    }));
}

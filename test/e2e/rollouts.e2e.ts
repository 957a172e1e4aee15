import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { root, sharedData, without } from "../paths.ts";
import { curveReport } from "./commandLine.ts";
import { curvesFrame, shownRuns, walkTabs } from "./curvesPanel.ts";
import { Workbench } from "./workbench.ts";
import { makeWorkspace, type Workspace } from "./workspace.ts";

const game24 = [
  sharedData("rollouts/game24_io_100x100.json"),
  sharedData("rollouts/game24_cot_100x100.json"),
];
const sample = (name: string) => readFileSync(join(root, "media/sample", name));

let workspace: Workspace;
let workbench: Workbench;

before(async () => {
  const real = game24.flatMap((path, i) =>
    path === null ? [] : [[`${["io", "cot"][i]}.json`, readFileSync(path)]],
  );
  workspace = makeWorkspace({
    "problems.jsonl": sample("problems.jsonl"),
    "rollouts/sample-base.jsonl": sample("rollouts/sample-base.jsonl"),
    "rollouts/sample-rl.jsonl": sample("rollouts/sample-rl.jsonl"),
    ...Object.fromEntries(real),
  });
  workbench = await Workbench.open({ workspace: workspace.folder });
});

after(async () => {
  await workbench?.close();
  workspace?.remove();
});

async function assertPanelAgrees(files: readonly string[]): Promise<void> {
  const frame = await curvesFrame(workbench, files.length);
  const shown = await shownRuns(frame);
  const truth = curveReport(...files, "--k", shown[0]?.points.map(({ k }) => k).join(",") ?? "1");
  assert.equal(shown.length, files.length);
  for (const { name, points } of shown) {
    const run = truth.runs.find((one) => one.name === name);
    assert.ok(run !== undefined, `${name} of ${truth.runs.map((one) => one.name).join(", ")}`);
    for (const { k, value } of points) {
      const point = run.curve.find((one) => one.k === k);
      assert.ok(point !== undefined && Math.abs(point.passAtK - value) < 1e-9, `${name} pass@${k}: ${value}`);
    }
  }
}

const words = async (): Promise<string> => (await curvesFrame(workbench)).locator("#app").innerText();

test("two rollout files chosen in the explorer open as curves", () =>
  workbench.watch("rollouts", async () => {
    const names = ["rollouts/sample-base.jsonl", "rollouts/sample-rl.jsonl"];
    await workbench.explorerMenu(names, "Open curves");
    await assertPanelAgrees(names.map((name) => join(workspace.folder, name)));
    assert.match(await words(), /Crossover with base/u);
    await workbench.showViews();
    for (const name of ["sample-base", "sample-rl"]) await workbench.treeRow(name).waitFor();
  }));

test("every tab of the panel has something to show", () =>
  workbench.watch("tabs", () => walkTabs(workbench, "dark")));

test("a problem leads to its samples and their text", () =>
  workbench.watch("drill", async () => {
    const frame = await curvesFrame(workbench);
    await frame.locator("#tab-problems").click();
    await frame.locator("#problems-table tbody tr").first().dblclick();
    await frame.locator("#samples-table tbody tr").first().click();
    await frame.locator("#sample-text").waitFor();
    assert.match(await frame.locator("#sample-text").innerText(), /=/u);
    await workbench.screenshot("sample-dark");
  }));

test(
  "rollouts of Game of 24: CoT overtakes at k = 6, and the place is not resolved",
  { skip: without(...game24) },
  () =>
    workbench.watch("game24", async () => {
      await workbench.explorerMenu(["io.json", "cot.json"], "Open curves");
      await workbench.tab("io").waitFor();
      await assertPanelAgrees(["io.json", "cot.json"].map((name) => join(workspace.folder, name)));
      assert.match(await words(), /not resolved|suggestive/iu);
      await workbench.screenshot("game24");
    }),
);

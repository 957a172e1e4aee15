import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root, sharedData, without } from "../paths.ts";
import { curveReport } from "./commandLine.ts";
import { curvesFrame, shownRuns, walkTabs } from "./curvesPanel.ts";
import type { ThemeName, Workbench } from "./workbench.ts";
import type { Workspace, WorkspaceFiles } from "./workspace.ts";

const game24 = [
  sharedData("rollouts/game24_io_100x100.json"),
  sharedData("rollouts/game24_cot_100x100.json"),
];
const sample = (name: string) => readFileSync(join(root, "media/sample", name));
const samples = ["rollouts/sample-base.jsonl", "rollouts/sample-rl.jsonl"];

export const rolloutFiles = (): WorkspaceFiles => ({
  "problems.jsonl": sample("problems.jsonl"),
  ...Object.fromEntries(samples.map((name) => [name, sample(name)])),
  ...Object.fromEntries(
    game24.flatMap((path, i) => (path === null ? [] : [[`${["io", "cot"][i]}.json`, readFileSync(path)]])),
  ),
});

const bodyClass: Readonly<Partial<Record<ThemeName, string>>> = {
  light: "vscode-light",
  hc: "vscode-high-contrast",
};

async function assertPanelAgrees(workbench: Workbench, files: readonly string[]): Promise<void> {
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

const words = async (workbench: Workbench): Promise<string> =>
  (await curvesFrame(workbench)).locator("#app").innerText();

/** Rollouts that exist already: curves, every tab, a problem's samples. */
export function rolloutTests(workbench: () => Workbench, workspace: () => Workspace): void {
  test("two rollout files chosen in the explorer open as curves", () =>
    workbench().watch("rollouts", async () => {
      await workbench().explorerMenu(samples, "Open curves");
      await assertPanelAgrees(
        workbench(),
        samples.map((name) => join(workspace().folder, name)),
      );
      assert.match(await words(workbench()), /Crossover with base/u);
      for (const name of ["sample-base", "sample-rl"]) await workbench().seeRun(name);
    }));

  test("every tab of the panel has something to show", () =>
    workbench().watch("tabs", () => walkTabs(workbench(), "dark")));

  test("a problem leads to its samples and their text", () =>
    workbench().watch("drill", async () => {
      const frame = await curvesFrame(workbench());
      await frame.locator("#tab-problems").click();
      await frame.locator("#problems-table tbody tr").first().dblclick();
      await frame.locator("#samples-table tbody tr").first().click();
      await frame.locator("#sample-text").waitFor();
      assert.match(await frame.locator("#sample-text").innerText(), /=/u);
      await workbench().screenshot("sample-dark");
    }));

  test(
    "rollouts of Game of 24: CoT overtakes at k = 6, and the place is not resolved",
    { skip: without(...game24) },
    () =>
      workbench().watch("game24", async () => {
        await workbench().explorerMenu(["io.json", "cot.json"], "Open curves");
        await workbench().tab("io").waitFor();
        await assertPanelAgrees(
          workbench(),
          ["io.json", "cot.json"].map((name) => join(workspace().folder, name)),
        );
        assert.match(await words(workbench()), /not resolved|suggestive/iu);
        await workbench().screenshot("game24");
      }),
  );
}

/** The panel as it opens in the other themes, and while one changes to the next. */
export function themeTests(workbench: () => Workbench): void {
  for (const [theme, className] of Object.entries(bodyClass) as [ThemeName, string][]) {
    test(`the curves panel in the ${theme} theme`, () =>
      workbench().watch(`theme ${theme}`, async () => {
        await workbench().setTheme(theme);
        await workbench().command("View: Close All Editors");
        await workbench().explorerMenu(samples, "Open curves");
        await workbench().showViews();
        const frame = await curvesFrame(workbench(), 2);
        assert.ok(await frame.evaluate((name) => document.body.classList.contains(name), className));
        assert.equal(await frame.evaluate(() => document.body.dataset["violations"] ?? ""), "");
        await walkTabs(workbench(), theme);
      }));
  }
}

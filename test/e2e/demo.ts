import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { curvesFrame, firstWebview, shownRuns, type ShownRun } from "./curvesPanel.ts";
import { pressInNotification } from "./notifications.ts";
import { until } from "./until.ts";
import type { Workbench } from "./workbench.ts";
import type { Workspace } from "./workspace.ts";

const link = "Try with the demo models";

/** Samples of the demo's runs on disk: they are kept with the extension, not in the person's folder. */
export function demoSamples({ folder }: Workbench): number {
  return globSync("**/rollout-lens.rollout-lens/runs/demo-*/samples.jsonl", { cwd: folder }).reduce(
    (sum, path) => sum + readFileSync(join(folder, path), "utf8").split("\n").length - 1,
    0,
  );
}

/** The link in the welcome of the Runs view. */
export async function welcomeLink(workbench: Workbench) {
  await workbench.showViews();
  const found = workbench.page.locator(".welcome-view-content a", { hasText: link }).last();
  await found.waitFor();
  return found;
}

/** Needs a window with no run yet. */
export function demoTests(workbench: () => Workbench, workspace: () => Workspace): void {
  test("one click in the welcome view, and both demo models' curves grow; cancelling keeps them", () =>
    workbench().watch("demo", async () => {
      const files = globSync("**/*", { cwd: workspace().folder }).length;
      await firstWebview(workbench());
      await (await welcomeLink(workbench())).click();
      const frame = await curvesFrame(workbench(), 2);
      await workbench().treeRow("Demo RL").waitFor();
      await until("samples arrive", () => demoSamples(workbench()) > 300);
      const names = (await shownRuns(frame)).map(({ name }) => name);
      assert.match(names.join(), /Demo base,Demo RL \d+/);
      await cancelNotification(workbench(), "Demo models");
      await workbench().treeRow("cancelled").waitFor();
      const kept = demoSamples(workbench());
      assert.ok(kept < 2 * 100 * 128, "it was cancelled before its end");
      assert.equal(globSync("**/*", { cwd: workspace().folder }).length, files, "their folder is left alone");
    }));
}

/** Enough for the crossing, with three problems between the two at the end; what is drawn is the same everywhere. */
const smallDemo = { problems: 50, samplesPerProblem: 24 };

/** The demo to its end, smaller than a click makes it: the same models, problems and seeds. */
export function demoCrossingTests(workbench: () => Workbench): void {
  test("a small demo, finished: RL ahead at one sample, the base at the most", () =>
    workbench().watch("demo-crossing", async () => {
      const { samplesPerProblem } = smallDemo;
      const before = demoSamples(workbench());
      await tryDemo(workbench(), smallDemo);
      const total = 2 * smallDemo.problems * samplesPerProblem;
      await until("all samples are there", () => demoSamples(workbench()) - before >= total);
      const { base, rl } = await finishedPair(workbench(), samplesPerProblem);
      const [first, last] = [1, samplesPerProblem].map((k) => at(rl, k) - at(base, k));
      assert.ok(first! > 0.05 && last! < -0.02, `RL less base: ${first} at k = 1, ${last} at the largest`);
      await workbench().screenshot("demo-crossing");
    }));
}

const at = ({ points }: ShownRun, k: number): number => points.find((point) => point.k === k)?.value ?? NaN;

/** The command, with a size that the link in the welcome view does not give. */
export const tryDemo = (workbench: Workbench, size: typeof smallDemo): Promise<void> =>
  workbench.evaluate(
    (vscode, size) => void vscode.commands.executeCommand("rolloutLens.tryDemo", size),
    size,
  );

/** Base and RL model in the curves panel, once it shows all samples of both. */
export async function finishedPair(
  workbench: Workbench,
  samplesPerProblem: number,
): Promise<{ readonly base: ShownRun; readonly rl: ShownRun }> {
  return until("the panel shows the end of both", async () => {
    const frame = await curvesFrame(workbench, 2);
    const shown = await shownRuns(frame);
    // `problems 91 of 100` while some are not shown yet.
    const whole = /problems\s+(\d+) of \1\b/.test(await frame.locator("#app").innerText());
    if (!whole || shown.some(({ points }) => points.at(-1)?.k !== samplesPerProblem)) return null;
    const [base, rl] = [/base/, /RL/].map((pattern) => shown.find(({ name }) => pattern.test(name)));
    return base === undefined || rl === undefined ? null : { base, rl };
  });
}

export const cancelNotification = (workbench: Workbench, title: string): Promise<void> =>
  pressInNotification(workbench, title, "Cancel");

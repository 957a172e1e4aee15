import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { curvesFrame, shownRuns } from "./curvesPanel.ts";
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
      await (await welcomeLink(workbench())).click();
      const frame = await curvesFrame(workbench(), 2);
      await workbench().treeRow("Demo RL").waitFor();
      await until("samples arrive", () => demoSamples(workbench()) > 300);
      const names = (await shownRuns(frame)).map(({ name }) => name);
      assert.match(names.join(), /Demo base,Demo RL \d+/);
      await cancelNotification(workbench());
      await workbench().treeRow("cancelled").waitFor();
      const kept = demoSamples(workbench());
      assert.ok(kept < 2 * 100 * 128, "it was cancelled before its end");
      assert.equal(globSync("**/*", { cwd: workspace().folder }).length, files, "their folder is left alone");
    }));
}

/** A driven window shows no toasts: the list of notifications is opened. */
async function cancelNotification(workbench: Workbench): Promise<void> {
  const item = workbench.notification("Demo models");
  await until("the notification's button is pressed", async () => {
    await workbench.command("Notifications: Show Notifications");
    await item.hover({ timeout: 3000 });
    await item.getByRole("button", { name: "Cancel" }).click({ timeout: 3000 });
    return true;
  });
}

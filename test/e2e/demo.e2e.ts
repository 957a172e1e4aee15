import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { curvesFrame, shownRuns } from "./curvesPanel.ts";
import { until } from "./until.ts";
import { themes, Workbench, type ThemeName } from "./workbench.ts";
import { makeWorkspace, type Workspace } from "./workspace.ts";

/**
 * Set to a theme: the demo to its end with pictures, in the size that a click samples (a minute on two idle cores) or in
 * that of ROLLOUT_LENS_DEMO_SIZE, e.g. `60x64`: problems x samples.
 */
const whole = process.env["ROLLOUT_LENS_DEMO_THEME"] as ThemeName | undefined;
const [problems = 100, samplesPerProblem = 128] =
  process.env["ROLLOUT_LENS_DEMO_SIZE"]?.split("x").map(Number) ?? [];
const link = "Try with the demo models";

let workspace: Workspace;
let workbench: Workbench;

before(async () => {
  workspace = makeWorkspace({ "notes.md": "Nothing to sample here.\n" });
  const theme = whole !== undefined && whole in themes ? whole : "dark";
  workbench = await Workbench.open({ workspace: workspace.folder, theme });
});

after(async () => {
  await workbench?.close();
  workspace?.remove();
});

interface StoredRun {
  readonly id: string;
  readonly origin: string;
  readonly samples: number;
}

/** What is on disk: the demo's runs are kept with the extension, not in the person's folder. */
function storedRuns(): readonly StoredRun[] {
  return globSync("**/rollout-lens.rollout-lens/runs/*/run.json", { cwd: workbench.folder })
    .map((path) => {
      const file = join(workbench.folder, path);
      const { plan } = JSON.parse(readFileSync(file, "utf8")) as { plan: { id: string; origin: string } };
      const lines = readFileSync(join(file, "../samples.jsonl"), "utf8").split("\n").length - 1;
      return { id: plan.id, origin: plan.origin, samples: lines };
    })
    .sort((a, b) => a.id.localeCompare(b.id));
}

const samplesOf = (runs: readonly StoredRun[]): number => runs.reduce((sum, { samples }) => sum + samples, 0);

/** Neither the address nor the key of the demo server may be in any file of the profile's settings or state. */
function assertNothingSaved(): void {
  for (const path of globSync("**/{settings.json,state.vscdb}", { cwd: workbench.folder })) {
    const text = readFileSync(join(workbench.folder, path), "latin1");
    assert.ok(
      !/rolloutLens\.endpoints|Demo base/.test(text.replaceAll(/"rolloutLens\.summaries.*/gs, "")),
      path,
    );
  }
}

const title =
  "one click from the welcome view: curves of the demo models grow; cancelling keeps them; after a reload they go on";
test(title, { skip: whole !== undefined && "the other one runs" }, async () => {
  await workbench.watch("demo", async () => {
    await workbench.showViews();
    await workbench.page.locator(".welcome-view-content a", { hasText: link }).last().click();
    const frame = await curvesFrame(workbench);
    await workbench.treeRow("Demo base").waitFor();
    await until("samples arrive", () => samplesOf(storedRuns()) > 300, 60_000);
    const [first] = await shownRuns(frame);
    assert.match(first?.name ?? "", /Demo base/);
    assert.equal(globSync("**/*", { cwd: workspace.folder }).length, 1, "the person's folder is left alone");
    await cancelNotification();
    await workbench.treeRow("paused").waitFor();
    const kept = storedRuns();
    assertNothingSaved();

    await workbench.reload();
    await workbench.showViews();
    await workbench.command(`Rollout Lens: ${link}`);
    await until("the same runs go on", () => {
      const now = storedRuns();
      assert.deepEqual(
        now.map(({ id }) => id),
        kept.map(({ id }) => id),
      );
      return samplesOf(now) > samplesOf(kept) + 300;
    });
  });
});

/** A driven window shows no toasts: the list of notifications is opened. */
async function cancelNotification(): Promise<void> {
  const item = workbench.notification("Demo models");
  await until("the notification's button is pressed", async () => {
    await workbench.command("Notifications: Show Notifications");
    await item.hover({ timeout: 3000 });
    await item.getByRole("button", { name: "Cancel" }).click({ timeout: 3000 });
    return true;
  });
}

test(
  "the whole demo ends with the curves crossing",
  { skip: whole === undefined && "takes a minute: set ROLLOUT_LENS_DEMO_THEME" },
  async () => {
    await workbench.watch("demo to its end", async () => {
      await workbench.showViews();
      const welcome = workbench.page.locator(".welcome-view-content a", { hasText: link }).last();
      await welcome.waitFor();
      await workbench.screenshot(`demo-welcome-${whole}`);
      const startedMs = performance.now();
      if (process.env["ROLLOUT_LENS_DEMO_SIZE"] === undefined) await welcome.click();
      else
        await workbench.evaluate(
          (vscode, size) => void vscode.commands.executeCommand("rolloutLens.tryDemo", size),
          { problems, samplesPerProblem },
        );
      await curvesFrame(workbench, 2);
      await until("samples arrive", () => samplesOf(storedRuns()) > 2000, 300_000);
      await workbench.screenshot(`demo-running-${whole}`);
      await until(
        "both runs are finished",
        () => samplesOf(storedRuns()) >= 2 * problems * samplesPerProblem,
        1_800_000,
      );
      console.log(
        `From the click to the last sample: ${((performance.now() - startedMs) / 1000).toFixed(0)} s.`,
      );
      await workbench
        .treeRow("Demo RL")
        .locator(".codicon-check")
        .waitFor()
        .catch(() => null);
      await workbench.screenshot(`demo-${whole}`);
      const runs = await shownRuns(await curvesFrame(workbench, 2));
      const [base, rl] = [
        runs.find(({ name }) => /base/.test(name)),
        runs.find(({ name }) => /RL/.test(name)),
      ];
      assert.ok(base !== undefined && rl !== undefined);
      assert.ok(rl.points[0]!.value > base.points[0]!.value, "RL is ahead at k = 1");
      assert.ok(
        rl.points.at(-1)!.value < base.points.at(-1)!.value,
        "the base model is ahead at the largest k",
      );
    });
  },
);

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../paths.ts";
import { curvesFrame, walkTabs } from "./curvesPanel.ts";
import { Workbench, type ThemeName } from "./workbench.ts";
import { makeWorkspace } from "./workspace.ts";

const bodyClass: Readonly<Partial<Record<ThemeName, string>>> = {
  light: "vscode-light",
  hc: "vscode-high-contrast",
};

for (const [theme, className] of Object.entries(bodyClass) as [ThemeName, string][]) {
  test(`the curves panel in the ${theme} theme`, async () => {
    const names = ["sample-base.jsonl", "sample-rl.jsonl"];
    const workspace = makeWorkspace(
      Object.fromEntries(
        names.map((name) => [name, readFileSync(join(root, "media/sample/rollouts", name))]),
      ),
    );
    const workbench = await Workbench.open({ workspace: workspace.folder, theme });
    try {
      await workbench.watch(`theme ${theme}`, async () => {
        await workbench.explorerMenu(names, "Open curves");
        await workbench.showViews();
        const frame = await curvesFrame(workbench, 2);
        assert.ok(await frame.evaluate((name) => document.body.classList.contains(name), className));
        const problems = await frame.evaluate(() => document.body.dataset["violations"] ?? "");
        assert.equal(problems, "");
        await walkTabs(workbench, theme);
      });
    } finally {
      await workbench.close();
      workspace.remove();
    }
  });
}

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { replayQwen, syntheticRows } from "../fakes/server/answers.ts";
import { startServer } from "../fakes/server/server.ts";
import { root } from "../paths.ts";
import { curvesFrame } from "./curvesPanel.ts";
import { Workbench } from "./workbench.ts";
import { jsonLines, makeWorkspace } from "./workspace.ts";

test("in a folder that is not trusted rollouts open and nothing can be sampled", async () => {
  const rows = syntheticRows(5);
  const server = await startServer({ answer: replayQwen(rows), model: "replayed" });
  const workspace = makeWorkspace({
    "problems.jsonl": jsonLines(rows.map(({ question, gt }) => ({ question, answer: gt }))),
    "sample-rl.jsonl": readFileSync(join(root, "media/sample/rollouts/sample-rl.jsonl")),
    ".vscode/settings.json": JSON.stringify({
      "rolloutLens.endpoints": [{ name: "theirs", role: "base", baseUrls: [server.url], model: "replayed" }],
    }),
  });
  // The bridge would make VS Code trust the folder (it trusts test runs).
  const workbench = await Workbench.open({
    workspace: workspace.folder,
    bridge: false,
    workspaceTrust: true,
  });
  try {
    await workbench.watch("untrusted", async () => {
      await workbench.showViews();
      await workbench.page
        .locator(".welcome-view-content, .pane-body", {
          hasText: "Sampling and code verifiers are off in this folder",
        })
        .first()
        .waitFor();
      await workbench.openFile("problems.jsonl");
      // The button stays, greyed, where VS Code's own do.
      const button = workbench.editorAction("Quick pass@k");
      await button.waitFor();
      assert.equal(await button.getAttribute("aria-disabled"), "true", "title button");
      await button.click({ force: true });
      await sleep(2000);
      assert.equal(await workbench.page.locator(".codelens-decoration").count(), 0, "code lenses");
      assert.equal(await workbench.hasCommand("Rollout Lens: Quick pass@k"), false, "palette");
      await workbench.screenshot("untrusted");
      await workbench.explorerMenu(["sample-rl.jsonl"], "Open curves");
      await curvesFrame(workbench);
      assert.equal(server.log.length, 0, "no request went out");
    });
  } finally {
    await workbench.close();
    await server.close();
    workspace.remove();
  }
});

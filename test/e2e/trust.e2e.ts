// A folder that is not trusted and then is, in a window that logs all it ever would: nobody's key may stand in any file.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { replayQwen, syntheticRows } from "../fakes/server/answers.ts";
import { startServer, type FakeServer } from "../fakes/server/server.ts";
import { root } from "../paths.ts";
import { curvesFrame } from "./curvesPanel.ts";
import { filesHolding, logFiles } from "./filesHolding.ts";
import { until } from "./until.ts";
import { Workbench } from "./workbench.ts";
import { jsonLines, makeWorkspace, type Workspace } from "./workspace.ts";

const key = `sk-e2e-${randomBytes(12).toString("hex")}`;
const rows = syntheticRows(10);
const samples = rows.length * 4;
const settingsFile = ".vscode/settings.json";

let theirs: FakeServer;
let server: FakeServer;
let workspace: Workspace;
let workbench: Workbench;

before(async () => {
  const answer = replayQwen(rows);
  theirs = await startServer({ answer, model: "replayed" });
  server = await startServer({ answer, model: "guarded", key });
  workspace = makeWorkspace({
    "problems.jsonl": jsonLines(rows.map(({ question, gt }) => ({ question, answer: gt }))),
    "sample-rl.jsonl": readFileSync(join(root, "media/sample/rollouts/sample-rl.jsonl")),
    [settingsFile]: JSON.stringify({
      "rolloutLens.endpoints": [{ name: "theirs", role: "base", baseUrls: [theirs.url], model: "replayed" }],
    }),
  });
  // The bridge would make VS Code trust the folder (it trusts test runs), and keep secrets in memory only.
  workbench = await Workbench.open({
    workspace: workspace.folder,
    bridge: false,
    workspaceTrust: true,
    trace: true,
    settings: { "rolloutLens.samplesPerProblem": 4 },
  });
});

after(async () => {
  await workbench?.close();
  await theirs?.close();
  await server?.close();
  workspace?.remove();
});

test("in a folder that is not trusted rollouts open and nothing can be sampled", () =>
  workbench.watch("untrusted", async () => {
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
    await until("the greyed button is pressed", async () => {
      await button.click({ force: true, timeout: 3000 });
      return true;
    });
    await sleep(2000);
    assert.equal(await workbench.page.locator(".codelens-decoration").count(), 0, "code lenses");
    assert.equal(await workbench.hasCommand("Rollout Lens: Quick pass@k"), false, "palette");
    await workbench.screenshot("untrusted");
    await workbench.explorerMenu(["sample-rl.jsonl"], "Open curves");
    const frame = await curvesFrame(workbench);
    // A verifier that only computes may judge here; those that start programs are not in the list.
    await frame.locator("#verifier").click();
    const offered = await frame.locator("#verifier vscode-option").allInnerTexts();
    assert.ok(offered.length > 1 && !offered.some((words) => /programs/u.test(words)), offered.join());
    await frame.locator("#verifier vscode-option[value='math@1:strict']").click();
    await until("the strict verifier has judged", async () =>
      /verifier math@1:strict/u.test(await frame.locator("#foot").innerText()),
    );
    assert.equal(theirs.log.length, 0, "no request went out");
  }));

const generations = () => server.log.filter(({ index, status }) => index >= 0 && status === 200);

test("once it is trusted an endpoint that wants a key is added by hand, and samples", () =>
  workbench.watch("trusted", async () => {
    writeFileSync(join(workspace.folder, settingsFile), "{}");
    await workbench.trustFolder();
    await workbench.command("Rollout Lens: Add an endpoint");
    await workbench.type("base URL", server.url);
    await workbench.type("API key for", key);
    await workbench.pick("guarded");
    await workbench.type("name", "guarded");
    await workbench.pick("base");
    await workbench.openFile("problems.jsonl");
    await workbench.editorAction("Quick pass@k").click();
    await until("the samples are answered", () => generations().length >= samples);
    assert.ok(generations().every(({ headers }) => headers.authorization === `Bearer ${key}`));
    await workbench.screenshot("endpoint-with-key");
  }));

test("the key is in no file of the profile, its logs or the run folder", () =>
  workbench.watch("key in files", async () => {
    await until(
      "the run is written",
      () => globSync(".rollout-lens/runs/*/samples.jsonl", { cwd: workspace.folder }).length === 1,
    );
    const logs = logFiles(workbench.folder);
    assert.ok(
      logs.some((log) => /Probe of guarded/u.test(log)),
      "there is a log to look into",
    );
    assert.deepEqual(filesHolding(workbench.folder, key), []);
    assert.deepEqual(filesHolding(workspace.folder, key), []);
  }));

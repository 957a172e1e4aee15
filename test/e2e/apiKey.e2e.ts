import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { replayQwen, syntheticRows } from "../fakes/server/answers.ts";
import { startServer, type FakeServer } from "../fakes/server/server.ts";
import { until } from "./until.ts";
import { Workbench } from "./workbench.ts";
import { jsonLines, makeWorkspace, type Workspace } from "./workspace.ts";

const key = `sk-e2e-${randomBytes(12).toString("hex")}`;
const rows = syntheticRows(10);
const samples = rows.length * 4;

let server: FakeServer;
let workspace: Workspace;
let workbench: Workbench;

before(async () => {
  server = await startServer({ answer: replayQwen(rows), model: "guarded", key });
  workspace = makeWorkspace({
    "guarded.jsonl": jsonLines(rows.map(({ question, gt }) => ({ question, answer: gt }))),
  });
  // Without the bridge: in test runs VS Code keeps secrets in memory only.
  workbench = await Workbench.open({
    workspace: workspace.folder,
    bridge: false,
    trace: true,
    settings: { "rolloutLens.samplesPerProblem": 4 },
  });
});

after(async () => {
  await workbench?.close();
  await server?.close();
  workspace?.remove();
});

const answered = () => server.log.filter(({ index, status }) => index >= 0 && status === 200);

/** Every file below `folder`, hidden ones too. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Files below `folder` that hold the key, as it is or encoded. */
function filesWithKey(folder: string): readonly string[] {
  const forms = [key, Buffer.from(key).toString("base64"), encodeURIComponent(key)];
  return filesBelow(folder).filter((path) => {
    const content = readFileSync(path, "latin1");
    return forms.some((form) => content.includes(form));
  });
}

/** Requests that were refused before the key was known. */
let refused = 0;

test("an endpoint that wants a key is added by hand, and the key is asked once", () =>
  workbench.watch("api key", async () => {
    await workbench.command("Rollout Lens: Add an endpoint");
    await workbench.type("base URL", server.url);
    await workbench.type("API key for", key);
    refused = server.log.filter(({ status }) => status === 401).length;
    await workbench.pick("guarded");
    await workbench.type("name", "guarded");
    await workbench.pick("base");
    await workbench.showViews();
    await workbench.treeRow("guarded").waitFor();
    await workbench.openFile("guarded.jsonl");
    const before = answered().length;
    await workbench.editorAction("Quick pass@k").click();
    await until("the samples are answered", () => answered().length >= before + samples, 60_000);
    assert.ok(answered().every(({ headers }) => headers.authorization === `Bearer ${key}`));
    await workbench.screenshot("endpoint-with-key");
  }));

test("the key is in no file of the profile, its logs or the run folder", () =>
  workbench.watch("key in files", async () => {
    const written = (ending: string) => filesBelow(workspace.folder).some((path) => path.endsWith(ending));
    await until("the run is written", () => written("samples.jsonl"));
    const logs = filesBelow(workbench.folder).filter((path) => path.endsWith("Rollout Lens.log"));
    assert.equal(logs.length, 1, "there is a log to look into");
    assert.match(readFileSync(logs[0] ?? "", "utf8"), /Probe of guarded/u);
    assert.deepEqual(filesWithKey(workbench.folder), []);
    assert.deepEqual(filesWithKey(workspace.folder), []);
  }));

test("after the window is loaded again the key is still there and not asked for", () =>
  workbench.watch("key after reload", async () => {
    await workbench.reload();
    await workbench.openFile("guarded.jsonl");
    const before = answered().length;
    await workbench.editorAction("Quick pass@k").click();
    await until("the samples of a second run are answered", () => answered().length >= before + samples);
    assert.equal(server.log.filter(({ status }) => status === 401).length, refused);
  }));

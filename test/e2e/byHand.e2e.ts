// What a person does besides the main job: keys, columns, interrupted runs, export, import, delete, a workspace's address.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { replayQwen, syntheticRows } from "../fakes/server/answers.ts";
import type { Fault } from "../fakes/server/faults.ts";
import { startServer, type FakeServer } from "../fakes/server/server.ts";
import { fillFileBox } from "./fileBox.ts";
import { filesHolding, logFiles } from "./filesHolding.ts";
import { labelFiles, labelTests } from "./labels.ts";
import { until } from "./until.ts";
import { Workbench } from "./workbench.ts";
import { jsonLines, makeWorkspace, type Workspace } from "./workspace.ts";

const key = `sk-e2e-${randomBytes(12).toString("hex")}`;
const wrongKey = `sk-wrong-${randomBytes(12).toString("hex")}`;
const rows = syntheticRows(20);
const total = rows.length * 4;
/** Name and description of the run's row, which have nothing between them. */
const doneRun = "guardedn 4";

let server: FakeServer;
let picky: FakeServer;
let theirs: FakeServer;
let workspace: Workspace;
let workbench: Workbench;

before(async () => {
  const answer = replayQwen(rows);
  server = await startServer({ answer, model: "guarded", key });
  picky = await startServer({ answer, model: "picky", key });
  theirs = await startServer({ answer, model: "theirs", key });
  workspace = makeWorkspace({
    "odd.jsonl": jsonLines(
      rows.map(({ question, gt }, i) => ({ first: question, second: gt, third: `n${i}` })),
    ),
    "list.json": JSON.stringify(
      rows.map(({ question, gt }) => ({ problem: question, answer: gt })),
      null,
      1,
    ),
    "tsconfig.json": "{}",
    ".vscode/settings.json": "{}",
    ...labelFiles(),
  });
  // Without the bridge: in test runs VS Code answers no modal question and keeps secrets in memory only.
  workbench = await Workbench.open({
    workspace: workspace.folder,
    bridge: false,
    settings: { "rolloutLens.samplesPerProblem": 4, "rolloutLens.concurrency": 4 },
  });
});

after(async () => {
  await workbench?.close();
  await server?.close();
  await picky?.close();
  await theirs?.close();
  workspace?.remove();
});

/** Lines of the one run's log, and that none of them is there twice. */
function samplesOnDisk(): number {
  const [path] = globSync(".rollout-lens/runs/*/samples.jsonl", { cwd: workspace.folder });
  assert.ok(path !== undefined, "there is a run");
  const lines = readFileSync(join(workspace.folder, path), "utf8").trimEnd().split("\n");
  const places = lines.map((line) => JSON.parse(line) as { key: string; i: number });
  assert.equal(new Set(places.map((place) => `${place.key} ${place.i}`)).size, lines.length);
  return lines.length;
}

const generations = () => server.log.filter(({ index }) => index >= 0);
const refusals = () => server.log.filter(({ status }) => status === 401).length;
const answeredWithKey = () =>
  generations()
    .filter(({ status }) => status === 200)
    .every(({ headers }) => headers.authorization === `Bearer ${key}`);

/** So many further samples are answered before every one meets the fault. */
function faultAfter(count: number, fault: Fault): void {
  const known = generations().length;
  server.setFaults(({ index }) => (index < known + count ? null : fault));
}

/** A button that a tree row shows under the mouse. */
async function rowButton(row: string, label: string): Promise<void> {
  await workbench.treeRow(row).hover();
  await workbench.treeRow(row).locator(`a[aria-label^="${label}"]`).click();
}

/** A driven window shows no toasts: the list of notifications is opened, and a button of one pressed. */
async function press(notification: string, button: string): Promise<void> {
  const item = workbench.notification(notification);
  await until(`notification: ${notification}`, async () => {
    if (await item.isVisible()) return true;
    await workbench.command("Notifications: Show Notifications");
    return item.isVisible();
  });
  await item.locator(".monaco-button", { hasText: button }).first().click();
}

/** What is typed is looked at before it is taken: the box stays for a moment, and a key pressed meanwhile goes to it. */
async function typeKey(): Promise<void> {
  await workbench.type("API key for", key);
  await workbench.page
    .locator(".quick-input-widget", { hasText: "API key for" })
    .waitFor({ state: "hidden" });
}

test("a JSON file that may be a dataset or rollouts has its buttons before we run, any other has none", () =>
  workbench.watch("json button", async () => {
    await workbench.openFile("list.json");
    await workbench.editorAction("Quick pass@k").waitFor();
    await workbench.editorAction("Open curves").waitFor();
    await workbench.openFile("tsconfig.json");
    await workbench.editorAction("Quick pass@k").waitFor({ state: "detached" });
    // No file has made us run: which of the two it is is not known yet.
    assert.deepEqual(globSync("data/logs/**/Rollout Lens.log", { cwd: workbench.folder }), []);
    await workbench.openFile("odd.jsonl");
    await workbench.openFile("list.json");
    await workbench.editorAction("Quick pass@k").waitFor();
    await workbench.editorAction("Open curves").waitFor({ state: "detached" });
  }));

test("an endpoint that wants a key is added by hand, and the key is asked once", () =>
  workbench.watch("api key", async () => {
    await workbench.command("Rollout Lens: Add an endpoint");
    await workbench.type("base URL", server.url);
    await workbench.type("API key for", key);
    await workbench.pick("guarded");
    await workbench.type("name", "guarded");
    await workbench.pick("base");
    await workbench.showViews();
    await workbench.treeRow("base · completions").waitFor();
  }));

test("a refused key is asked for again while an endpoint is added", () =>
  workbench.watch("refused key", async () => {
    await workbench.command("Rollout Lens: Add an endpoint");
    await workbench.type("base URL", picky.url);
    await workbench.type("API key for", wrongKey);
    await workbench.type("The server refused that key", key);
    await workbench.pick("picky");
    await workbench.type("name", "picky");
    await workbench.pick("instruct");
    await workbench.treeRow("instruct · completions").waitFor();
  }));

test("columns are asked for; a run that the server refuses says why, also after a reload, and goes on", () =>
  workbench.watch("columns", async () => {
    faultAfter(30, { kind: "status", status: 401 });
    await workbench.openFile("odd.jsonl");
    await workbench.editorAction("Quick pass@k").click();
    await workbench.pick("first");
    await workbench.pick("second");
    await workbench.treeRow("stopped: 401 at").waitFor();
    assert.ok(answeredWithKey());
    const finished = samplesOnDisk();
    assert.ok(finished > 20 && finished <= 30, `${finished} samples`);
    await workbench.reload();
    await workbench.showViews();
    await workbench.treeRow(`stopped: 401 at ${finished}/${total}`).waitFor();
    await workbench.screenshot("stopped-after-reload");
    const before = refusals();
    await rowButton("stopped: 401", "Resume");
    await until("the server refused again", () => refusals() > before);
    server.setFaults(undefined);
    await press("The server refused the key (401). Everything finished is kept.", "Set API key");
    await typeKey();
    await press("guarded can go on", "Resume");
    await workbench.treeRow(doneRun).waitFor();
    assert.equal(samplesOnDisk(), total);
  }));

test("samples are exported, come back as rollouts, and a deleted run leaves its panel", () =>
  workbench.watch("export", async () => {
    await workbench.rowMenu(doneRun, "Export samples");
    const target = join(workspace.folder, "exported.jsonl");
    await fillFileBox(workbench, target);
    await until(
      "the export is there",
      () => readFileSync(target, "utf8").trimEnd().split("\n").length === total,
    );
    await workbench.command("Rollout Lens: Import rollouts");
    await fillFileBox(workbench, target);
    await workbench.treeRow("imported · n 4").waitFor();
    await workbench.rowMenu(doneRun, "Delete run");
    const dialog = workbench.page.locator(".monaco-dialog-box");
    assert.match(await dialog.innerText(), /Delete the run guarded\?/u);
    await dialog.locator(".monaco-button", { hasText: "Delete" }).click();
    await until(
      "the run is gone",
      () => globSync(".rollout-lens/runs/*", { cwd: workspace.folder }).length === 0,
    );
    const titles = () => workbench.page.locator(".tab").allInnerTexts();
    await until("only the panel of the import is left", async () =>
      (await titles()).every((title) => title.trim() !== "odd"),
    );
  }));

test("columns are remembered; a window closed during a run loses nothing that had finished", () =>
  workbench.watch("quit", async () => {
    faultAfter(20, { kind: "hang" });
    await workbench.openFile("odd.jsonl");
    await workbench.editorAction("Quick pass@k").click();
    await workbench.treeRow(`20/${total}`).waitFor();
    await workbench.reload();
    await workbench.showViews();
    await workbench.treeRow("paused at 25 %").waitFor();
    server.setFaults(undefined);
    const [asked, refused] = [generations().length, refusals()];
    await rowButton("paused at 25 %", "Resume");
    await workbench.treeRow(doneRun).waitFor();
    assert.equal(samplesOnDisk(), total);
    assert.equal(generations().length - asked, total - 20, "nothing that had finished was asked for again");
    assert.equal(refusals(), refused, "the key is still there after the window was loaded again");
    assert.ok(answeredWithKey());
  }));

test("a key goes to a workspace's address only after a question", () =>
  workbench.watch("workspace address", async () => {
    const endpoint = { name: "theirs", role: "rl", baseUrls: [theirs.url], model: "theirs" };
    writeFileSync(
      join(workspace.folder, ".vscode/settings.json"),
      JSON.stringify({ "rolloutLens.endpoints": [endpoint] }),
    );
    await workbench.treeRow("theirs").waitFor();
    const dialog = workbench.page.locator(".monaco-dialog-box");
    const setKey = async (answer: string) => {
      await workbench.command("Rollout Lens: Set API key");
      await typeKey();
      await dialog.locator(".monaco-button", { hasText: answer }).click();
    };
    await setKey("Cancel");
    await workbench.treeRow("the key was refused").waitFor();
    assert.ok(theirs.log.every(({ headers }) => headers.authorization === undefined));
    await setKey("Send the key");
    await workbench.treeRow("RL · completions").waitFor();
    assert.ok(theirs.log.some(({ headers }) => headers.authorization === `Bearer ${key}`));
  }));

test("no key is in any file of the profile, its logs or the folder", () =>
  workbench.watch("key in files", async () => {
    assert.ok(samplesOnDisk() > 0, "the run is written");
    const logs = logFiles(workbench.folder);
    assert.ok(
      logs.some((log) => /Probe of guarded/u.test(log)),
      "there is a log to look into",
    );
    for (const secret of [key, wrongKey]) {
      assert.deepEqual(filesHolding(workbench.folder, secret), []);
      assert.deepEqual(filesHolding(workspace.folder, secret), []);
    }
  }));

labelTests(
  () => workbench,
  () => workspace,
);

// What a person does besides the main job: keys, columns, interrupted runs, export, import, delete, a workspace's address.
import assert from "node:assert/strict";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { replayQwen, syntheticRows } from "../fakes/server/answers.ts";
import { startServer, type FakeServer } from "../fakes/server/server.ts";
import { curvesFrame } from "./curvesPanel.ts";
import { until } from "./until.ts";
import { Workbench } from "./workbench.ts";
import { jsonLines, makeWorkspace, type Workspace } from "./workspace.ts";

const key = "sk-right-key-of-the-tests";
const rows = syntheticRows(20);
const total = rows.length * 4;

let server: FakeServer;
let theirs: FakeServer;
let workspace: Workspace;
let workbench: Workbench;

before(async () => {
  const answer = replayQwen(rows);
  server = await startServer({
    answer,
    model: "guarded",
    key,
    latency: { medianMs: 100, sigma: 0.3, seed: 1 },
  });
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
    ".vscode/settings.json": "{}",
  });
  // Without the bridge: in test runs VS Code answers no modal question.
  workbench = await Workbench.open({
    workspace: workspace.folder,
    bridge: false,
    settings: { "rolloutLens.samplesPerProblem": 4, "rolloutLens.concurrency": 4 },
  });
});

after(async () => {
  await workbench?.close();
  await server?.close();
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

const refuse = () => server.setFaults(() => ({ kind: "status", status: 401 }));
const refuseFrom = (count: number) => {
  const known = server.log.filter(({ index }) => index >= 0).length;
  server.setFaults(({ index }) => (index < known + count ? null : { kind: "status", status: 401 }));
};

/** Chooses from the context menu of a tree row. */
async function rowMenu(row: string, item: string): Promise<void> {
  const action = workbench.page.locator(`.monaco-menu .action-label[aria-label^="${item}"]`).first();
  await until(`the menu of ${row}`, async () => {
    await workbench.treeRow(row).click({ button: "right", timeout: 3000 });
    await action.waitFor({ timeout: 3000 });
    return true;
  });
  await until(`"${item}" is chosen`, async () => {
    if (await action.isVisible()) await action.click({ timeout: 1000 });
    await action.waitFor({ state: "hidden", timeout: 1000 });
    return true;
  });
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

async function fillBox(text: string): Promise<void> {
  const input = workbench.page.locator(".quick-input-widget input.input").first();
  await input.waitFor();
  // The list of files follows what is typed; only then Enter means the path.
  await until("the path is taken", async () => {
    await input.fill(text);
    return (await input.inputValue()) === text;
  });
  await workbench.page.locator(".quick-input-widget .monaco-button", { hasText: "OK" }).first().click();
}

test("a JSON dataset has its button, with nothing of ours opened before", () =>
  workbench.watch("json button", async () => {
    await workbench.openFile("list.json");
    await workbench.editorAction("Quick pass@k").waitFor();
  }));

test("a refused key is asked for again while an endpoint is added", () =>
  workbench.watch("refused key", async () => {
    await workbench.command("Rollout Lens: Add an endpoint");
    await workbench.type("base URL", server.url);
    await workbench.type("API key for", "sk-wrong");
    await workbench.type("The server refused that key", key);
    await workbench.pick("guarded");
    await workbench.type("name", "guarded");
    await workbench.pick("base");
    await workbench.showViews();
    await workbench.treeRow("base · completions").waitFor();
  }));

test("columns are asked for; a run that the server refuses says why, also after a reload, and goes on", () =>
  workbench.watch("columns", async () => {
    refuseFrom(30);
    await workbench.openFile("odd.jsonl");
    await workbench.editorAction("Quick pass@k").click();
    await workbench.pick("first");
    await workbench.pick("second");
    await workbench.treeRow("stopped: 401 at").waitFor();
    const finished = samplesOnDisk();
    assert.ok(finished > 20 && finished <= 30, `${finished} samples`);
    await workbench.reload();
    await workbench.showViews();
    await workbench.treeRow(`stopped: 401 at ${finished}/${total}`).waitFor();
    await workbench.screenshot("stopped-after-reload");
    refuse();
    await rowButton("stopped: 401", "Resume");
    server.setFaults(undefined);
    await press("The server refused the key (401). Everything finished is kept.", "Set API key");
    await workbench.type("API key for", key);
    await press("guarded can go on", "Resume");
    await workbench.treeRow("n 4").waitFor();
    assert.equal(samplesOnDisk(), total);
  }));

test("samples are exported, come back as rollouts, and a deleted run leaves its panel", () =>
  workbench.watch("export", async () => {
    await rowMenu("n 4", "Export samples");
    const target = join(workspace.folder, "exported.jsonl");
    await fillBox(target);
    await until(
      "the export is there",
      () => readFileSync(target, "utf8").trimEnd().split("\n").length === total,
    );
    await workbench.command("Rollout Lens: Import rollouts");
    await fillBox(target);
    await workbench.treeRow("imported · n 4").waitFor();
    await workbench.tab("exported").or(workbench.tab("odd")).first().waitFor();
    await rowMenu("guarded", "Delete run");
    const dialog = workbench.page.locator(".monaco-dialog-box");
    assert.match(await dialog.innerText(), /Delete the run guarded\?/u);
    await dialog.locator(".monaco-button", { hasText: "Delete" }).click();
    await until(
      "the run is gone",
      () => globSync(".rollout-lens/runs/*", { cwd: workspace.folder }).length === 0,
    );
    await curvesFrame(workbench);
  }));

test("columns are remembered; a window closed during a run loses nothing that had finished", () =>
  workbench.watch("quit", async () => {
    await workbench.openFile("odd.jsonl");
    await workbench.editorAction("Quick pass@k").click();
    await workbench.treeRow(`/${total}`).waitFor();
    await until("some samples are on disk", () => samplesOnDisk() >= 10);
    await workbench.reload();
    await workbench.showViews();
    await workbench.treeRow("paused at").waitFor();
    const kept = samplesOnDisk();
    const asked = server.log.filter(({ index }) => index >= 0).length;
    await rowButton("paused at", "Resume");
    await until("the run is done", () => samplesOnDisk() === total);
    const again = server.log.filter(({ index }) => index >= 0).length - asked;
    assert.equal(again, total - kept, "nothing that had finished was asked for again");
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
      await workbench.type("API key for", key);
      await dialog.locator(".monaco-button", { hasText: answer }).click();
    };
    await setKey("Cancel");
    await workbench.treeRow("the key was refused").waitFor();
    assert.ok(theirs.log.every(({ headers }) => headers.authorization === undefined));
    await setKey("Send the key");
    await workbench.treeRow("RL · completions").waitFor();
    assert.ok(theirs.log.some(({ headers }) => headers.authorization === `Bearer ${key}`));
  }));

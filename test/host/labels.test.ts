import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, beforeEach } from "node:test";
import * as vscode from "vscode";
import { LensError } from "../../src/core/errors.ts";
import type { FileStore } from "../../src/core/ports.ts";
import type { Features } from "../../src/host/features.ts";
import { labelCommands } from "../../src/host/label/labelCommands.ts";
import { labelFolder } from "../../src/host/label/labelFolder.ts";
import { labelCommand } from "../../src/host/label/labelKeys.ts";
import { buildQueue } from "../../src/host/label/queueBuilder.ts";
import { windowWords } from "../../src/host/label/queueWords.ts";
import type { RunEntry } from "../../src/host/runEntry.ts";
import { nodeFileStore } from "../../src/node/fileStore.ts";
import { labelActions, type LabelsSnapshot } from "../../src/protocol/labels.ts";
import { fake, FakeMemento } from "../fakes/vscode.ts";
import { madeProblems, type MadeRun } from "../webview/harness/labelRuns.ts";
import { LabelsHost, type LabelsCase } from "../webview/harness/labelsHost.ts";

const root = mkdtempSync(join(tmpdir(), "rollout-lens-label-"));
after(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => fake.reset());

const run = (id: string): MadeRun => ({
  id,
  name: `model-${id}`,
  dataset: "d",
  n: 64,
  problems: madeProblems(6),
});

async function window(own: Partial<LabelsCase> = {}): Promise<LabelsHost> {
  const host = new LabelsHost({ runs: [run("a")], ...own });
  await host.open();
  return host;
}

async function snapshot(host: LabelsHost, method = "ready", params: unknown = {}): Promise<LabelsSnapshot> {
  const reply = await host.call(method, params);
  assert.ok(reply.ok, JSON.stringify(reply["failure"]));
  return reply["result"] as LabelsSnapshot;
}

async function judge(host: LabelsHost, verdict: string): Promise<LabelsSnapshot> {
  const { item } = await snapshot(host);
  return snapshot(host, "judge", { item: item?.item, verdict, firstWrongStep: null, note: "", seconds: 1 });
}

const actsIn = (host: LabelsHost, id: string): readonly string[] =>
  readFileSync(join(host.labelFolder(id), "anna.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { label?: { verdict: string } })
    .map(({ label }) => label?.verdict ?? "undo");

test("a window that comes back goes on at the same trace, and takes back what was said before", async () => {
  const first = await window();
  for (const verdict of ["correct", "wrong", "correct"]) await judge(first, verdict);
  const shown = (await snapshot(first)).item?.text;
  const last = await snapshot(first, "go", { by: -1 });
  await first.close({ keep: true });

  const { folder, state } = first;
  const second = await window({ folder, state });
  const again = await snapshot(second);
  assert.deepEqual([again.queue?.done, again.item?.text, again.canUndo], [3, shown, true]);
  const undone = await snapshot(second, "undo");
  assert.deepEqual([undone.queue?.done, undone.item?.text, undone.item?.label], [2, last.item?.text, null]);
  assert.deepEqual(actsIn(second, "a"), ["correct", "wrong", "correct", "undo"]);
  await second.close();
});

test("two windows of one rater: the second says so, and goes on when the first is closed", async () => {
  const first = await window();
  await judge(first, "correct");
  const { folder, state } = first;
  const second = await window({ folder, state });
  const busy = await snapshot(second);
  assert.equal(busy.error?.code, "labelsBusy");
  assert.equal(busy.queue, null);
  await first.close({ keep: true });
  await snapshot(second);
  await (await second.labels.opened()).queue();
  assert.equal((await snapshot(second)).queue?.done, 1);
  await second.close();
});

test("a label that could not be written does not count, and its trace stays", async () => {
  let full = false;
  const files: FileStore = {
    ...nodeFileStore,
    openAppend: async (path, truncateTo) => {
      const opened = await nodeFileStore.openAppend(path, truncateTo);
      const append = (bytes: Uint8Array): Promise<void> =>
        full ? Promise.reject(new LensError("diskFull", "The disk is full.")) : opened.append(bytes);
      return { ...opened, append };
    },
  };
  const host = await window({ files });
  const before = await snapshot(host);
  full = true;
  const said = { item: before.item?.item, verdict: "wrong", firstWrongStep: null, note: "", seconds: 1 };
  const reply = await host.call("judge", said);
  assert.deepEqual(reply["failure"], { code: "diskFull", message: "The disk is full." });
  const now = await snapshot(host);
  assert.deepEqual([now.queue?.done, now.item?.text, now.item?.label], [0, before.item?.text, null]);
  full = false;
  assert.equal((await judge(host, "correct")).queue?.done, 1);
  assert.deepEqual(actsIn(host, "a"), ["correct"]);
  await host.close();
});

test("a key that is meant for another trace labels nothing", async () => {
  const host = await window();
  const { item } = await snapshot(host);
  await judge(host, "correct");
  const late = await host.call("judge", {
    item: item?.item,
    verdict: "wrong",
    firstWrongStep: null,
    note: "",
    seconds: 1,
  });
  assert.equal((late["failure"] as { code: string }).code, "otherItem");
  assert.deepEqual(actsIn(host, "a"), ["correct"]);
  await host.close();
});

test("a text that two runs share is asked for once, labelled in both folders, and taken back in both", async () => {
  const host = await window({ runs: [run("a"), run("b")] });
  const { queue } = await snapshot(host);
  assert.equal(queue?.total, 9);
  await judge(host, "correct");
  await judge(host, "wrong");
  assert.deepEqual(
    [actsIn(host, "a"), actsIn(host, "b")],
    [
      ["correct", "wrong"],
      ["correct", "wrong"],
    ],
  );
  await snapshot(host, "undo");
  assert.deepEqual(
    [actsIn(host, "a"), actsIn(host, "b")],
    [
      ["correct", "wrong", "undo"],
      ["correct", "wrong", "undo"],
    ],
  );
  await host.close();
});

test("labels lie beside the run; of files from outside the workspace in its storage", () => {
  const entry = (source: RunEntry["source"]): RunEntry => ({ source }) as RunEntry;
  assert.equal(labelFolder(entry({ kind: "sampled", folder: "/w/runs/r1" }), "/s"), "/w/runs/r1/labels");
  const imported = entry({ kind: "imported", uri: "file:///w/out.jsonl", model: "m" });
  assert.match(labelFolder(imported, "/s"), /^\/s\/labels\/[0-9a-f]{16}$/);
  const outside = vscode.workspace.getWorkspaceFolder;
  Object.assign(vscode.workspace, { getWorkspaceFolder: () => ({ uri: vscode.Uri.file("/w") }) });
  assert.equal(labelFolder(imported, "/s"), "/w/out.jsonl.labels");
  Object.assign(vscode.workspace, { getWorkspaceFolder: outside });
});

test("the queue's defaults are the paper's; where that leaves nothing, the next wider window", async () => {
  const features = (n: number): Features => {
    const problems = [0, 1, n].map((c) => ({ n, c }));
    const entry = { id: "r", name: "r", finished: n } as RunEntry;
    return {
      catalog: { load: () => Promise.resolve(), find: () => entry, all: () => [entry] },
      data: { load: () => Promise.resolve({ tally: { problems } }) },
      state: new FakeMemento(),
    } as unknown as Features;
  };
  fake.pick = (labels) => labels.find((label) => label.includes("Start"));
  const given = [{ id: "r" } as RunEntry];
  const usual = await buildQueue(features(64), given);
  assert.deepEqual([usual?.runIds, usual?.spec.correctOnly, usual?.spec.order], [["r"], true, "hardFirst"]);
  assert.equal(windowWords(usual!.spec), "0 < a < 5 %");
  assert.notEqual(usual?.rater, "");
  assert.equal(windowWords((await buildQueue(features(8), given))!.spec), "0 < a < 25 %");
  // One run alone is not asked for.
  assert.deepEqual((await buildQueue(features(64), []))?.runIds, ["r"]);
  fake.pick = () => undefined;
  assert.equal(await buildQueue(features(8), given), null);
});

test("nothing is written before the first label but the rater's empty file", async () => {
  const host = await window();
  assert.equal(readFileSync(join(host.labelFolder("a"), "anna.jsonl"), "utf8"), "");
  await host.close();
  assert.equal(existsSync(host.folder), false);
});

test("each key's command is run once by the window before keys are labels, so that none overtakes another", async () => {
  const host = await window();
  const warmed = fake.executed.filter(({ command }) => command === "runCommands");
  const [{ commands }] = (warmed[0]?.args ?? assert.fail("not warmed")) as [
    { commands: { command: string; args: unknown }[] },
  ];
  assert.deepEqual(
    commands.map(({ command }) => command),
    labelActions.map(labelCommand),
  );
  for (const { command, args } of commands) {
    const run = labelCommands[command as keyof typeof labelCommands];
    await run({ labels: { press: () => assert.fail(command) } } as unknown as Features, [args]);
  }
  assert.equal(warmed.length, 1);
  await host.close();
});

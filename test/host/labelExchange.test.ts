import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test, { beforeEach } from "node:test";
import * as vscode from "vscode";
import { TextIndex } from "../../src/core/label/exchange/labelledText.ts";
import { decodeLine } from "../../src/core/label/labelLine.ts";
import type { CotVerdict } from "../../src/core/label/model.ts";
import type { GenerateRequest } from "../../src/core/run/generate.ts";
import type { Features } from "../../src/host/features.ts";
import { everyonesLabels } from "../../src/host/label/everyone.ts";
import { exportedLabels, type ExportFormat } from "../../src/host/label/exportLabels.ts";
import { importedLabels } from "../../src/host/label/importLabels.ts";
import { readItem } from "../../src/host/label/labelledRuns.ts";
import type { OpenQueue } from "../../src/host/label/openQueue.ts";
import { preLabel } from "../../src/host/label/preLabel.ts";
import { Report } from "../../src/host/report.ts";
import { LensLog } from "../../src/host/log.ts";
import { nodeFileStore } from "../../src/node/fileStore.ts";
import type { LabelsSnapshot } from "../../src/protocol/labels.ts";
import { fake, FakeMemento } from "../fakes/vscode.ts";
import { madeProblems } from "../webview/harness/labelRuns.ts";
import { LabelsHost } from "../webview/harness/labelsHost.ts";

beforeEach(() => fake.reset());

async function labelled(
  said: readonly (readonly [CotVerdict, number | null])[],
): Promise<{ host: LabelsHost; open: OpenQueue }> {
  const run = { id: "a", name: "model-a", dataset: "d", n: 64, problems: madeProblems(6) };
  const host = new LabelsHost({ runs: [run] });
  await host.open();
  for (const [verdict, firstWrongStep] of said) {
    const { result } = (await host.call("ready", {})) as unknown as { result: LabelsSnapshot };
    const reply = await host.call("judge", {
      item: result.item?.item,
      verdict,
      firstWrongStep,
      note: "n",
      seconds: 2,
    });
    assert.ok(reply.ok);
  }
  const open = await host.labels.queue();
  assert.ok(open !== null);
  return { host, open };
}

const all = ({ runs, labels }: OpenQueue) =>
  everyonesLabels(
    runs.map(({ folder }) => folder),
    labels.logs,
    nodeFileStore,
  );

test("labels go out in three shapes and come back to the same items, verdicts and steps", async () => {
  const { host, open } = await labelled([
    ["wrong", 1],
    ["correct", null],
    ["ambiguous", null],
    ["wrong", null],
  ]);
  const index = new TextIndex();
  for (const item of open.queue.items.values()) index.add(item.id, (await readItem(open.runs, item)).text);
  const own = open.labels
    .all()
    .map(({ item, verdict, firstWrongStep }) => ({ item, verdict, firstWrongStep }));
  const { labels } = await all(open);
  // PRM800K has no wrong chain without its step, ProcessBench no ambiguous one either.
  const expected: readonly (readonly [ExportFormat, readonly number[]])[] = [
    ["csv", [0, 1, 2, 3]],
    ["prm800k", [0, 1, 2]],
    ["processBench", [0, 1]],
  ];
  for (const [format, kept] of expected) {
    const { text, written, left } = await exportedLabels(open.runs, labels, format);
    assert.deepEqual([written, left], [kept.length, 4 - kept.length], format);
    const back = importedLabels("labels", text, index);
    const entries = back.entries.map(({ item, verdict, firstWrongStep }) => ({
      item,
      verdict,
      firstWrongStep,
    }));
    const wanted = kept.map((i) => own[i]!);
    const byItem = (a: { item: string }, b: { item: string }): number => (a.item < b.item ? -1 : 1);
    assert.deepEqual([...entries].sort(byItem), [...wanted].sort(byItem), format);
    assert.deepEqual([back.unknown, back.issues], [0, []], format);
  }
  await host.close();
});

test("a line that cannot be read is named by line and field, the others are taken", () => {
  const line = { id: "x", steps: ["a"], label: -1, problem: "p", final_answer_correct: true, generator: "g" };
  const text = `${JSON.stringify(line)}\n{"steps": 3}\nnot json\n`;
  const index = new TextIndex();
  index.add("0123456789abcdef", "a");
  const read = importedLabels("x.jsonl", text, index);
  assert.equal(read.entries.length, 1);
  assert.deepEqual(read.issues, [
    "x.jsonl line 2: steps: expected list, got number",
    "x.jsonl line 3: not JSON",
  ]);
  assert.throws(() => importedLabels("x.csv", "a,b\n1,2\n", index), { code: "noLabels" });
});

function modelFeatures(reply: (request: GenerateRequest) => string): Features {
  const config = { name: "judge", model: "judge-7b", api: "chat", role: "instruct" };
  const entry = { config, origin: "http://x", state: { kind: "probed" } };
  const generator = {
    generate: (request: GenerateRequest) =>
      Promise.resolve({
        text: reply(request),
        reasoning: null,
        finishReason: "stop",
        outcome: { kind: "ok" },
        usage: null,
        seedUsed: null,
      }),
  };
  return {
    endpoints: {
      list: () => Promise.resolve([entry]),
      open: () => Promise.resolve({ generator, concurrency: 8, close: () => undefined }),
    },
    settings: { sampling: () => ({ temperature: 0.6, topP: 0.95, maxTokens: 100 }) },
    state: new FakeMemento(),
    report: new Report({ log: new LensLog() }),
  } as unknown as Features;
}

test("a model pre-labels as a model: its own file, no human's count changes, nothing is asked twice", async () => {
  const { host, open } = await labelled([["correct", null]]);
  const prompts: string[] = [];
  const features = modelFeatures(({ input }) => {
    prompts.push(input.api === "chat" ? (input.messages[0]?.content as string) : "");
    return "2 + 2 is not 5.\nVerdict: wrong\nFirst wrong step: 2";
  });
  fake.pick = (labels) => labels.find((label) => label.includes("Start"));
  await preLabel(features, open, host.labels.store);
  assert.equal(prompts.length, 9 * 3);
  assert.match(prompts[0] ?? "", /Step 2: Then 2 \+ 2 = 5/);
  assert.match(fake.messages.at(-1)?.text ?? "", /judge labelled 9 traces; 0 got no majority/);
  const lines = readFileSync(join(host.labelFolder("a"), "judge-7b.jsonl"), "utf8")
    .trimEnd()
    .split("\n");
  const decoded = lines.map((line) => decodeLine(JSON.parse(line)));
  assert.ok(
    decoded.every(
      ({ kind, act }) => kind === "model" && act.type === "label" && act.entry.firstWrongStep === 1,
    ),
  );
  const { labels } = await all(open);
  const [own] = open.labels.all();
  assert.deepEqual(labels.agreed(own!.item), {
    kind: "agreed",
    verdict: "correct",
    disputed: false,
    adjudicated: false,
    at: own!.at,
  });
  await preLabel(features, open, host.labels.store);
  assert.equal(prompts.length, 9 * 3);
  await host.close();
});

test("a folder that is not trusted may be labelled by hand, not by a model", async () => {
  Object.assign(vscode.workspace, { isTrusted: false });
  const { host, open } = await labelled([["correct", null]]);
  await assert.rejects(
    preLabel(
      modelFeatures(() => assert.fail("asked")),
      open,
      host.labels.store,
    ),
    { code: "untrusted" },
  );
  await host.close();
});

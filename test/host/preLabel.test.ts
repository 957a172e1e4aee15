// A model as a pre-labeller in the window, against a real HTTP server: votes, replies that say nothing, a cancel, and what counts.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { beforeEach, type TestContext } from "node:test";
import { decodeLine } from "../../src/core/label/labelLine.ts";
import { defaultQueueSpec, type LabelItem } from "../../src/core/label/model.ts";
import { Endpoints } from "../../src/host/endpoints.ts";
import type { Features } from "../../src/host/features.ts";
import { everyonesLabels } from "../../src/host/label/everyone.ts";
import { type OpenQueue, openQueue } from "../../src/host/label/openQueue.ts";
import { preLabel } from "../../src/host/label/preLabel.ts";
import { resultsView } from "../../src/host/label/resultsView.ts";
import { ApiKeys } from "../../src/host/secrets.ts";
import { Settings } from "../../src/host/settings.ts";
import { systemClock } from "../../src/node/clock.ts";
import { nodeFileStore } from "../../src/node/fileStore.ts";
import type { Answerer } from "../fakes/server/answers.ts";
import { startServer } from "../fakes/server/server.ts";
import { fake, FakeMemento, FakeSecrets } from "../fakes/vscode.ts";
import { madeProblems, madeRun } from "../webview/harness/labelRuns.ts";

beforeEach(() => fake.reset());

const store = { files: () => Promise.resolve(nodeFileStore), clock: systemClock };

interface SetUp {
  /** Requests for a vote. */
  readonly asked: { readonly count: number };
  readonly folder: string;
  readonly features: Features;
  readonly open: OpenQueue;
  readonly told: string[];
}

/** Six problems with one right text each, or two; the text of problem i names `i`. */
async function setUp(t: TestContext, answer: Answerer): Promise<SetUp> {
  const asked = { count: 0 };
  const counted: Answerer = (prompt, seed) => {
    if (prompt.includes("You check a solution")) asked.count++;
    return answer(prompt, seed);
  };
  const server = await startServer({ answer: counted, model: "judge-7b" });
  const folder = mkdtempSync(join(tmpdir(), "rollout-lens-prelabel-"));
  fake.settings.set("rolloutLens.endpoints", {
    globalValue: [
      { name: "judge", role: "instruct", api: "chat", baseUrls: [server.url], model: "judge-7b" },
    ],
  });
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined } as never;
  const [state, secrets] = [new FakeMemento(), new FakeSecrets()];
  const settings = new Settings({ onIssue: ({ message }) => assert.fail(message) });
  const keys = new ApiKeys({ secrets, workspaceState: state, confirm: () => Promise.resolve(false) });
  const revive = () => Promise.resolve();
  const endpoints = new Endpoints({ settings, keys, state, log, onIssue: assert.fail, revive });
  const told: string[] = [];
  const report = { tell: (text: string) => Promise.resolve(void told.push(text)) };
  const features = { endpoints, settings, state, report } as unknown as Features;
  const made = { id: "run", name: "rl", dataset: "d", n: 64, problems: madeProblems(6) };
  const run = madeRun(made, join(folder, "run.labels"));
  const open = await openQueue(
    { runIds: ["run"], spec: { ...defaultQueueSpec, order: "problem" }, rater: "anna" },
    { ...store, runs: { open: () => Promise.resolve([run]) } },
    { signal: new AbortController().signal, onProgress: () => undefined, onLabel: () => undefined },
  );
  t.after(async () => {
    await open.session.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { asked, folder, features, open, told };
}

const starting = (labels: readonly string[]): string | undefined =>
  labels.find((label) => label.includes("Start"));

const modelLines = (folder: string): { verdict: string; note: string; kind: string }[] =>
  readFileSync(join(folder, "run.labels", "judge-7b.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => decodeLine(JSON.parse(line)))
    .flatMap(({ kind, act }) =>
      act.type === "undo" ? [] : [{ verdict: act.entry.verdict, note: act.entry.note, kind }],
    );

const says = (text: string) => ({ text, finishReason: "stop" as const });
/** Of the problem that the prompt shows: `It is problem 3.` */
const problemIn = (prompt: string): number => Number(/It is problem (\d+)\./u.exec(prompt)?.[1]);

test("votes of a model over HTTP: majorities are labels of its own kind, the rest stays open, humans are compared and counted alone", async (t) => {
  const { asked, folder, features, open, told } = await setUp(t, (prompt, seed) => {
    const problem = problemIn(prompt);
    // Two of three say so; the third reply cannot be read.
    if (problem === 1) return says(seed === 2 ? "I cannot say." : "Fine.\nVerdict: correct");
    if (problem === 2) return says("Verdict: wrong\nFirst wrong step: 2");
    // One of each: no majority.
    if (problem === 3) return says(`Verdict: ${["wrong", "ambiguous", "correct"][seed % 3]}`);
    // Nothing that can be read, and a verdict inside of the thinking only.
    if (problem === 4) return says('{"verdict": correct');
    if (problem === 5) return says("<think>Verdict: correct</think>Hm.");
    return says("**Verdict:** `ambiguous`");
  });
  const items: readonly LabelItem[] = [...open.queue.items.values()];
  const human = { firstWrongStep: null, note: "", seconds: 1 };
  for (const [i, item] of items.slice(0, 3).entries())
    await open.labels.set(item, {
      ...human,
      item: item.id,
      verdict: i === 2 ? "correct" : ((["correct", "wrong"] as const)[i] ?? "wrong"),
    });
  const everyone = () => everyonesLabels([join(folder, "run.labels")], open.labels.logs, nodeFileStore);
  const before = resultsView(open, await everyone());

  fake.pick = starting;
  await preLabel(features, open, store);

  // Texts: one each of 1, 3 and 5, two each of 2, 4 and 6.
  assert.equal(asked.count, 27);
  const lines = modelLines(folder);
  assert.deepEqual(lines.map(({ verdict }) => verdict).sort(), [
    "ambiguous",
    "ambiguous",
    "correct",
    "wrong",
    "wrong",
  ]);
  assert.ok(lines.every(({ kind }) => kind === "model"));
  assert.ok(lines.some(({ note }) => note === "votes: 2 correct, 0 ambiguous, 0 wrong, 1 not read"));
  assert.match(told.join(), /judge labelled 5 traces; 4 got no majority\. A model's labels are not counted/);

  const after = resultsView(open, await everyone());
  assert.deepEqual(after.runs, before.runs);
  assert.deepEqual(after.curves, before.curves);
  assert.deepEqual(after.raters, [
    { name: "anna", kind: "human", labels: 3 },
    { name: "judge-7b", kind: "model", labels: 5 },
  ]);
  const pairs = after.agreement?.pairs.map(({ a, b, model, items: n, same }) => [a, b, model, n, same]);
  assert.deepEqual(pairs?.[0]?.slice(0, 4), ["judge-7b", "anna", true, 3]);
  assert.ok(Math.abs(Number(pairs?.[0]?.[4]) - 2 / 3) < 1e-12);
  // What it has said is not asked for again, what stayed open is.
  const first = asked.count;
  await preLabel(features, open, store);
  assert.equal(modelLines(folder).length, 5);
  assert.equal(asked.count - first, 4 * 3);
});

test("a cancel keeps what is done, is silent, and gives the file back; a bad prompt asks nobody", async (t) => {
  const { asked, folder, features, open } = await setUp(t, (prompt) => {
    if (problemIn(prompt) >= 3) fake.progress.at(-1)?.cancel();
    return says("Verdict: correct");
  });
  fake.settings.set("rolloutLens.concurrency", { globalValue: 3 });
  fake.pick = starting;
  await preLabel(features, open, store);
  const kept = modelLines(folder).length;
  assert.ok(kept >= 1 && kept < 9, String(kept));
  assert.deepEqual(fake.messages, []);
  const before = asked.count;
  await features.state.update("rolloutLens.prelabelPrompt", "Is {question} right?");
  await assert.rejects(preLabel(features, open, store), { code: "badTemplate" });
  assert.equal(asked.count, before);
});

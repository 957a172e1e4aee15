import assert from "node:assert/strict";
import test from "node:test";
import { tallySamples, type CountedSample } from "../../src/core/dataset/tallySamples.ts";
import type { Problem, Protocol, RunTally, SampleOutcome } from "../../src/core/model.ts";
import {
  curvesSnapshot,
  type SnapshotInput,
  type SnapshotRun,
} from "../../src/host/panels/curvesSnapshot.ts";

const ok: SampleOutcome = { kind: "ok" };
const cut: SampleOutcome = { kind: "truncated" };

const problem = (key: string, gold: string | null = "1"): Problem => ({
  key,
  id: key,
  index: 0,
  question: "Q".repeat(400),
  gold,
  line: 1,
});
const sample = (right: boolean, text: string, outcome: SampleOutcome = ok): CountedSample => ({
  outcome,
  verdict: { kind: right ? "correct" : "incorrect", how: "exact", extracted: right ? "1" : "2" },
  text,
});

const protocol: Protocol = {
  template: "qwen-boxed",
  api: "completions",
  system: null,
  stop: [],
  temperature: 0.6,
  topP: 0.95,
  maxTokens: 16_384,
  seed: 0,
  verifier: "math@1:standard",
  datasetHash: "ab".repeat(32),
  extraBody: {},
};

function run(
  id: string,
  counts: Readonly<Record<string, readonly CountedSample[]>>,
  own: Partial<RunTally> = {},
): SnapshotRun {
  const problems = Object.entries(counts).map(([key, samples]) => tallySamples(problem(key), samples));
  const facts = {
    name: id,
    role: "base",
    dataset: "d",
    protocol: null,
    verifier: "file",
    metadata: {},
  } as const;
  return {
    tally: { id, ...facts, problems, ...own },
    progress: { runId: id, state: "imported", finished: 4, total: 4, message: null, failureCode: null },
  };
}
const snapshotOf = (runs: readonly SnapshotRun[], own: Partial<SnapshotInput> = {}) =>
  curvesSnapshot({
    version: 3,
    title: "d",
    options: { interval: "jbb", referenceId: null, finishedOnly: false },
    runs,
    issues: [],
    error: null,
    ...own,
  });

const four = (right: number): CountedSample[] =>
  [0, 1, 2, 3].map((index) => sample(index < right, `text ${index}`));

test("counts of each run stand beside the union of the problems, 0 where a run has none", () => {
  const snapshot = snapshotOf([
    run("a", { p1: four(2), p2: four(0) }),
    run("b", { p2: four(4), p3: four(1) }),
  ]);
  assert.deepEqual(
    snapshot.problems.map(({ key }) => key),
    ["p1", "p2", "p3"],
  );
  const [a, b] = snapshot.runs;
  assert.deepEqual(
    [[...a!.n], [...a!.c]],
    [
      [4, 4, 0],
      [2, 0, 0],
    ],
  );
  assert.deepEqual(
    [[...b!.n], [...b!.c]],
    [
      [0, 4, 4],
      [0, 4, 1],
    ],
  );
  assert.equal(snapshot.problems[0]!.preview.length, 300);
});

test("the curve is pass@k: mean of 1 - C(n-c, k) / C(n, k) over the problems", () => {
  const [a] = snapshotOf([run("a", { p1: four(2), p2: four(0) })]).runs;
  const at = (k: number) => a!.curve.find((point) => point.k === k);
  assert.ok(Math.abs(at(1)!.passAtK - (2 / 4 + 0) / 2) < 1e-12);
  assert.ok(Math.abs(at(2)!.passAtK - (1 - 1 / 6 + 0) / 2) < 1e-12);
  assert.ok(at(1)!.low <= at(1)!.passAtK && at(1)!.passAtK <= at(1)!.high);
  assert.deepEqual([a!.problemCount, a!.samples, a!.nMin, a!.nMax], [2, 8, 4, 4]);
});

test("only finished samples: those cut off leave n and c, everywhere", () => {
  const samples = [sample(true, "a"), sample(false, "b", cut), sample(true, "c", cut), sample(false, "d")];
  const options = { interval: "jbb", referenceId: null, finishedOnly: true } as const;
  const runs = [run("a", { p1: samples })];
  const [all] = snapshotOf(runs).runs;
  const [finished] = snapshotOf(runs, { options }).runs;
  assert.deepEqual([all!.n[0], all!.c[0], all!.truncated[0]], [4, 2, 2]);
  assert.deepEqual([finished!.n[0], finished!.c[0], finished!.truncated[0]], [2, 1, 0]);
  assert.equal(finished!.nMax, 2);
  assert.equal(finished!.counts.truncated, 2);
});

test("what is no plain right or wrong is counted beside the curve", () => {
  const odd: CountedSample[] = [
    { outcome: ok, verdict: { kind: "unparsed" }, text: "a" },
    { outcome: ok, verdict: { kind: "undecided", reason: "cap", extracted: null }, text: "b" },
    { outcome: ok, verdict: { kind: "error", reason: "x" }, text: "c" },
    { outcome: { kind: "refused", reason: "no" }, verdict: null, text: "" },
    { outcome: { kind: "failed", code: "server", message: "500", retryable: true }, verdict: null, text: "" },
    { outcome: ok, verdict: null, text: "d" },
    sample(true, "same"),
    sample(true, "same"),
  ];
  const [a] = snapshotOf([run("a", { p1: odd }, { protocol })]).runs;
  const one = { unparsed: 1, undecided: 1, error: 1, refused: 1, failed: 1, ungraded: 1 };
  assert.deepEqual(a!.counts, { ...one, truncated: 0, duplicates: 1 });
  assert.equal(a!.n[0], 4);
});

test("equal texts are duplicates only where seeds were asked for and matter", () => {
  const equal = { p1: [sample(true, "same"), sample(true, "same"), sample(false, "other")] };
  const duplicates = (own: Partial<RunTally>) =>
    snapshotOf([run("a", equal, own)]).runs[0]!.counts.duplicates;
  assert.equal(duplicates({ protocol }), 1);
  assert.equal(duplicates({ protocol: { ...protocol, temperature: 0 } }), 0);
  assert.equal(duplicates({ protocol: null }), 0, "imported");
});

test("the reference is the base, the other run is compared with it in differences and crossovers", () => {
  const rl = run("rl", { p1: four(3), p2: four(3), p3: four(0) }, { role: "rl" });
  const base = run("base", { p1: four(1), p2: four(1), p3: four(1) });
  const snapshot = snapshotOf([rl, base]);
  assert.equal(snapshot.referenceId, "base");
  assert.deepEqual(
    snapshot.differences.map(({ runId }) => runId),
    ["rl"],
  );
  assert.deepEqual(
    snapshot.crossovers.map(({ runId }) => runId),
    ["rl"],
  );
  const chosen = { interval: "jbb", referenceId: "rl", finishedOnly: false } as const;
  assert.equal(snapshotOf([rl, base], { options: chosen }).referenceId, "rl");
  const gone = { ...chosen, referenceId: "deleted" };
  assert.equal(snapshotOf([rl, base], { options: gone }).referenceId, "base");
});

test("parity speaks of what differs besides the model, and of imported runs that it is not known", () => {
  const sampled = (id: string, maxTokens: number) =>
    run(id, { p1: four(1) }, { protocol: { ...protocol, maxTokens } });
  const same = snapshotOf([sampled("a", 48), sampled("b", 48)]);
  assert.equal(same.parity.same, true);
  assert.equal(
    same.runs[0]!.protocolLine,
    "qwen-boxed · completions · T 0.6 · top-p 0.95 · max 48 tokens · seed 0",
  );
  const other = snapshotOf([sampled("a", 48), sampled("b", 64)]);
  assert.equal(other.parity.same, false);
  assert.match(other.parity.sentence, /max tokens 64/);
  const imported = snapshotOf([run("a", { p1: four(1) }), run("b", { p1: four(2) })]);
  assert.equal(imported.parity.known, false);
  assert.equal(imported.runs[0]!.protocolLine, null);
});

test("a gold answer known to a later run is taken", () => {
  const unknown: SnapshotRun = run("a", {});
  const tally = { ...unknown.tally, problems: [tallySamples(problem("p1", null), four(1))] };
  const snapshot = snapshotOf([{ ...unknown, tally }, run("b", { p1: four(2) })]);
  assert.equal(snapshot.problems.length, 1);
  assert.equal(snapshot.problems[0]!.gold, "1");
});

test("skipped lines are told with file, line and field; a panel without runs says why", () => {
  const issue = { file: "r.jsonl", line: 17, field: "answer", message: "expected string, got number" };
  const snapshot = snapshotOf([], { issues: [issue], error: "Nothing." });
  assert.deepEqual(snapshot.issues, [
    { file: "r.jsonl", line: 17, message: "answer: expected string, got number" },
  ]);
  assert.equal(snapshot.error, "Nothing.");
  assert.deepEqual(snapshot.runs, []);
});

test("a snapshot crosses to the view as it is", () => {
  const snapshot = snapshotOf([run("a", { p1: four(2) })]);
  assert.deepEqual(structuredClone(snapshot), snapshot);
});

import assert from "node:assert/strict";
import test from "node:test";
import { compareRuns } from "../../../src/core/estimate/compareRuns.ts";
import { difference } from "../../../src/core/estimate/difference.ts";
import { parity } from "../../../src/core/estimate/parity.ts";
import { closeTo } from "./brute.ts";
import type { ProblemTally, Protocol, Role, RunTally } from "../../../src/core/model.ts";

interface Row {
  readonly key: string;
  readonly n: number;
  readonly c: number;
  readonly truncated?: number;
  readonly answers?: ProblemTally["answers"];
}

function tally({ key, n, c, truncated = 0, answers = null }: Row): ProblemTally {
  const problem = { key, id: key, index: 0, question: key, gold: null, line: null };
  const outside = { refused: 0, unparsed: 0, undecided: 0, error: 0, failed: 0, ungraded: 0, duplicates: 0 };
  return { problem, n, c, truncated, ...outside, finishedN: n - truncated, finishedC: c, answers };
}

function run(
  name: string,
  rows: readonly Row[],
  { role = "other", protocol = null }: { role?: Role; protocol?: Protocol | null } = {},
): RunTally {
  return {
    id: `id:${name}`,
    name,
    role,
    dataset: "d",
    protocol,
    verifier: "file",
    metadata: {},
    problems: rows.map(tally),
  };
}

const one = run("one", [
  { key: "p", n: 4, c: 2, truncated: 1 },
  { key: "q", n: 8, c: 0 },
  { key: "r", n: 0, c: 0 },
]);
const two = run(
  "two",
  [
    { key: "q", n: 4, c: 1 },
    { key: "p", n: 8, c: 8 },
    { key: "s", n: 8, c: 8 },
  ],
  { role: "base" },
);

test("a run's report counts what has samples; its curve ends at its largest n", () => {
  const [report] = compareRuns([one]).runs;
  assert.deepEqual(
    [report?.problems, report?.samples, report?.nMin, report?.nMax, report?.truncated, report?.majority],
    [2, 12, 4, 8, 1, null],
  );
  assert.deepEqual(
    report?.curve.map(({ k, problems }) => [k, problems]),
    [
      [1, 2],
      [2, 2],
      [3, 2],
      [4, 2],
      [5, 1],
      [6, 1],
      [8, 1],
    ],
  );
  const asked = compareRuns([one], { ks: [9, 2, 2] }).runs[0];
  assert.deepEqual(
    asked?.curve.map(({ k }) => k),
    [2],
  );
});

test("finished only: cut-off samples leave n", () => {
  const [report] = compareRuns([one], { finishedOnly: true, ks: [1] }).runs;
  assert.equal(report?.samples, 11);
  closeTo(report?.curve[0]?.passAtK ?? Number.NaN, (2 / 3 + 0) / 2, 1e-12);
});

test("runs are paired by problem key, not by place; the reference is the base unless named", () => {
  const report = compareRuns([one, two], { ks: [1, 4], seed: 5 });
  assert.equal(report.referenceId, "id:two");
  const pairs = [
    [
      { n: 4, c: 2 },
      { n: 8, c: 8 },
    ],
    [
      { n: 8, c: 0 },
      { n: 4, c: 1 },
    ],
  ] as const;
  assert.deepEqual(report.differences, [
    { runId: "id:one", referenceId: "id:two", problems: 2, points: difference(pairs, [1, 4], { seed: 5 }) },
  ]);
  assert.equal(compareRuns([one, two], { referenceId: "id:one" }).differences[0]?.runId, "id:two");
});

test("crossovers: each pair in the order given, or those with the reference; none without common problems", () => {
  const third = run("three", [
    { key: "p", n: 4, c: 3 },
    { key: "q", n: 4, c: 1 },
  ]);
  const stranger = run("stranger", [{ key: "z", n: 4, c: 3 }]);
  const all = compareRuns([one, two, third, stranger], { draws: 50 });
  assert.deepEqual(
    all.crossovers.map(({ a, b }) => [a, b]),
    [
      ["one", "two"],
      ["one", "three"],
      ["two", "three"],
    ],
  );
  const some = compareRuns([one, two, third], { draws: 50, pairs: "reference" });
  assert.deepEqual(
    some.crossovers.map(({ a, b }) => [a, b]),
    [
      ["one", "two"],
      ["two", "three"],
    ],
  );
  assert.equal(some.crossovers[0]?.overtaker, "id:two");
});

test("no runs, and a run without samples, are reports without points", () => {
  assert.deepEqual(compareRuns([]).runs, []);
  assert.equal(compareRuns([]).referenceId, null);
  const [empty] = compareRuns([run("empty", [{ key: "p", n: 0, c: 0 }])]).runs;
  assert.deepEqual([empty?.problems, empty?.nMin, empty?.nMax, empty?.curve], [0, 0, 0, []]);
});

test("majority: the mean over problems that have answers for all their samples; the tie by split and by first seen", () => {
  const right = { answer: "1", count: 2, correct: true };
  const wrong = { answer: "2", count: 2, correct: false };
  const voting = run("v", [
    { key: "p", n: 4, c: 2, answers: [right, wrong] },
    { key: "q", n: 4, c: 0, answers: [wrong] },
  ]);
  const [report] = compareRuns([voting], { ks: [1, 4] }).runs;
  assert.deepEqual(
    report?.majority?.map(({ k, problems, exact }) => [k, problems, exact]),
    [
      [1, 2, true],
      [4, 2, true],
    ],
  );
  for (const { value } of report?.majority ?? []) closeTo(value, 0.25, 1e-12);
  assert.equal(report?.majorityOfAll, 0.5);
});

const protocol: Protocol = {
  template: "qwen-boxed",
  api: "completions",
  system: null,
  stop: [],
  temperature: 0.6,
  topP: 0.95,
  maxTokens: 48,
  seed: 0,
  verifier: "math@1:standard",
  datasetHash: "0123456789abcdef",
  extraBody: { b: 1, a: [2] },
};

test("parity in words: same but for the seed, different, unknown", () => {
  const named = (name: string, change: Partial<Protocol> | null) => ({
    name,
    protocol: change && { ...protocol, ...change },
  });
  const same = parity([named("a", {}), named("b", { seed: 9, extraBody: { a: [2], b: 1 } })]);
  assert.deepEqual([same.same, same.known, same.rows], [true, true, []]);
  assert.equal(
    same.sentence,
    "Only the model differs: same prompt, stop, T, top-p, max tokens, verifier and data.",
  );
  const other = parity([named("a", {}), named("b", { maxTokens: 64 }), named("c", {})]);
  assert.equal(other.same, false);
  assert.equal(other.sentence, "Not only the model differs: b has max tokens 64, the others 48.");
  assert.deepEqual(other.rows, [{ setting: "max tokens", values: ["48", "64", "48"] }]);
  const unknown = parity([named("a", {}), named("b", null), named("c", { temperature: 1 })]);
  assert.deepEqual([unknown.same, unknown.known, unknown.rows[0]?.values], [false, false, ["0.6", "–", "1"]]);
  assert.match(
    unknown.sentence,
    /^Not only the model differs: c has T 1, a 0\.6\. Settings of b are not known/,
  );
  assert.equal(parity([named("a", {})]).sentence, "");
});

test("parity: who judged counts, whatever the protocol says, and is known of imported rollouts too", () => {
  const judged = (name: string, verifier: string, known = true) => ({
    name,
    protocol: known ? protocol : null,
    verifier,
  });
  const other = parity([judged("a", "math@1:standard"), judged("b", "math@1:strict")]);
  assert.equal(
    other.sentence,
    "Not only the model differs: b has verifier math@1:strict, a math@1:standard.",
  );
  const imported = parity([judged("a", "file", false), judged("b", "math@1:strict", false)]);
  assert.equal(imported.same, false);
  assert.deepEqual(imported.rows, [{ setting: "verifier", values: ["labels in the file", "math@1:strict"] }]);
  assert.match(imported.sentence, /^Not only the model differs: .*verifier.* Settings of a, b are not known/);
  assert.equal(parity([judged("a", "math@1:strict", false), judged("b", "math@1:strict")]).same, true);
  // A run without verdicts is judged by nobody.
  assert.equal(parity([judged("a", "none", false), judged("b", "math@1:strict")]).same, true);
});

test("what is remembered by the counts is not counted again, whatever the runs are called now", () => {
  const found = new Map<string, unknown>();
  let counted = 0;
  const remember = <T>(name: string, count: () => T): T => {
    if (!found.has(name)) {
      counted++;
      found.set(name, count());
    }
    return found.get(name) as T;
  };
  const asked = (runs: readonly RunTally[], options: Parameters<typeof compareRuns>[1] = {}): number => {
    const before = counted;
    assert.deepEqual(compareRuns(runs, { ...options, remember }), compareRuns(runs, options));
    return counted - before;
  };
  const votes = (right: number): ProblemTally["answers"] => [
    { answer: "5", count: right, correct: true },
    { answer: "6", count: 8 - right, correct: false },
  ];
  const rows = (c: number, answers = votes(5)): readonly Row[] =>
    Array.from({ length: 6 }, (_, i) => ({ key: `p${i}`, n: 8, c: i === 0 ? c : i, answers }));
  const [a, b] = [run("a", rows(0)), run("b", rows(3))];
  assert.equal(asked([a, b]), 4);
  assert.equal(asked([{ ...a, id: "x", name: "renamed", role: "rl" }, b]), 0);
  assert.equal(asked([b]), 0);
  // The grid's differences stand the other way round then.
  assert.equal(asked([a, b], { referenceId: b.id }), 2);
  assert.equal(asked([a, run("b", rows(4))]), 3);
  assert.equal(asked([a, run("b", rows(4, votes(1)))]), 3);
  assert.equal(asked([a, b], { interval: "fixed" }), 4);
  assert.equal(asked([a, b], { finishedOnly: true }), 4);
  assert.equal(asked([a, b], { ks: [1, 2] }), 4);
  assert.equal(
    asked([
      a,
      run(
        "b",
        rows(3).map((row) => ({ ...row, key: `${row.key}'` })),
      ),
    ]),
    3,
  );
});

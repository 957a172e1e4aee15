import assert from "node:assert/strict";
import { test } from "node:test";
import { fc } from "../../fastCheck.ts";
import type { Problem, SampleOutcome, Verdict } from "../../../src/core/model.ts";
import { fingerprint, hashHex, hashText } from "../../../src/core/dataset/hash.ts";
import { problemKey } from "../../../src/core/dataset/problemKey.ts";
import { readRollouts } from "../../../src/core/dataset/readRollouts.ts";
import { guessRole, baseName } from "../../../src/core/dataset/runName.ts";
import { tallySamples } from "../../../src/core/dataset/tallySamples.ts";
import { linesSource } from "./sources.ts";

const problem: Problem = { key: "q:1", id: "1", index: 0, question: "?", gold: "5", line: 1 };
const ok: SampleOutcome = { kind: "ok" };
const truncated: SampleOutcome = { kind: "truncated" };
const refused: SampleOutcome = { kind: "refused", reason: "content_filter" };
const failed: SampleOutcome = { kind: "failed", code: "server", message: "500", retryable: true };
const correct = (extracted: string | null): Verdict => ({ kind: "correct", how: "integer", extracted });
const incorrect = (extracted: string | null): Verdict => ({ kind: "incorrect", how: "integer", extracted });

test("what is inside n, what is beside it", () => {
  const { problem: _, ...tally } = tallySamples(problem, [
    { outcome: ok, verdict: correct("5"), text: "a" },
    { outcome: ok, verdict: incorrect("6"), text: "b" },
    { outcome: truncated, verdict: { kind: "unparsed" }, text: "c" },
    { outcome: truncated, verdict: correct("5"), text: "d" },
    { outcome: refused, verdict: null, text: "" },
    { outcome: failed, verdict: null, text: "" },
    { outcome: ok, verdict: null, text: "e" },
    { outcome: ok, verdict: { kind: "undecided", reason: "time", extracted: "7" }, text: "f" },
    { outcome: ok, verdict: { kind: "error", reason: "died" }, text: "g" },
  ]);
  assert.deepEqual(tally, {
    n: 5,
    c: 2,
    truncated: 2,
    refused: 1,
    unparsed: 1,
    undecided: 1,
    error: 1,
    failed: 1,
    ungraded: 1,
    duplicates: 0,
    finishedN: 2,
    finishedC: 1,
    tokens: null,
    answers: [
      { answer: "5", count: 2, correct: true },
      { answer: "6", count: 1, correct: false },
    ],
  });
});

test("tokens of the samples in n: their sum, unknown when one is", () => {
  const usage = (completionTokens: number | null) => ({
    promptTokens: 3,
    completionTokens,
    reasoningTokens: null,
  });
  const counted = [
    { outcome: ok, verdict: correct("5"), usage: usage(10) },
    { outcome: truncated, verdict: incorrect("6"), tokens: 32 },
    { outcome: failed, verdict: null, usage: usage(null) },
    { outcome: ok, verdict: null, usage: usage(7) },
  ];
  assert.equal(tallySamples(problem, counted).tokens, 42);
  const unknown = { outcome: ok, verdict: correct("5"), usage: usage(null) };
  assert.equal(tallySamples(problem, [...counted, unknown]).tokens, null);
  assert.equal(tallySamples(problem, []).tokens, null);
});

test("every sample is counted once: n and what is beside it add up", () => {
  const outcome = fc.constantFrom(ok, truncated, refused, failed);
  const verdict = fc.constantFrom<Verdict | null>(
    null,
    correct("5"),
    incorrect("6"),
    incorrect(null),
    { kind: "unparsed" },
    { kind: "undecided", reason: "r", extracted: null },
    { kind: "error", reason: "r" },
  );
  fc.assert(
    fc.property(fc.array(fc.record({ outcome, verdict }), { maxLength: 30 }), (samples) => {
      const {
        n,
        c,
        undecided,
        error,
        failed: lost,
        ungraded,
        finishedN,
        finishedC,
        answers,
      } = tallySamples(problem, samples);
      assert.equal(n + undecided + error + lost + ungraded, samples.length);
      assert.ok(c <= n && finishedN <= n && finishedC <= Math.min(c, finishedN));
      assert.ok((answers ?? []).reduce((sum, { count }) => sum + count, 0) <= n);
    }),
  );
});

test("repeated texts: each after the first, never empty ones", () => {
  const texts = ["x", "y", "x", "x", "", "", "y"].map((text) => ({
    outcome: ok,
    verdict: correct(null),
    text,
  }));
  assert.equal(tallySamples(problem, texts).duplicates, 3);
  assert.equal(tallySamples(problem, texts).answers, null);
});

test("texts that agree wherever a fingerprint looks are still told apart", async () => {
  const base = "a".repeat(6400);
  const near = `${base.slice(0, 51)}b${base.slice(52)}`;
  assert.equal(fingerprint(base), fingerprint(near));
  assert.notEqual(hashText(base), hashText(near));
  const row = (response: string): unknown => ({ question: "?", response, correct: true });
  const two = await readRollouts(linesSource("r.jsonl", [row(base), row(near)]));
  assert.equal(two.runs[0]?.tally.problems[0]?.duplicates, 0);
  const four = await readRollouts(
    linesSource("r.jsonl", [row(base), row(near), row(base), row("z"), row(near)]),
  );
  assert.equal(four.runs[0]?.tally.problems[0]?.duplicates, 2);
  const list = await readRollouts(
    linesSource("r.jsonl", [{ question: "?", responses: [base, near, base], scores: [1, 1, 1] }]),
  );
  assert.equal(list.runs[0]?.tally.problems[0]?.duplicates, 1);
});

test("repeats are counted among short texts, long ones, and both, wherever they lie in the file", async () => {
  const long = (name: string): string => `${name} ${"because ".repeat(40)}`;
  const filler = "x".repeat(200_000);
  const texts = [
    "7",
    long("a"),
    "7",
    filler,
    long("a"),
    "8",
    long("b"),
    filler,
    long("a"),
    "",
    "",
    "7",
    long("b"),
  ];
  const source = linesSource(
    "r.jsonl",
    texts.map((response) => ({ question: "?", response, correct: true })),
  );
  const { runs } = await readRollouts(source);
  assert.equal(runs[0]?.tally.problems[0]?.duplicates, 2 + 2 + 1 + 1);
});

test("short texts are not read again, and long ones that lie together in one go", async () => {
  const rows = (text: (i: number) => string): readonly unknown[] =>
    Array.from({ length: 100 }, (_, i) => ({ question: "?", response: text(i % 10), correct: true }));
  const readsOf = async (values: readonly unknown[]): Promise<number> => {
    const source = linesSource("r.jsonl", values);
    let reads = 0;
    const slice = (start: number, end?: number): Promise<ArrayBuffer> => (reads++, source.slice(start, end));
    const { runs } = await readRollouts({ ...source, slice });
    assert.equal(runs[0]?.tally.problems[0]?.duplicates, 90);
    return reads;
  };
  const short = await readsOf(rows((i) => `answer ${i}`));
  const long = await readsOf(rows((i) => `${"because ".repeat(40)} ${i}`));
  assert.equal(long - short, 1);
});

test("reading gives way now and then: by the samples, and sooner where they are long", async () => {
  const breathsOf = async (samples: number, length: number): Promise<number> => {
    let breaths = 0;
    const breathe = (): Promise<void> => (breaths++, Promise.resolve());
    const row = { question: "?", answer: "5", response: "x".repeat(length), score: 1 };
    const source = linesSource(
      "r.jsonl",
      Array.from({ length: samples }, () => row),
    );
    await readRollouts(source, { breathe });
    return breaths;
  };
  assert.equal(await breathsOf(1000, 10), 0);
  assert.ok((await breathsOf(3000, 10)) >= 2);
  assert.ok((await breathsOf(1000, 1500)) >= 3);
});

test("hashes: equal for equal texts, no collision among close texts, 53 exact bits", () => {
  const texts = new Set<string>();
  for (let i = 0; i < 20000; i++) texts.add(`What is ${i} + ${i % 7}?`);
  for (let i = 0; i < 300; i++) texts.add("a".repeat(i));
  for (const hash of [hashText, hashHex, fingerprint]) {
    assert.equal(new Set([...texts].map((text) => hash(text))).size, texts.size, hash.name);
  }
  for (const text of texts) assert.ok(Number.isSafeInteger(hashText(text)));
  assert.match(hashHex(""), /^[0-9a-f]{16}$/);
});

test("a problem's key: white space does not matter, the id counts only without a question", () => {
  assert.equal(problemKey("What is\n 2 + 3? ", "1"), problemKey(" What  is 2 + 3?", "other"));
  assert.notEqual(problemKey("What is 2 + 3?", "1"), problemKey("What is 2 + 4?", "1"));
  assert.equal(problemKey(" \n", "900"), "id:900");
  // Keys stand in run folders: they must not change between versions.
  assert.equal(problemKey("What is 2 + 3?", ""), "q:f263922e44183fe8");
});

test("names of runs and what they say of the role", () => {
  assert.equal(baseName("out/eval\\math.jsonl.gz"), "math");
  assert.equal(baseName("samples.v2.json"), "samples.v2");
  const roles = [
    "Qwen2.5-7B-Base",
    "Qwen2.5-7B-GRPO-step300",
    "DeepSeek-R1-Distill-Qwen-7B",
    "Qwen2.5-7B-Instruct",
    "game24_io",
    "early",
  ].map(guessRole);
  assert.deepEqual(roles, ["base", "rl", "distilled", "instruct", "other", "other"]);
});

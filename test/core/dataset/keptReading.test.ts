import assert from "node:assert/strict";
import { test } from "node:test";
import { fc } from "../../fastCheck.ts";
import type { Sample } from "../../../src/core/model.ts";
import { encodeSample } from "../../../src/core/dataset/formats/runLog.ts";
import { keptReading, openReading } from "../../../src/core/dataset/kept/keptReading.ts";
import { packed, unpacked } from "../../../src/core/dataset/kept/packed.ts";
import { joinBytes } from "../../../src/core/dataset/records/chunks.ts";
import { memorySource } from "../../../src/core/dataset/memorySource.ts";
import {
  readRollouts,
  type RolloutFile,
  type RolloutOptions,
} from "../../../src/core/dataset/readRollouts.ts";
import { mathVerifier } from "../../../src/core/verify/math/mathVerifier.ts";
import { linesSource } from "./sources.ts";

/** All that a file's reading can be asked. */
async function seen(file: RolloutFile): Promise<unknown> {
  const all = {
    verifier: "other",
    find: () => ({ kind: "correct", how: "other", extracted: null }) as const,
  };
  const runs = file.runs.map(async (run) => ({
    tally: run.tally,
    refs: run.tally.problems.map(({ problem }) => run.locate(problem.key)),
    judged: (await run.judgedBy(all, () => Promise.resolve())).tally,
  }));
  return { ...file, reading: null, runs: await Promise.all(runs) };
}

/** As one run of bytes, in memory of its own. */
function bytesOf(parts: ReturnType<typeof keptReading>): Uint8Array<ArrayBuffer> {
  assert.ok(parts);
  return joinBytes(parts).slice();
}

async function reopened(
  file: RolloutFile,
  name: string,
  options: RolloutOptions = {},
): Promise<RolloutFile | undefined> {
  return openReading(bytesOf(keptReading(file, "")))?.file(name, options);
}

test("what is kept of a file gives all that the file gave", async () => {
  const long = "because ".repeat(40);
  const row = (i: number): unknown => ({
    model: i % 3 === 0 ? "base" : "tuned",
    question: `${i % 5} + 1`,
    answer: String((i % 5) + 1),
    response: i % 7 === 0 ? long : `So it is \\boxed{${(i % 4) + 1}}.`,
    ...(i % 11 === 0 ? {} : { tokens: 5 + i }),
    finish_reason: i % 6 === 0 ? "length" : "stop",
    ...(i % 2 === 0 ? { score: i % 4 === 0 ? 1 : 0 } : {}),
  });
  const lines = Array.from({ length: 200 }, (_, i) => JSON.stringify(i === 50 ? { question: 7 } : row(i)));
  const source = memorySource("a.jsonl", [...lines, "{broken", ""].join("\n"));
  for (const options of [{}, { verifier: mathVerifier() }]) {
    const file = await readRollouts(source, options);
    assert.equal(file.runs.length, 2);
    assert.equal(file.issues.length, 2);
    assert.ok(file.runs.some(({ tally }) => tally.problems.some(({ duplicates }) => duplicates > 0)));
    const again = await reopened(file, "a.jsonl");
    assert.ok(again);
    assert.deepEqual(await seen(again), await seen(file));
  }
});

test("files of any make are kept", async () => {
  const csv = memorySource("a.csv", "question,answer,response,score\n1+1,2,two,1\n1+1,2,three,0\n");
  const json = memorySource(
    "a.json",
    JSON.stringify([{ question: "?", responses: ["a", "b"], scores: [1, 0] }]),
  );
  for (const source of [csv, json]) {
    const file = await readRollouts(source);
    const again = await reopened(file, source.name);
    assert.ok(again);
    assert.deepEqual(await seen(again), await seen(file));
  }
  const refused = await readRollouts(memorySource("a.jsonl", ""));
  assert.equal(keptReading(refused, ""), null);
});

test("it goes by the name that the file has now", async () => {
  const row = { question: "?", response: "a", score: 1 };
  const file = await readRollouts(linesSource("old.jsonl", [row, { question: 1 }]));
  const again = await reopened(file, "folder/new-rl.jsonl");
  const fresh = await readRollouts(linesSource("folder/new-rl.jsonl", [row, { question: 1 }]));
  assert.ok(again);
  assert.deepEqual(await seen(again), await seen(fresh));
  assert.equal(again.runs[0]?.tally.role, "rl");
});

const problems = ["p", "q", "r"].map((key, index) => ({
  key,
  id: key,
  index,
  question: `${key}?`,
  gold: "5",
  line: null,
}));

const sample = fc.record({
  problemKey: fc.constantFrom("p", "q", "r", "unplanned"),
  index: fc.nat(6),
  text: fc.constantFrom("", "5", "So \\boxed{5}.", "so 6", "because ".repeat(40), "therefore ".repeat(60)),
  outcome: fc.constantFrom<Sample["outcome"]>(
    { kind: "ok" },
    { kind: "truncated" },
    { kind: "failed", code: "server", message: "500", retryable: true },
  ),
  verdict: fc.constantFrom<Sample["verdict"]>(
    null,
    { kind: "correct", how: "integer", extracted: "5" },
    { kind: "incorrect", how: "integer", extracted: "6" },
    { kind: "unparsed" },
  ),
});

const lineOf = (one: Omit<Sample, "seed" | "reasoning" | "finishReason" | "verifier" | "usage">): string =>
  encodeSample({ ...one, seed: 1, reasoning: null, finishReason: "stop", verifier: null, usage: null });

test("a run's log that grew: the old part kept, the new one read, is the whole read", async () => {
  const stopped = { plan: { r: 2, nMax: 4 }, heads: () => true };
  const property = fc.asyncProperty(
    fc.array(fc.oneof({ weight: 8, arbitrary: sample }, fc.constant(null)), { minLength: 2, maxLength: 30 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.boolean(),
    async (samples, share, stops) => {
      const lines = [{ ...firstOne, index: 9 }, ...samples].map((one) =>
        one === null ? "{broken" : lineOf(one),
      );
      const old = 1 + Math.floor(share * (lines.length - 1));
      const options = { problems, grader: "math", verifier: mathVerifier(), ...(stops ? { stopped } : {}) };
      const of = (some: readonly string[]) =>
        memorySource("s.jsonl", some.map((line) => `${line}\n`).join(""));
      const bytes = bytesOf(keptReading(await readRollouts(of(lines.slice(0, old)), options), ""));
      const reading = openReading(bytes)?.reading("s.jsonl");
      assert.ok(reading);
      let least = Infinity;
      const whole = of(lines);
      const slice = (start: number, end?: number): Promise<ArrayBuffer> => {
        if (start > 0) least = Math.min(least, start);
        return whole.slice(start, end);
      };
      const grown = await readRollouts({ ...whole, slice }, options, reading);
      assert.deepEqual(await seen(grown), await seen(await readRollouts(whole, options)));
      const again = await reopened(grown, "s.jsonl", options);
      assert.deepEqual(await seen(again!), await seen(grown));
    },
  );
  await fc.assert(property, { numRuns: 25 });
});

const firstOne = {
  problemKey: "p",
  text: "5",
  outcome: { kind: "ok" },
  verdict: null,
} as const satisfies Partial<Sample>;

test("the old part of a log is not read again", async () => {
  const lines = Array.from({ length: 3000 }, (_, index) =>
    lineOf({ ...firstOne, index, text: `${index} ${"x".repeat(90)}` }),
  );
  const of = (some: readonly string[]) => memorySource("s.jsonl", some.map((line) => `${line}\n`).join(""));
  const old = of(lines.slice(0, 2900));
  const bytes = bytesOf(keptReading(await readRollouts(old, { problems }), ""));
  const reading = openReading(bytes)?.reading("s.jsonl") ?? null;
  const whole = of(lines);
  let read = 0;
  const slice = (start: number, end = whole.byteLength): Promise<ArrayBuffer> => {
    read += end - start;
    return whole.slice(start, end);
  };
  const grown = await readRollouts({ ...whole, slice }, { problems }, reading);
  assert.equal(grown.runs[0]?.tally.problems[0]?.ungraded, 3000);
  // The head says what kind of file it is.
  assert.ok(read <= 64 * 1024 + whole.byteLength - old.byteLength, `${read} bytes`);
});

test("nothing is added to a half line, to what was not read whole, or to another format", async () => {
  const line = lineOf({ ...firstOne, index: 0 });
  const readingOf = async (text: string) => {
    const bytes = bytesOf(keptReading(await readRollouts(memorySource("s.jsonl", text), { problems }), ""));
    return openReading(bytes)?.reading("s.jsonl");
  };
  assert.ok(await readingOf(`${line}\n`));
  assert.equal(await readingOf(`${line}\n${line.slice(0, 40)}`), null);
  assert.equal(await readingOf(`${line}\n${line}`), null);
  assert.equal(await readingOf(`${line}\n${"{broken\n".repeat(1001)}`), null);
  assert.equal(await readingOf(`${JSON.stringify({ question: "?", response: "a", score: 1 })}\n`), null);
});

test("bytes of another make are not opened", async () => {
  const file = await readRollouts(linesSource("r.jsonl", [{ question: "?", response: "a", score: 1 }]));
  const bytes = bytesOf(keptReading(file, "of mine"));
  assert.equal(openReading(bytes.slice())?.note, "of mine");
  assert.equal(openReading(new Uint8Array()), null);
  assert.equal(openReading(new TextEncoder().encode(JSON.stringify({ schema: 1, runs: [] }))), null);
  assert.equal(openReading(bytes.slice(0, bytes.length - 8)), null);
  const { value, arrays } = unpacked(bytes);
  assert.equal(openReading(bytesOf(packed({ ...(value as object), schema: 0 }, arrays))), null);
  assert.equal(openReading(bytesOf(packed(value, arrays.slice(1)))), null);
  assert.ok(openReading(bytesOf(packed(value, arrays))));
});

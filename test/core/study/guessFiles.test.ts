import assert from "node:assert/strict";
import { test } from "node:test";
import { memorySource } from "../../../src/core/dataset/memorySource.ts";
import { readDataset } from "../../../src/core/dataset/readDataset.ts";
import { droppedFileName, keptFileName, writeGuessFiles } from "../../../src/core/study/guessFiles.ts";
import type { GuessFilter } from "../../../src/core/study/spec.ts";
import { MemoryFiles } from "../run/fakes.ts";

const filter: GuessFilter = {
  kind: "filterGuessable",
  model: "base",
  template: "direct",
  samplesPerProblem: 100,
  above: 0,
  below: 0.05,
};

const problemsOf = async (text: string, path?: string) =>
  (await readDataset(memorySource("data.jsonl", text), path === undefined ? {} : { path })).problems;

/** The i-th problem is answered i times of a hundred. */
async function filtered(text: string, files = new MemoryFiles(), path?: string) {
  const problems = await problemsOf(text, path);
  const counts = problems.map(({ key }, i) => ({ key, n: 100, c: i }));
  await writeGuessFiles("s", { problems, counts, filter }, files);
  const lines = (name: string) =>
    files
      .text(`s/${name}`)
      .split("\n")
      .filter((line) => line !== "");
  return { problems, kept: lines(keptFileName), dropped: lines(droppedFileName) };
}

test("what is left reads as a dataset of the same problems; what is dropped says why", async () => {
  const rows = Array.from({ length: 8 }, (_, i) => ({
    unique_id: `p-${i}`,
    problem: `What is\n ${i} + ${i}?`,
    answer: `The sum is #### ${2 * i}`,
  }));
  const { problems, kept, dropped } = await filtered(rows.map((row) => JSON.stringify(row)).join("\n"));
  const again = await problemsOf(kept.join("\n"));
  const left = problems.filter((_, i) => i === 0 || i >= 5);
  assert.deepEqual(
    again.map(({ key, id, gold }) => [key, id, gold]),
    left.map(({ key, id, gold }) => [key, id, gold]),
  );
  assert.deepEqual(
    dropped.map((line) => JSON.parse(line) as unknown),
    [1, 2, 3, 4].map((c) => ({
      id: `p-${c}`,
      question: `What is\n ${c} + ${c}?`,
      answer: problems[c]?.gold,
      right: c,
      of: 100,
      accuracy: c / 100,
      why: `base answers it without reasoning ${c} of 100 times: more than 0.0 % and less than 5.0 %`,
    })),
  );
});

test("with nobody's guesses nothing is dropped: both files are there", async () => {
  const { kept, dropped } = await filtered('{"question":"1+1?","answer":"2"}');
  assert.deepEqual([kept.length, dropped.length], [1, 0]);
});

test("a programming task keeps its own line, tests and large numbers and all, also where it lies in another file", async () => {
  const task = (i: number, tests: string) =>
    `{"task_id": "HumanEval/${i}", "prompt": "def f${i}(x):\\n", "canonical_solution": "    return x\\n", "test": ${JSON.stringify(tests)}, "entry_point": "f${i}", "big": 123456789012345678901234567890}`;
  const tests = "def check(candidate):\n    assert candidate(1) == 1\n";
  // Too long to be copied into a run: a problem only says where it lies.
  const long = `${tests}# ${"x".repeat(300_000)}\n`;
  const text = `${task(0, tests)}\n${task(1, tests)}\n${task(9, long)}\n`.repeat(1);
  const files = new MemoryFiles();
  files.files.set("/data.jsonl", new TextEncoder().encode(text));
  const problems = await problemsOf(text, "/data.jsonl");
  const counts = problems.map(({ key }, i) => ({ key, n: 100, c: i === 1 ? 1 : 0 }));
  await writeGuessFiles("s", { problems, counts, filter }, files);
  assert.equal(files.text(`s/${keptFileName}`), `${task(0, tests)}\n${task(9, long)}\n`);
  const [dropped] = files.text(`s/${droppedFileName}`).split("\n");
  assert.equal((JSON.parse(dropped!) as { answer: string }).answer, "the task's tests");
  files.files.set("/data.jsonl", new TextEncoder().encode(text.replaceAll("x", "y")));
  await assert.rejects(writeGuessFiles("s", { problems, counts, filter }, files), { code: "stale" });
});

// The figures that the data folder's README gives for released rollouts, computed by others.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RolloutFile } from "../../../src/core/dataset/readRollouts.ts";
import type { ProblemTally } from "../../../src/core/model.ts";
import { readDataset } from "../../../src/core/dataset/readDataset.ts";
import { readSample } from "../../../src/core/dataset/readSample.ts";
import { sniff } from "../../../src/core/dataset/sniff.ts";
import { isCodeGold } from "../../../src/core/verify/code/codeGold.ts";
import { fileSource } from "../../../src/node/fileSource.ts";
import { sharedData, without } from "../../paths.ts";
import { readFile } from "./sources.ts";

const mathPath = sharedData("rollouts/math_cot_100x8.jsonl");
const ioPath = sharedData("rollouts/game24_io_100x100.json");
const cotPath = sharedData("rollouts/game24_cot_100x100.json");
const gsmPath = sharedData("rollouts/gsm8k_4models.jsonl");

const problemsOf = (file: RolloutFile, run = 0): readonly ProblemTally[] =>
  file.runs[run]?.tally.problems ?? [];

/** 1 - C(n-c,k)/C(n,k) by the product, in percent over all problems. */
function passAt(problems: readonly ProblemTally[], k: number): number {
  const each = problems.map(({ n, c }) => {
    let none = 1;
    for (let i = 0; i < k; i++) none *= Math.max(0, n - c - i) / (n - i);
    return 1 - none;
  });
  return (100 * each.reduce((sum, value) => sum + value, 0)) / each.length;
}

test("math_cot_100x8: pass@1..8 and the histogram from its score", { skip: without(mathPath) }, async () => {
  const file = await readFile(mathPath ?? "");
  assert.equal(file.format, "qwenEval");
  assert.deepEqual(file.issues, []);
  const problems = problemsOf(file);
  const expected = [91, 93.285714, 94.446429, 95.1, 95.482143, 95.714286, 95.875, 96];
  for (const [i, value] of expected.entries())
    assert.ok(Math.abs(passAt(problems, i + 1) - value) < 1e-6, `k=${i + 1}`);
  const bins = new Map<number, number>();
  for (const { n, c } of problems)
    bins.set(Math.ceil((10 * c) / n), (bins.get(Math.ceil((10 * c) / n)) ?? 0) + 1);
  // {0}; (.1,.2] (.2,.3] (.3,.4] (.4,.5] (.7,.8] (.8,.9]; {1}
  assert.deepEqual(
    [0, 2, 3, 4, 5, 8, 9, 10].map((bin) => bins.get(bin)),
    [4, 1, 1, 2, 3, 2, 1, 86],
  );
});

test(
  "math_cot_100x8: majority of the extracted answers is right for 93 problems",
  { skip: without(mathPath) },
  async () => {
    const problems = problemsOf(await readFile(mathPath ?? ""));
    const right = problems.map(({ answers }) => {
      const most = Math.max(...(answers ?? []).map(({ count }) => count));
      const top = (answers ?? []).filter(({ count }) => count === most);
      return top.filter(({ correct }) => correct).length / top.length;
    });
    assert.equal(Math.round(right.reduce((sum, share) => sum + share, 0)), 93);
  },
);

test(
  "game24: sums and solved problems of both prompts, paired by id",
  { skip: without(ioPath, cotPath) },
  async () => {
    const io = problemsOf(await readFile(ioPath ?? ""));
    const cot = problemsOf(await readFile(cotPath ?? ""));
    const sum = (problems: readonly ProblemTally[]): number =>
      problems.reduce((total, { c }) => total + c, 0);
    const solved = (problems: readonly ProblemTally[]): Set<string> =>
      new Set(problems.filter(({ c }) => c > 0).map(({ problem }) => problem.key));
    assert.deepEqual([io.length, sum(io), solved(io).size], [100, 734, 33]);
    assert.deepEqual([cot.length, sum(cot), solved(cot).size], [100, 403, 49]);
    const cotSolved = solved(cot);
    assert.equal([...solved(io)].filter((key) => cotSolved.has(key)).length, 23);
    assert.equal(io[0]?.problem.key, "id:900");
  },
);

test(
  "gsm8k_4models: four runs in one file, each sample of which can be read again",
  { skip: without(gsmPath) },
  async () => {
    const file = await readFile(gsmPath ?? "");
    assert.deepEqual(
      file.runs.map(({ tally }) => [tally.name, tally.problems.reduce((sum, { c }) => sum + c, 0)]),
      [
        ["6b_finetuning", 286],
        ["6b_verification", 515],
        ["175b_finetuning", 458],
        ["175b_verification", 742],
      ],
    );
    const solvedByAny = new Set(
      file.runs.flatMap(({ tally }) =>
        tally.problems.filter(({ c }) => c > 0).map(({ problem }) => problem.key),
      ),
    );
    assert.equal(solvedByAny.size, 887);
    const source = await fileSource(gsmPath ?? "");
    const run = file.runs[3];
    const [ref] = run?.locate(run.tally.problems[0]?.problem.key ?? "") ?? [];
    assert.ok(ref !== undefined && ref.line === 1);
    const sample = await readSample(source, ref);
    await source.close();
    assert.match(sample.question, /^Janet’s ducks lay 16 eggs/);
    assert.equal(sample.gold, "18");
    assert.match(sample.text, /^Janet eats 3 duck eggs for breakfast/);
    assert.equal(sample.verdict?.kind, "correct");
  },
);

const benchmarks = [
  { name: "gsm8k", count: 1319, question: /^Janet’s ducks/, golds: ["18", "3", "70000"], id: "0" },
  {
    name: "math500",
    count: 500,
    question: /^Convert the point/,
    golds: ["\\left( 3, \\frac{\\pi}{2} \\right)", "p - q", "\\frac{14}{3}"],
    id: "test/precalculus/807.json",
  },
  { name: "aime24", count: 30, question: /^Every morning Aya/, golds: ["204", "113", "371"], id: "60" },
  { name: "amc23", count: 40, question: /^Cities \$A\$/, golds: ["27", "36", "45"], id: "0" },
];

for (const { name, count, question, golds, id } of benchmarks) {
  const path = sharedData(`benchmarks/${name}.jsonl`);
  test(`${name} opens without a question`, { skip: without(path) }, async () => {
    const source = await fileSource(path ?? "");
    assert.deepEqual(await sniff(source), { kind: "dataset" });
    const { problems, unsure, issues } = await readDataset(source);
    await source.close();
    assert.equal(unsure, null);
    assert.deepEqual(issues, []);
    assert.equal(problems.length, count);
    assert.equal(new Set(problems.map(({ key }) => key)).size, count);
    assert.match(problems[0]?.question ?? "", question);
    assert.deepEqual(
      problems.slice(0, 3).map(({ gold }) => gold),
      golds,
    );
    assert.ok(problems.every(({ gold }) => gold !== null && !gold.includes("####")));
    assert.deepEqual([problems[0]?.id, problems[0]?.line], [id, 1]);
  });
}

test(
  "aime24 keeps leading zeros of its golds",
  { skip: without(sharedData("benchmarks/aime24.jsonl")) },
  async () => {
    const source = await fileSource(sharedData("benchmarks/aime24.jsonl") ?? "");
    const { problems } = await readDataset(source);
    await source.close();
    assert.equal(problems[7]?.gold, "025");
  },
);

test(
  "a dataset and rollouts of it name problems alike",
  { skip: without(gsmPath, sharedData("benchmarks/gsm8k.jsonl")) },
  async () => {
    const source = await fileSource(sharedData("benchmarks/gsm8k.jsonl") ?? "");
    const dataset = await readDataset(source);
    await source.close();
    const rollouts = problemsOf(await readFile(gsmPath ?? ""));
    const keys = new Set(rollouts.map(({ problem }) => problem.key));
    const golds = new Map(rollouts.map(({ problem }) => [problem.key, problem.gold]));
    assert.ok(dataset.problems.filter(({ key }) => keys.has(key)).length >= 1300);
    const differing = dataset.problems.filter(({ key, gold }) => golds.has(key) && golds.get(key) !== gold);
    assert.deepEqual(
      differing.map(({ gold, key }) => [gold, golds.get(key)]),
      [],
    );
  },
);

const humanEval = sharedData("code/HumanEval.jsonl.gz");
test(
  "HumanEval opens compressed: each gold is the task with its tests",
  { skip: without(humanEval) },
  async () => {
    const source = await fileSource(humanEval ?? "");
    const { problems, unsure, code } = await readDataset(source);
    await source.close();
    assert.equal(problems.length, 164);
    assert.equal(unsure, null);
    assert.equal(problems[0]?.id, "HumanEval/0");
    assert.equal(code, "humaneval");
    assert.ok(problems.every(({ gold }) => isCodeGold(gold)));
  },
);

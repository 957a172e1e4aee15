import assert from "node:assert/strict";
import test from "node:test";
import { readCountFile } from "../../../src/core/dataset/countFile.ts";

const codeOf = (value: unknown): string => {
  try {
    readCountFile(value, "f.json");
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "nothing wrong";
};

test("one run: counts by place, named by the file", () => {
  const file = readCountFile({ n: 4, counts: [0, 4] }, "/somewhere/base.counts.json");
  const [run] = file?.runs ?? [];
  assert.deepEqual(
    [run?.name, run?.dataset, run?.role, run?.protocol],
    ["base.counts", "base.counts", "base", null],
  );
  assert.deepEqual(
    run?.problems.map(({ problem, n, c, finishedN, finishedC }) => [problem.key, n, c, finishedN, finishedC]),
    [
      ["row::1 of 2", 4, 0, 4, 0],
      ["row::2 of 2", 4, 4, 4, 4],
    ],
  );
  assert.deepEqual(file?.figures, []);
});

test("several runs, their own n, ids and data sets: ids pair across files, places only within a data set of one size", () => {
  const file = readCountFile(
    {
      runs: [
        { name: "a", role: "base", dataset: "D", n: [2, 3], counts: [1, 3], ids: ["x", 7] },
        { name: "b", dataset: "D", n: 2, counts: [1, 1] },
      ],
    },
    "f.json",
  );
  const keys = file?.runs.map((run) => run.problems.map(({ problem }) => problem.key));
  assert.deepEqual(keys, [
    ["id:x", "id:7"],
    ["row:D:1 of 2", "row:D:2 of 2"],
  ]);
  assert.deepEqual(
    file?.runs.map(({ id }) => id),
    ["f#D/a", "f#D/b"],
  );
});

test("figures: curves by k in order, bins with their sum, panels of both kinds", () => {
  const file = readCountFile({ name: "rl", problems: 30, curve: { 64: 0.5, 1: 0.25 } }, "f.json");
  assert.deepEqual(file?.figures, [
    {
      name: "rl",
      role: "rl",
      dataset: "f",
      problems: 30,
      points: [
        { k: 1, passAtK: 0.25 },
        { k: 64, passAtK: 0.5 },
      ],
      bins: null,
    },
  ]);
  const bins = [3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];
  const panels = readCountFile(
    { bins: [], rows: [{ benchmark: "B", model: "M", N: 6, base: bins, rl: bins }] },
    "f",
  );
  assert.deepEqual(
    panels?.figures.map(({ name, dataset, problems }) => [name, dataset, problems]),
    [
      ["base", "B M", 6],
      ["rl", "B M", 6],
    ],
  );
  const curves = readCountFile({ curves: [{ benchmark: "B", base: { 1: 0 }, rl: { 1: 1 } }] }, "f");
  assert.deepEqual(
    curves?.figures.map(({ points }) => points?.[0]?.passAtK),
    [0, 1],
  );
});

test("other shapes are not count files", () => {
  for (const value of [
    null,
    [],
    [{ n: 1, counts: [1] }],
    {},
    { runs: [] },
    { runs: [{ name: "x" }] },
    { accs: [1] },
  ])
    assert.equal(readCountFile(value, "f"), null);
});

test("what is wrong is named by its field", () => {
  assert.equal(codeOf({ n: 2, counts: [3] }), "counts[0]: expected at most n = 2, got 3");
  assert.equal(codeOf({ n: 2, counts: [0.5] }), "counts[0]: expected an integer of at least 0, got 0.5");
  assert.equal(codeOf({ counts: [1] }), "n: expected number, got nothing");
  assert.equal(codeOf({ n: [1, 1], counts: [1] }), "n: expected 1 entries as in counts, got 2");
  assert.equal(codeOf({ n: 1, counts: [1], ids: [] }), "ids: expected 1 entries as in counts, got 0");
  assert.equal(codeOf({ n: 1, counts: [1], role: "king" }).startsWith("role: expected one of base"), true);
  assert.equal(
    codeOf({ runs: [{ name: "x", curve: { 1: 1.5 } }] }),
    "runs[0].curve.1: expected a fraction from 0 to 1, got 1.5",
  );
  assert.equal(codeOf({ name: "x", bins: [1] }), "bins: expected 12 bins, got 1");
});

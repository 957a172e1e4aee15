import assert from "node:assert/strict";
import { test } from "node:test";
import type { CrossoverView, CurvePointView, CurvesSnapshot } from "../../src/protocol/curves.ts";
import {
  crossoverText,
  curveModel,
  differenceText,
  pointAt,
  powersOfTwo,
  rateAt,
  rateText,
  summaryKs,
} from "../../webview/curves/curveModel.ts";
import { sharedData, without } from "../paths.ts";
import { cases } from "./harness/cases.ts";
import { FakeHost } from "./harness/fakeHost.ts";
import { syntheticRuns } from "./harness/syntheticRuns.ts";

const snapshotOf = (options: Parameters<typeof syntheticRuns>[0]): CurvesSnapshot =>
  new FakeHost({ title: "t", runs: syntheticRuns(options) }).snapshot();

const point = (k: number, passAtK: number): CurvePointView => ({ k, passAtK, low: 0, high: 1, problems: 10 });

test("ticks are the powers of 2, the summary has 1, a middle one and the largest k", () => {
  assert.deepEqual(powersOfTwo(100), [1, 2, 4, 8, 16, 32, 64]);
  assert.deepEqual(summaryKs([1, 2, 4, 8, 16, 32, 64, 128, 256]), [1, 16, 256]);
  assert.deepEqual(summaryKs([1]), [1]);
  assert.deepEqual(summaryKs([1, 2, 4, 8, 16, 32, 64, 100]), [1, 8, 100]);
});

test("between grid points a rate is read straight in log2 k, as the line is drawn", () => {
  const curve = [point(1, 0.1), point(4, 0.3), point(16, 0.9)];
  assert.equal(rateAt(curve, 4), 0.3);
  assert.ok(Math.abs(rateAt(curve, 2) - 0.2) < 1e-12);
  assert.ok(Math.abs(rateAt(curve, 8) - 0.6) < 1e-12);
  assert.equal(rateAt(curve, 99), 0.9);
});

test("the model has every run's points and every difference of the snapshot", () => {
  const snapshot = snapshotOf({ problems: 40, n: 32 });
  const model = curveModel(snapshot);
  assert.deepEqual(
    model.lines.map((line) => line.run.id),
    snapshot.runs.map((run) => run.id),
  );
  assert.equal(model.kMax, 32);
  assert.equal(model.referenceName, "base-7k");
  for (const line of model.lines) {
    for (const { k, passAtK, low, high } of line.run.curve) {
      assert.equal(pointAt(line, k)?.passAtK, passAtK);
      assert.ok(low <= passAtK && passAtK <= high);
    }
  }
  assert.deepEqual(
    model.differences.map(({ series }) => series.runId),
    ["run-rl", "run-distilled"],
  );
  assert.match(differenceText(model, "run-distilled", 1)?.value ?? "", /^\+\d/);
  assert.equal(differenceText(model, "run-base", 1), null);
});

test("nothing solved is a bound, a k past n says so", () => {
  const [line] = curveModel(snapshotOf({ problems: 5, n: 4, runs: 1 })).lines;
  assert.ok(line);
  assert.deepEqual(rateText({ ...point(1, 0), high: 0.031 }, line, 1), {
    value: "",
    interval: "at most 3.1",
  });
  assert.deepEqual(rateText(undefined, line, 64), { value: "", interval: "n < 64" });
});

test("where fewer problems have enough samples the curve's end is named", () => {
  const [run] = syntheticRuns({ problems: 20, n: 16, runs: 1 });
  assert.ok(run);
  const problems = run.problems.map((tally, i) =>
    i < 3 ? { ...tally, n: 4, c: 1, finishedN: 4, finishedC: 1 } : tally,
  );
  const model = curveModel(new FakeHost({ title: "t", runs: [{ ...run, problems }] }).snapshot());
  assert.equal(model.notices.length, 1);
  assert.equal(model.notices[0]?.lead, "Curve ends at k = 4 for base-7k.");
  assert.match(model.notices[0]?.rest ?? "", /^3 problems have fewer than 16 samples \(least 4\).*17 of 20/);
});

test("a crossover's cell says resolved, suggestive, not resolved or none", () => {
  const crossover: CrossoverView = {
    runId: "b",
    overtakerId: "a",
    k: 14,
    low: 10,
    high: 20,
    verdict: "resolved",
    sentence: "a overtakes b at k = 14.",
  };
  assert.deepEqual(crossoverText(crossover, 256), { value: "k = 14", interval: "[10, 20]" });
  assert.equal(crossoverText({ ...crossover, high: null }, 256).interval, "[10, > 256]");
  assert.equal(crossoverText({ ...crossover, verdict: "notResolved" }, 256).interval, "not resolved");
  assert.deepEqual(crossoverText({ ...crossover, verdict: "suggestive" }, 256), {
    value: "k = 14",
    interval: "suggestive only",
  });
  assert.equal(crossoverText({ ...crossover, k: null }, 256).interval, "none up to k = 256");
  assert.equal(crossoverText({ ...crossover, k: 1 }, 256).interval, "none up to k = 256");
});

const game24 = [
  sharedData("rollouts/game24_io_100x100.json"),
  sharedData("rollouts/game24_cot_100x100.json"),
];

test(
  "game24: the figures, the overtaking at k = 6, suggestive only and without a mark",
  { skip: without(...game24) },
  async () => {
    const load = cases["game24"];
    assert.ok(load);
    const snapshot = new FakeHost(await load()).snapshot();
    const model = curveModel(snapshot);
    const at = (run: number, k: number): number =>
      pointAt(model.lines[run] ?? { points: [] }, k)?.passAtK ?? Number.NaN;
    assert.ok(Math.abs(at(0, 1) - 0.0734) < 1e-9 && Math.abs(at(0, 100) - 0.33) < 1e-9);
    assert.ok(Math.abs(at(1, 1) - 0.0403) < 1e-9 && Math.abs(at(1, 100) - 0.49) < 1e-9);
    assert.deepEqual(crossoverText(snapshot.crossovers[0], model.kMax), {
      value: "k = 6",
      interval: "suggestive only",
    });
    assert.deepEqual(model.crossings, []);
    assert.match(model.notices[0]?.lead ?? "", /^Crossover suggestive, not resolved\.$/);
  },
);

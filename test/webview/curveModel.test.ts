import assert from "node:assert/strict";
import { test } from "node:test";
import type { CrossoverView, CurvesSnapshot } from "../../src/protocol/curves.ts";
import { curveConfiguration, differenceConfiguration } from "../../webview/curves/curveChart.ts";
import { pointAt, rateAt, rateText, type LinePoint } from "../../webview/curves/curveLine.ts";
import { crossoverText, curveModel, differenceText, summaryKs } from "../../webview/curves/curveModel.ts";
import { curveData } from "../../webview/curves/curveTables.ts";
import type { Theme } from "../../webview/shared/theme.ts";
import { powersOfTwo } from "../../webview/curves/xAxis.ts";
import { sharedData, without } from "../paths.ts";
import { aime, cases, unequal } from "./harness/cases.ts";
import { FakeHost } from "./harness/fakeHost.ts";
import { syntheticRuns } from "./harness/syntheticRuns.ts";

const snapshotOf = (options: Parameters<typeof syntheticRuns>[0]): CurvesSnapshot =>
  new FakeHost({ title: "t", runs: syntheticRuns(options) }).snapshot();

const point = (k: number, value: number): LinePoint => ({
  k,
  value,
  ends: { low: 0, high: 1 },
  problems: 10,
});

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
      assert.equal(pointAt(line, k)?.value, passAtK);
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
  assert.deepEqual(rateText({ ...point(1, 0), ends: { low: 0, high: 0.031 }, problems: 5 }, line, 1), {
    value: "",
    interval: "at most 3.1",
  });
  assert.deepEqual(rateText(undefined, line, 64), { value: "", interval: "n < 64" });
});

test("unequal n: the end is named with the counts, the points past it say how many problems they are of", () => {
  const snapshot = new FakeHost(unequal()).snapshot();
  const model = curveModel(snapshot);
  const [line] = model.lines;
  assert.ok(line);
  const notice = model.notices.find(({ lead }) => lead.startsWith("Curve ends"));
  assert.equal(notice?.lead, "Curve ends at k = 16 for base-7k and RL-270.");
  assert.match(notice?.rest ?? "", /^5 problems have only 16 samples; 55 have 64\. .* 55 at k = 64\./);
  assert.match(rateText(pointAt(line, 64), line, 64).interval, /^\[[\d., ]+\], 55 problems$/);
  assert.match(rateText(pointAt(line, 16), line, 16).interval, /^\[[\d., ]+\]$/);
  // The faint part is pass@k of those problems alone.
  const [run] = snapshot.runs;
  const solved = snapshot.problems.filter((_, i) => run?.n[i] === 64 && (run.c[i] ?? 0) > 0).length;
  assert.ok(Math.abs((pointAt(line, 64)?.value ?? 0) - solved / 55) < 1e-12);
  assert.deepEqual(curveData(model).rows.find((row) => row[0] === "base-7k" && row[2] === 64)?.[6], 55);
});

test("n of many kinds: the least and the most of those are named", () => {
  const [run] = syntheticRuns({ problems: 20, n: 16, runs: 1 });
  assert.ok(run);
  const problems = run.problems.map((tally, i) =>
    i < 3 ? { ...tally, n: 4 + i, c: 1, finishedN: 4 + i, finishedC: 1 } : tally,
  );
  const model = curveModel(new FakeHost({ title: "t", runs: [{ ...run, problems }] }).snapshot());
  assert.equal(model.notices[0]?.lead, "Curve ends at k = 4 for base-7k.");
  assert.match(model.notices[0]?.rest ?? "", /^3 problems have only 4 to 6 samples; 17 have 16\./);
});

test("maj@k has the snapshot's votes with their interval, no difference, and names who cannot vote", () => {
  const snapshot = new FakeHost(aime()).snapshot();
  const model = curveModel(snapshot, { metric: "majority", floor: true });
  assert.deepEqual(
    model.lines.map(({ run }) => run.id),
    ["run-base", "run-rl"],
  );
  for (const line of model.lines) {
    assert.deepEqual(
      line.points.map(({ k, value }) => [k, value]),
      line.run.majority?.map(({ k, value }) => [k, value]),
    );
    assert.ok(line.points.every(({ value, ends }) => ends && ends.low <= value && value <= ends.high));
    assert.notEqual(pointAt(line, 64)?.value, line.run.curve.at(-1)?.passAtK);
  }
  assert.deepEqual([model.differences, model.crossings, model.floor], [[], [], null]);
  assert.deepEqual(model.notices, [
    { lead: "distilled has no extracted answers.", rest: "A majority vote needs them." },
  ]);
  const data = curveData(model);
  assert.deepEqual(data.head, ["run", "role", "k", "maj_at_k", "low", "high", "problems"]);
  assert.equal(data.rows[0]?.length, 7);
});

test("with finished samples only there is no vote, and that is said", () => {
  const host = new FakeHost(aime());
  host.answer("setOptions", { interval: "jbb", referenceId: null, finishedOnly: true });
  const model = curveModel(host.snapshot(), { metric: "majority", floor: false });
  assert.equal(model.lines.length, 0);
  assert.equal(model.notices[0]?.lead, "maj@k needs all samples.");
});

test("the guess floor is there where the answers are known and it is asked for, up to the largest k", () => {
  const snapshot = new FakeHost(aime()).snapshot();
  assert.equal(curveModel(snapshot).answers, 1000);
  assert.equal(curveModel(snapshot).floor, null);
  const { floor } = curveModel(snapshot, { metric: "pass", floor: true });
  assert.equal(floor?.label, "guess floor, 1,000 answers");
  assert.ok(Math.abs((floor?.points.at(-1)?.value ?? 0) - (1 - 0.999 ** 64)) < 1e-9);
  assert.equal(floor?.points.at(-1)?.k, 64);
  const countdown = { ...snapshot, runs: snapshot.runs.map((run) => ({ ...run, verifier: "countdown@1" })) };
  assert.equal(curveModel(countdown, { metric: "pass", floor: true }).floor, null);
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
      pointAt(model.lines[run] ?? { points: [] }, k)?.value ?? Number.NaN;
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

test("the strip of differences leaves as much room for names as the curve over it, whoever has the longest", () => {
  const snapshot = snapshotOf({ runs: 2, problems: 20, n: 8 });
  const [base, rl] = snapshot.runs;
  const runs = [{ ...base!, name: "the base model with a long name" }, rl!];
  const model = curveModel({ ...snapshot, runs });
  const black = "#000000";
  const theme = { foreground: black, bandAlpha: 0.1, series: { base: black, rl: black } } as unknown as Theme;
  const options = { bands: true, names: true, cursor: () => null };
  const room = ({ options: own }: ReturnType<typeof curveConfiguration>) => {
    const padding = own?.layout?.padding;
    return typeof padding === "object" && "right" in padding ? (padding.right ?? 0) : 0;
  };
  const under = room(differenceConfiguration(model, theme, options));
  assert.equal(under, room(curveConfiguration(model, theme, options)));
  assert.ok(under > 150, `${under}`);
});

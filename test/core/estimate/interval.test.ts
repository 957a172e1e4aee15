import assert from "node:assert/strict";
import test from "node:test";
import { fc } from "../../fastCheck.ts";
import { clopperPearson } from "../../../src/core/estimate/clopperPearson.ts";
import { curve } from "../../../src/core/estimate/curve.ts";
import { difference } from "../../../src/core/estimate/difference.ts";
import { fixedMoments } from "../../../src/core/estimate/fixedVariance.ts";
import { type IntervalMethod, intervalMethods, type ProblemCount } from "../../../src/core/estimate/names.ts";
import { cholesky, normalResample, normalRows } from "../../../src/core/estimate/normalResample.ts";
import { passAtK } from "../../../src/core/estimate/passAtK.ts";
import { resample } from "../../../src/core/estimate/resample.ts";
import { differenceTable, unsolvedTable } from "../../../src/core/estimate/valueTable.ts";
import { weightedMeanCdf, weightedMeanQuantile } from "../../../src/core/estimate/weightedMeanCdf.ts";
import { without } from "../../paths.ts";
import {
  betaVariate,
  binomial,
  choose,
  closeTo,
  mean,
  plainNormal,
  plainRandom,
  ratio,
  sortedQuantile,
} from "./brute.ts";
import { cotPath, ioPath, readCounts } from "./game24.ts";

const mixed: readonly ProblemCount[] = [
  { n: 4, c: 1 },
  { n: 4, c: 0 },
  { n: 8, c: 8 },
  { n: 8, c: 3 },
  { n: 8, c: 3 },
  { n: 16, c: 1 },
  { n: 16, c: 0 },
  { n: 2, c: 1 },
];

test("the curve is the mean over the problems with n >= k, each with its own n, and ends at the largest n", () => {
  const points = curve(mixed, [1, 3, 8, 16, 17, 3]);
  assert.deepEqual(
    points.map(({ k, problems }) => [k, problems]),
    [
      [1, 8],
      [3, 7],
      [8, 5],
      [16, 2],
    ],
  );
  for (const { k, passAtK: value } of points) {
    const values = mixed.filter(({ n }) => n >= k).map(({ n, c }) => passAtK(n, c, k) ?? Number.NaN);
    closeTo(value, mean(values), 1e-12, `k ${k}`);
  }
  assert.deepEqual(curve([], [1, 2]), []);
  assert.deepEqual(curve([{ n: 0, c: 0 }], [1]), []);
});

test("every method's interval holds the estimate and stays in [0, 1]; a seed repeats it", () => {
  const counts = fc.array(
    fc.integer({ min: 1, max: 20 }).chain((n) => fc.integer({ min: 0, max: n }).map((c) => ({ n, c }))),
    { minLength: 1, maxLength: 25 },
  );
  fc.assert(
    fc.property(
      counts,
      fc.constantFrom<IntervalMethod>(...intervalMethods),
      fc.nat(),
      (list, interval, seed) => {
        const options = { interval, draws: 50, seed };
        const points = curve(list, [1, 2, 5, 20], options);
        for (const { passAtK: value, low, high } of points) {
          assert.ok(low <= value + 1e-12 && value <= high + 1e-12, `${low} ${value} ${high}`);
          assert.ok(low >= -1e-12 && high <= 1 + 1e-12);
        }
        assert.deepEqual(points, curve(list, [1, 2, 5, 20], options));
      },
    ),
    { seed: 6, numRuns: 200 },
  );
});

/** The estimator of meanInterval.ts as its formula stands: one weight per problem, no cells, plain sums. */
function plainJbb(values: readonly number[], range: readonly [number, number], draws: number) {
  const random = plainRandom(99);
  const exponential = () => -Math.log(1 - random());
  const half = () => plainNormal(random) ** 2 / 2;
  const jbb: number[] = [];
  const bb: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const weights = values.map(exponential);
    const sum = weights.reduce((total, w, i) => total + w * (values[i] ?? 0), 0);
    const total = weights.reduce((all, w) => all + w, 0);
    const [h0, h1] = [half(), half()];
    jbb.push((sum + h0 * range[0] + h1 * range[1]) / (total + h0 + h1));
    bb.push(sum / total);
  }
  return {
    low: Math.min(sortedQuantile(jbb, 0.025), sortedQuantile(bb, 0.025)),
    high: Math.max(sortedQuantile(jbb, 0.975), sortedQuantile(bb, 0.975)),
  };
}

test("jbb against a plain implementation with one weight per problem, for a run and for a pair", () => {
  const random = plainRandom(1);
  const counts = Array.from({ length: 60 }, () => ({
    n: 16,
    c: binomial(random, 16, betaVariate(random, 0.3, 1)),
  }));
  const others = counts.map(({ c }) => ({ n: 16, c: binomial(random, 16, Math.min(1, (c + 1) / 16)) }));
  const draws = 40_000;
  for (const k of [1, 4, 16]) {
    const x = counts.map(({ n, c }) => passAtK(n, c, k) ?? Number.NaN);
    const y = others.map(({ n, c }) => passAtK(n, c, k) ?? Number.NaN);
    const [point] = curve(counts, [k], { draws });
    const plain = plainJbb(x, [0, 1], draws);
    // Monte Carlo error of a 2.5 % quantile at 40,000 draws is about 0.013 sd: 0.0008 here; two of them, four times.
    closeTo(point?.low ?? Number.NaN, plain.low, 0.004, `low at ${k}`);
    closeTo(point?.high ?? Number.NaN, plain.high, 0.004, `high at ${k}`);
    const [pair] = difference(
      counts.map((count, i) => [count, others[i] as ProblemCount] as const),
      [k],
      { draws },
    );
    const plainPair = plainJbb(
      x.map((value, i) => value - (y[i] ?? 0)),
      [-1, 1],
      draws,
    );
    closeTo(pair?.low ?? Number.NaN, plainPair.low, 0.005, `pair low at ${k}`);
    closeTo(pair?.high ?? Number.NaN, plainPair.high, 0.005, `pair high at ${k}`);
  }
});

test("on 0/1 values gaffke is Clopper-Pearson, and jbb is Jeffreys united with the Bayesian bootstrap", () => {
  const counts = Array.from({ length: 40 }, (_, i) => ({ n: 1, c: i < 9 ? 1 : 0 }));
  const exact = clopperPearson(9, 40);
  const [gaffke] = curve(counts, [1], { interval: "gaffke", draws: 100_000 });
  closeTo(gaffke?.low ?? Number.NaN, exact.low, 0.002);
  closeTo(gaffke?.high ?? Number.NaN, exact.high, 0.002);
  // Jeffreys is Beta(9.5, 31.5), the Bayesian bootstrap Beta(9, 31), and jbb reaches to the wider end on either side.
  const [jbb] = curve(counts, [1], { draws: 100_000 });
  const ends = [betaBy(9.5, 31.5), betaBy(9, 31)];
  closeTo(jbb?.low ?? Number.NaN, Math.min(...ends.map(({ low }) => low)), 0.002);
  closeTo(jbb?.high ?? Number.NaN, Math.max(...ends.map(({ high }) => high)), 0.002);
});

test("the law of the Bayesian bootstrap's mean without drawing: Beta on 0/1 values, the drawn quantiles on others", () => {
  for (const [ones, zeros] of [
    [9, 31],
    [9.5, 31.5],
    [1.5, 12],
    [700, 300],
  ] as const) {
    const law = { values: [0, 1], shapes: [zeros, ones] };
    const { low, high } = betaBy(ones, zeros);
    closeTo(weightedMeanCdf(low, law), 0.025, 2e-3, `${ones} ${zeros}`);
    closeTo(weightedMeanCdf(high, law), 0.975, 1e-3, `${ones} ${zeros}`);
    const sd = (high - low) / 4;
    closeTo(weightedMeanQuantile(0.975, law, { guess: high + sd / 3, sd }), high, 2e-2 * sd);
  }
  assert.equal(weightedMeanCdf(-0.1, { values: [0, 1], shapes: [1, 1] }), 0);
  assert.equal(weightedMeanCdf(1, { values: [0, 1], shapes: [1, 1] }), 1);
  // Beta(1, 1) is uniform, Beta(2, 1) has the cdf t^2.
  for (const t of [0.01, 0.3, 0.9]) {
    closeTo(weightedMeanCdf(t, { values: [0, 1], shapes: [1, 1] }), t, 1e-10);
    closeTo(weightedMeanCdf(t, { values: [0, 1], shapes: [1, 2] }), t * t, 1e-10);
  }
  const values = [-1, -0.4, -0.1, 0, 0.05, 0.2, 0.7, 1];
  const drawn = plainJbb(values, [-1, 1], 100_000);
  const mixed = { values: [...values, -1, 1], shapes: [...values.map(() => 1), 0.5, 0.5] };
  const bound = weightedMeanQuantile(0.975, mixed, { guess: 0.4, sd: 0.2 });
  closeTo(bound, drawn.high, 0.008);
});

test("all solved and none solved still have an interval of positive width (percentile has none)", () => {
  for (const c of [0, 8]) {
    const counts = Array.from({ length: 30 }, () => ({ n: 8, c }));
    for (const interval of ["jbb", "gaffke", "fixed"] as const) {
      const point = curve(counts, [8], { interval })[0];
      assert.ok(point && point.high - point.low > 0.02 && point.high - point.low < 0.2, interval);
    }
    const plain = curve(counts, [8], { interval: "percentile" })[0];
    assert.equal(plain && plain.high - plain.low, 0);
  }
});

test("fixed: where 2k <= n the variance is unbiased, summed exactly over every outcome", () => {
  const n = 6;
  for (const p of [0.1, 0.37, 0.8]) {
    for (const k of [1, 2, 3]) {
      const u = (c: number) => 1 - (passAtK(n, c, k) ?? Number.NaN);
      const mass = (c: number) => Number(choose(n, c)) * p ** c * (1 - p) ** (n - c);
      let [first, second, estimate] = [0, 0, 0];
      for (let c = 0; c <= n; c++) {
        first += mass(c) * u(c);
        second += mass(c) * u(c) ** 2;
        const doubled = ratio(choose(n - c, 2 * k), choose(n, 2 * k));
        estimate += mass(c) * (u(c) ** 2 - doubled);
        // The code's own V of two problems: one with c, and one that makes the sum positive.
        const sum =
          fixedMoments(
            [
              { n, c },
              { n, c: 1 },
              { n, c: 1 },
              { n, c: 1 },
            ],
            [k],
          )[0]?.variance ?? Number.NaN;
        const other = u(1) ** 2 - ratio(choose(n - 1, 2 * k), choose(n, 2 * k));
        closeTo(sum, Math.max(0, u(c) ** 2 - doubled + 3 * other), 1e-12);
      }
      closeTo(estimate, second - first ** 2, 1e-12, `p ${p} k ${k}`);
    }
  }
});

test("fixed: past n/2 the variance is P (mean U^2 - m_n rho^(2k-n)), group by group of n", () => {
  const counts = [
    ...Array.from({ length: 5 }, () => ({ n: 8, c: 0 })),
    { n: 8, c: 1 },
    { n: 8, c: 1 },
    { n: 8, c: 3 },
  ];
  const moments = fixedMoments(counts, [6, 8]);
  const rho = 5 / (5 + 2 / 8);
  const u = (c: number) => 1 - (passAtK(8, c, 6) ?? Number.NaN);
  closeTo(moments[0]?.variance ?? Number.NaN, 5 + 2 * u(1) ** 2 + u(3) ** 2 - 5 * rho ** 4, 1e-12);
  closeTo(moments[1]?.variance ?? Number.NaN, 5 * (1 - rho ** 8), 1e-12);
  const both = fixedMoments([...counts, { n: 16, c: 0 }, { n: 16, c: 2 }], [8])[0];
  const other = fixedMoments(
    [
      { n: 16, c: 0 },
      { n: 16, c: 2 },
    ],
    [8],
  )[0];
  closeTo(both?.variance ?? Number.NaN, (moments[1]?.variance ?? 0) + (other?.variance ?? 0), 1e-12);
  assert.deepEqual([both?.problems, both?.f0, both?.f1], [10, 6, 2]);
  assert.equal(fixedMoments(counts, [9])[0], null);
});

test("fixed: all-zero data gives an upper end of 3.84/P at k = n, as derived", () => {
  const [point] = curve(
    Array.from({ length: 100 }, () => ({ n: 32, c: 0 })),
    [32],
    { interval: "fixed" },
  );
  closeTo(point?.high ?? Number.NaN, 0.0384, 1e-4);
});

test("many cells: normal draws keep every k's own spread (the ridge), and agree with exact weights", () => {
  const random = plainRandom(5);
  const pairs = Array.from({ length: 4000 }, () => {
    const p = betaVariate(random, 0.2, 2);
    return [
      { n: 256, c: binomial(random, 256, p) },
      { n: 256, c: binomial(random, 256, Math.min(1, 1.3 * p)) },
    ] as const;
  });
  const ks = [1, 2, 3, 4, 6, 8, 11, 16, 22, 32, 45, 64, 90, 128, 160, 181, 200, 215, 235, 256];
  const table = differenceTable(pairs, ks);
  assert.ok(table.cells > 600, `${table.cells} cells`);
  const rows = normalRows(table);
  assert.ok(rows.length >= 12, `${rows.length} rows`);
  const draws = 8000;
  const drawn = normalResample(table, { ends: [], draws, seed: 3 });
  const exact = resample(table, { law: "gamma", draws, seed: 4 });
  for (const row of rows) {
    const normal = drawn.sums.subarray(row * draws, (row + 1) * draws);
    const gamma = exact.sums
      .subarray(row * draws, (row + 1) * draws)
      .map((sum, i) => sum / (exact.totals[row * draws + i] ?? 1));
    closeTo(sd(normal) / sd(gamma), 1, 0.04, `sd at k = ${ks[row]}`);
  }
  const fast = difference(pairs, ks, { draws: 20_000 });
  const slow = difference(pairs.slice(0, 500), ks, { draws: 20_000 });
  assert.ok(fast.every(({ low, high }, i) => high - low < (slow[i]?.high ?? 0) - (slow[i]?.low ?? 0)));
});

test("without the ridge a nearly singular covariance loses its rows' variance; with it they keep it", () => {
  const size = 30;
  const covariance = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) covariance[i * size + j] = Math.exp(-((i - j) ** 2) / 1e4);
  const factor = cholesky(covariance, size);
  for (let i = 0; i < size; i++) {
    let variance = 0;
    for (let j = 0; j <= i; j++) variance += (factor[i * size + j] ?? 0) ** 2;
    closeTo(variance, 1, 1e-6, `row ${i}`);
  }
});

test("cells change nothing: the table's means are the plain means, multiplicities sum to the problems", () => {
  const table = unsolvedTable([...mixed, ...mixed], [1, 4, 9]);
  assert.equal(table.cells, 7);
  assert.deepEqual([...table.eligibleProblems], [16, 14, 4]);
  assert.equal(
    table.multiplicity.reduce((sum, m) => sum + m, 0),
    16,
  );
});

test(
  "Game of 24: curves and paired differences as in the data folder",
  { skip: without(ioPath, cotPath) },
  () => {
    const [io, cot] = [readCounts(ioPath as string), readCounts(cotPath as string)];
    assert.deepEqual(
      [io, cot].map((run) => run.reduce((sum, { c }) => sum + c, 0)),
      [734, 403],
    );
    const figures = [
      [io, { 1: 7.34, 5: 14.9177, 10: 17.8887, 100: 33 }],
      [cot, { 1: 4.03, 5: 14.292, 10: 21.4769, 100: 49 }],
    ] as const;
    for (const [counts, expected] of figures) {
      for (const point of curve(counts, [1, 5, 6, 10, 100])) {
        const figure = expected[point.k as keyof typeof expected] as number | undefined;
        if (figure !== undefined) closeTo(100 * point.passAtK, figure, 5.1e-5, `k ${point.k}`);
        // k = 6, where the overtaking is, by exact integers only: the published 15.7167 and 16.0526 are a little off.
        const exact = counts.map(({ n, c }) =>
          ratio(choose(n, point.k) - choose(n - c, point.k), choose(n, point.k)),
        );
        closeTo(point.passAtK, mean(exact), 1e-12, `k ${point.k}`);
      }
    }
    const population = curve(io, [1], { draws: 20_000 })[0];
    closeTo(100 * (population?.low ?? 0), 4.2, 0.2);
    closeTo(100 * (population?.high ?? 0), 12.2, 0.3);
    const fixed = curve(io, [1], { interval: "fixed" })[0];
    closeTo(100 * (fixed?.low ?? 0), 6.9, 0.06);
    closeTo(100 * (fixed?.high ?? 0), 7.7, 0.06);
    const pairs = cot.map((count, i) => [count, io[i] as ProblemCount] as const);
    const jbb = difference(pairs, [1, 6, 10, 100], { draws: 20_000 });
    checkDifferences(
      jbb,
      [
        [1, -3.31, -7.34, 0.1],
        [6, 0.34, -5.6, 6.0],
        [10, 3.6, -3.0, 10.0],
        [100, 16, 4.4, 27.2],
      ],
      0.2,
    );
    const percentile = difference(pairs, [1, 6, 100], { interval: "percentile", draws: 20_000 });
    checkDifferences(
      percentile,
      [
        [1, -3.31, -6.71, -0.4],
        [6, 0.34, -5.18, 5.79],
        [100, 16, 5, 27],
      ],
      0.5,
    );
  },
);

type Point = ReturnType<typeof difference>[number];

function checkDifferences(
  points: readonly Point[],
  expected: readonly (readonly [number, number, number, number])[],
  tolerance: number,
) {
  assert.deepEqual(
    points.map(({ k }) => k),
    expected.map(([k]) => k),
  );
  points.forEach((point, i) => {
    const [k, value, low, high] = expected[i] ?? [0, 0, 0, 0];
    closeTo(100 * point.difference, value, 0.06, `k ${k}`);
    closeTo(100 * point.low, low, tolerance, `low at ${k}`);
    closeTo(100 * point.high, high, tolerance, `high at ${k}`);
  });
}

function sd(values: Float64Array): number {
  const m = mean([...values]);
  return Math.sqrt(mean([...values].map((value) => (value - m) ** 2)));
}

/** 2.5 % and 97.5 % points of Beta(a, b) by adding up its density. */
function betaBy(a: number, b: number): { low: number; high: number } {
  const steps = 200_000;
  const density = Array.from(
    { length: steps },
    (_, i) => ((i + 0.5) / steps) ** (a - 1) * (1 - (i + 0.5) / steps) ** (b - 1),
  );
  const all = density.reduce((sum, x) => sum + x, 0);
  let below = 0;
  let [low, high] = [Number.NaN, Number.NaN];
  density.forEach((x, i) => {
    below += x / all;
    if (Number.isNaN(low) && below >= 0.025) low = i / steps;
    if (Number.isNaN(high) && below >= 0.975) high = i / steps;
  });
  return { low, high };
}

// Gap, G-Pass and Cover curves, confirmed losses, training signal, the band over all k: against plain computations.
import assert from "node:assert/strict";
import test from "node:test";
import { fc } from "../../fastCheck.ts";
import { betaCdf } from "../../../src/core/estimate/betaCdf.ts";
import { confirmedLost, fisherGreater } from "../../../src/core/estimate/confirmedLost.ts";
import { coverCurve, coverGrid } from "../../../src/core/estimate/coverCurve.ts";
import { difference } from "../../../src/core/estimate/difference.ts";
import { gap } from "../../../src/core/estimate/gap.ts";
import { gPassCurve, meanGPass, meanGPassOf } from "../../../src/core/estimate/gPassCurve.ts";
import { scoreIntervals } from "../../../src/core/estimate/scoreIntervals.ts";
import { simultaneousBand } from "../../../src/core/estimate/simultaneousBand.ts";
import { trainingSignal } from "../../../src/core/estimate/trainingSignal.ts";
import { choose, closeTo, exactPassAtK, mean, plainRandom, ratio, subsets } from "./brute.ts";

const counts = [0, 1, 2, 5, 8, 8].map((c) => ({ n: 8, c }));

test("scores: means over the problems that reach a column, ends around them and inside the range", () => {
  const points = scoreIntervals([[0.5, 1], [0.5], [0, 0], []], 2);
  assert.deepEqual(
    points.map(({ value, problems }) => [value, problems]),
    [
      [1 / 3, 3],
      [0.5, 2],
    ],
  );
  for (const { value, low, high } of points) assert.ok(0 <= low && low < value && value < high && high <= 1);
  assert.equal(scoreIntervals([[1]], 2)[1]?.problems, 0);
});

test("scores of 0 and 1: Jeffreys' interval, or the Bayesian bootstrap's where that is wider", () => {
  const rows = Array.from({ length: 40 }, (_, i) => [i < 10 ? 1 : 0]);
  const [point] = scoreIntervals(rows, 1, { draws: 20_000 });
  const tail = (a: number, b: number) => [betaCdf(point?.low ?? 0, a, b), betaCdf(point?.high ?? 0, a, b)];
  const [low, high] = [0, 1].map((end) => [tail(10.5, 30.5)[end] ?? 0, tail(10, 30)[end] ?? 0]);
  closeTo(Math.max(...(low ?? [])), 0.025, 0.004);
  closeTo(Math.min(...(high ?? [])), 0.975, 0.004);
});

test("gap: paired over common problems, those with too few base samples named as left out", () => {
  const others = [3, 0, 4, 2, 4, 1].map((c) => ({ n: 4, c }));
  const pairs = counts.map((count, i) => [count, others[i] ?? assert.fail()] as const);
  const found = gap(
    [
      ...pairs,
      [
        { n: 2, c: 1 },
        { n: 4, c: 1 },
      ],
      [
        { n: 0, c: 0 },
        { n: 4, c: 1 },
      ],
    ],
    4,
  );
  const base = mean(counts.map(({ n, c }) => exactPassAtK(n, c, 4)));
  closeTo(found?.base ?? 0, base, 1e-12);
  closeTo(found?.other ?? 0, 14 / 24, 1e-12);
  closeTo(found?.gap ?? 0, base - 14 / 24, 1e-12);
  assert.deepEqual(
    [found?.problems, found?.leftOut, found?.baseN, found?.otherN, found?.nDiffers],
    [6, 1, [8, 8], [4, 4], true],
  );
  assert.ok(found && found.low < found.gap && found.gap < found.high);
  assert.equal(gap(pairs, 9), null);
  const fixed = gap(pairs, 4, { interval: "fixed" });
  assert.ok(fixed && fixed.low < fixed.gap && fixed.gap < fixed.high);
});

test("gap at k = 1 is the paired difference, with its interval", () => {
  const pairs = counts.map((count, i) => [count, { n: 8, c: (3 * i) % 9 }] as const);
  const found = gap(pairs, 1, { draws: 4000 });
  const [point] = difference(pairs, [1], { draws: 4000 });
  closeTo(found?.gap ?? 0, point?.difference ?? 1, 1e-12);
  closeTo(found?.low ?? 0, point?.low ?? 1, 0.02);
  closeTo(found?.high ?? 0, point?.high ?? 1, 0.02);
});

test("G-Pass over all subsets, its mean by the sum, pass@k at the least tau and pass^k at 1", () => {
  const k = 4;
  const taus = [0.25, 0.5, 0.75, 1];
  const points = gPassCurve(counts, { k, taus });
  const all = subsets(8, k);
  taus.forEach((tau, i) => {
    const brute = mean(
      counts.map(({ c }) => mean(all.map((set) => (set.filter((j) => j < c).length >= tau * k ? 1 : 0)))),
    );
    closeTo(points[i]?.value ?? 0, brute, 1e-12);
  });
  closeTo(points[0]?.value ?? 0, mean(counts.map(({ n, c }) => exactPassAtK(n, c, k))), 1e-12);
  // k = 4: i = 3 and 4, so (2/4) (G(.75) + G(1)).
  const [average] = meanGPass(counts, [k]);
  closeTo(average?.value ?? 0, ((points[2]?.value ?? 0) + (points[3]?.value ?? 0)) / 2, 1e-12);
  closeTo(meanGPassOf({ n: 8, c: 8 }, 8), 1, 1e-12);
  assert.deepEqual(gPassCurve(counts, { k: 9 }), []);
  assert.deepEqual(meanGPass(counts, [9]), []);
});

test("Cover: counts at each tau, falling; its integral with k (1-tau)^(k-1) is pass@k of the measured accuracies", () => {
  const grid = coverGrid(counts);
  assert.equal(grid.length, 8);
  const points = coverCurve([...counts, { n: 0, c: 0 }], grid);
  assert.deepEqual(
    points.map(({ count }) => count),
    [5, 4, 3, 3, 3, 2, 2, 2],
  );
  for (const k of [1, 3, 8]) {
    // Cover is constant between multiples of 1/8.
    const integral = points.reduce(
      (sum, { tau, value }) => sum + value * ((1 - tau + 1 / 8) ** k - (1 - tau) ** k),
      0,
    );
    closeTo(integral, mean(counts.map(({ c }) => 1 - (1 - c / 8) ** k)), 1e-12);
  }
  assert.deepEqual(coverCurve([], grid), []);
});

test("Fisher's p: exact integers", () => {
  const small = fc.record({ n: fc.integer({ min: 1, max: 30 }), share: fc.nat(30) });
  fc.assert(
    fc.property(small, small, (a, b) => {
      const [x, y] = [
        { n: a.n, c: a.share % (a.n + 1) },
        { n: b.n, c: b.share % (b.n + 1) },
      ];
      const t = x.c + y.c;
      let exact = 0n;
      for (let c = x.c; c <= t; c++) exact += choose(x.n, c) * choose(y.n, t - c);
      closeTo(fisherGreater(x, y), ratio(exact, choose(x.n + y.n, t)), 1e-10);
    }),
    { numRuns: 200 },
  );
});

test("confirmed losses: Benjamini and Hochberg's rule among all problems with a success", () => {
  const [sure, likely, chance, same, none] = [
    [
      { n: 64, c: 40 },
      { n: 64, c: 0 },
    ],
    [
      { n: 64, c: 8 },
      { n: 64, c: 0 },
    ],
    [
      { n: 64, c: 1 },
      { n: 64, c: 0 },
    ],
    [
      { n: 64, c: 5 },
      { n: 64, c: 9 },
    ],
    [
      { n: 64, c: 0 },
      { n: 64, c: 0 },
    ],
  ] as const;
  const list = confirmedLost([none, chance, sure, same, likely]);
  assert.deepEqual(
    list.map(({ index, confirmed }) => [index, confirmed]),
    [
      [2, true],
      [4, true],
      [1, false],
    ],
  );
  closeTo(list[2]?.p ?? 0, 0.5, 1e-9);
  assert.deepEqual(confirmedLost([]), []);
});

test("confirmed losses: false ones are at most a tenth of the list", () => {
  const random = plainRandom(5);
  let [wrong, listed] = [0, 0];
  for (let i = 0; i < 200; i++) {
    const truth = Array.from({ length: 60 }, () => {
      const p = random() ** 3;
      return [p, random() < 0.2 ? p / 10 : p] as const;
    });
    const pairs = truth.map(([a, b]) => [drawn(random, a), drawn(random, b)] as const);
    const found = confirmedLost(pairs).filter(({ confirmed }) => confirmed);
    listed += found.length;
    wrong += found.filter(({ index }) => truth[index]?.[0] === truth[index]?.[1]).length;
  }
  assert.ok(listed > 400, `${listed} listed`);
  assert.ok(wrong / listed <= 0.1, `${wrong} of ${listed}`);
});

function drawn(random: () => number, p: number) {
  let c = 0;
  for (let i = 0; i < 32; i++) if (random() < p) c++;
  return { n: 32, c };
}

test("training signal: the share of mixed groups over all subsets, the unbiased variance", () => {
  for (let c = 0; c <= 8; c++) {
    const all = subsets(8, 4);
    const mixed = mean(
      all.map((set) => {
        const right = set.filter((j) => j < c).length;
        return right > 0 && right < 4 ? 1 : 0;
      }),
    );
    const signal = trainingSignal({ n: 8, c }, 4);
    closeTo(signal.mixedGroups ?? -1, mixed, 1e-12);
    closeTo(signal.rewardVariance ?? -1, (c * (8 - c)) / 56, 1e-12);
  }
  assert.deepEqual(trainingSignal({ n: 1, c: 1 }, 4), { rewardVariance: null, mixedGroups: null });
});

test("the band over all k holds the pointwise one, and is wider by 2 to 3 standard errors instead of 1.96", () => {
  const random = plainRandom(4);
  const pairs = Array.from({ length: 100 }, () => {
    const p = random() ** 3;
    return [drawn(random, p), drawn(random, random() < 0.2 ? 0 : Math.sqrt(p))] as const;
  });
  const { points, factor, firstAhead, secondAhead } = simultaneousBand(pairs, [1, 2, 4, 8, 16, 32]);
  assert.ok(factor > 1.96 && factor < 3, String(factor));
  for (const point of points)
    assert.ok(point.bandLow <= point.low && point.high <= point.bandHigh && point.bandHigh <= 1);
  assert.deepEqual(
    [firstAhead, secondAhead].map((ks) => ks.length > 0),
    [points.some(({ bandLow }) => bandLow > 0), points.some(({ bandHigh }) => bandHigh < 0)],
  );
  const same = simultaneousBand(
    pairs.map(([a]) => [a, a] as const),
    [1, 32],
  );
  assert.deepEqual([same.firstAhead, same.secondAhead], [[], []]);
  assert.deepEqual(simultaneousBand([], [1]).points, []);
});

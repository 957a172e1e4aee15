import assert from "node:assert/strict";
import { test } from "node:test";
import { cotDifference } from "../../../src/core/estimate/cot/cotDifference.ts";
import { cotPass, type CotProblem } from "../../../src/core/estimate/cot/cotPass.ts";
import { passAtK } from "../../../src/core/estimate/passAtK.ts";
import { SeededRandom } from "../../../src/core/estimate/seededRandom.ts";
import { stopAdvice } from "../../../src/core/label/stopAdvice.ts";
import { betaDraw, binomialDraw } from "../../../src/core/estimate/betaDraws.ts";
import { coverageOf } from "../../simulation/cotPass.simulation.ts";
import { chainLaws, difficulties, labelled, sampledRun } from "../../simulation/labelledStudy.ts";

/** Each text one sample. */
const problem = (n: number, right: number, wrong: number, unread = 0): CotProblem => ({
  n,
  c: right + wrong + unread,
  rightTexts: right,
  wrongTexts: wrong,
  rightSamples: right,
  wrongSamples: wrong,
  unread: Array.from({ length: unread }, () => 1),
});

test("with every right answer read the curve is pass@k of the right chains, exactly, whatever n each problem has", () => {
  const problems = [problem(16, 2, 3), problem(8, 0, 4), problem(16, 0, 0), problem(16, 16, 0)];
  const report = cotPass(problems, [1, 4, 8, 16, 32]);
  assert.equal(report.exact, true);
  assert.deepEqual(
    report.points.map(({ k, problems: at }) => [k, at]),
    [
      [1, 4],
      [4, 4],
      [8, 4],
      [16, 3],
    ],
  );
  for (const { k, value, low, high, certain, population } of report.points) {
    const eligible = problems.filter(({ n }) => n >= k);
    const mean = (count: (one: CotProblem) => number) =>
      eligible.reduce((sum, one) => sum + (passAtK(one.n, count(one), k) ?? 0), 0) / eligible.length;
    for (const shown of [value, low, high, certain.low, certain.high])
      assert.ok(Math.abs(shown - mean(({ rightSamples }) => rightSamples)) < 1e-12);
    assert.ok(population.low < value && population.high > value);
  }
  assert.equal(report.points[0]?.passAtK, (5 / 16 + 4 / 8 + 0 + 1) / 4);
});

test("imputed means: one bin of known law against the beta-binomial predictive by numerical integration", () => {
  // 40 problems alike, 3 of 4 read texts right in each; D of the open one is 3 + beta-binomial of the posterior.
  const read = Array.from({ length: 40 }, () => problem(64, 3, 1));
  const report = cotPass([...read, problem(64, 0, 0, 10)], [1], { draws: 4000 });
  const values = read.reduce((sum) => sum + 3 / 64, 0);
  const imputed = (report.points[0]?.value ?? 0) * 41 - values;
  // The texts of 40 problems say q = .75 with hardly any spread: 10 q / 64.
  assert.ok(Math.abs((imputed * 64) / 10 - 0.745) < 0.02, String((imputed * 64) / 10));
});

test("a text that many samples have is right in all of them or in none", () => {
  const read = Array.from({ length: 20 }, (_, i) => problem(20, i % 2, (i + 1) % 2));
  const repeated: CotProblem = { ...problem(20, 0, 0, 0), c: 10, unread: [10] };
  const { points } = cotPass([...read, repeated], [1], { draws: 2000 });
  const [point] = points;
  const low = (10 * 0.05) / 21;
  // Two outcomes only: 0 or 10 of 20.
  assert.ok(point && Math.abs(point.low - low) < 1e-9 && Math.abs(point.high - (low + 0.5 / 21)) < 1e-9);
});

test("few labels: all bins are one, nothing read says nothing; the certain bounds hold the band", () => {
  const none = cotPass([problem(64, 0, 0, 3), problem(64, 0, 0, 30)], [1, 64]);
  assert.equal(none.bins.length, 1);
  assert.equal(none.preliminary, true);
  for (const { value, low, high, certain } of none.points) {
    assert.ok(certain.low <= low && low <= value && value <= high && high <= certain.high);
    assert.ok(certain.low === 0 && high - low > 0.2 * certain.high);
  }
  const many = [0.03, 0.2, 0.6].flatMap((share) =>
    Array.from({ length: 7 }, () => problem(64, 1, 0, Math.round(64 * share) - 1)),
  );
  assert.deepEqual(
    cotPass(many, [1]).bins.map(({ above, upTo, labelledProblems }) => [above, upTo, labelledProblems]),
    [
      [0, 0.05, 7],
      [0.05, 0.25, 7],
      [0.25, 1, 7],
    ],
  );
  // The hardest bin has 5 labelled problems: it is read with the next; so is the last with the one before.
  const fewHard = cotPass(many.slice(2), [1]).bins;
  assert.deepEqual(
    fewHard.map(({ above, upTo }) => [above, upTo]),
    [
      [0, 0.25],
      [0.25, 1],
    ],
  );
  assert.deepEqual(
    cotPass(many.slice(0, 16), [1]).bins.map(({ above, upTo }) => [above, upTo]),
    [
      [0, 0.05],
      [0.05, 1],
    ],
  );
});

test("difference: all read is exact and certain, exchanging the runs exchanges the signs", () => {
  const pairs = [
    [problem(16, 4, 1), problem(16, 1, 3)],
    [problem(16, 0, 2), problem(16, 1, 0)],
  ] as const;
  const [at1, at16] = cotDifference(pairs, [1, 16]);
  assert.ok(at1 && Math.abs(at1.difference - 2 / 32) < 1e-12 && at1.leads === 1 && at1.trails === 0);
  assert.deepEqual([at16?.difference, at16?.certain.low, at16?.certain.high], [-0.5, -0.5, -0.5]);
  const [turned] = cotDifference(
    pairs.map(([a, b]) => [b, a] as const),
    [1],
  );
  assert.ok(turned && Math.abs(turned.difference + 2 / 32) < 1e-12 && turned.trails === 1);
});

test("stop rule: certain where no unread one can matter, open where they can, probable only below the largest k", () => {
  const random = new SeededRandom(3);
  const easy = Array.from({ length: 40 }, () => ({ p: 0.1 + 0.5 * random.uniform(), q: 0.9 }));
  const a = sampledRun(easy, { name: "a", n: 64 }, random);
  const b = sampledRun(
    easy.map(({ p, q }) => ({ p: p / 4, q })),
    { name: "b", n: 64 },
    random,
  );
  const advise = (size: number | null) =>
    stopAdvice([a.items, b.items], labelled([a, b], { size, seed: 1 }).labels, { ks: [1, 64] });
  const [start, startAtN] = advise(10);
  assert.deepEqual([start?.kind, startAtN?.kind, start?.looks], ["goOn", "goOn", []]);
  const [at1] = advise(160);
  assert.deepEqual([at1?.kind, at1?.leader], ["probable", "a"]);
  assert.deepEqual(
    at1?.looks.map(({ labels }) => labels),
    [20, 40, 80],
  );
  const [full] = advise(null);
  assert.deepEqual([full?.kind, full?.leader], ["certain", "a"]);
});

test("coverage of 200 labels at a few seeded repetitions (the whole of it: npm run simulate -- cotPass)", () => {
  const setting = { difficulty: difficulties["beta(.2, 5)"], chain: chainLaws["lucky guesses"] };
  for (const { full, population, bias } of coverageOf(setting, 200, 25)) {
    assert.ok(full >= 0.8 && population >= 0.8, `${full} ${population}`);
    assert.ok(Math.abs(bias) < 0.01);
  }
});

test("beta and binomial draws: their means and variances, also of small shapes and many trials", () => {
  const random = new SeededRandom(5);
  const moments = (draw: () => number, count = 40_000) => {
    let [sum, squares] = [0, 0];
    for (let i = 0; i < count; i++) {
      const x = draw();
      sum += x;
      squares += x * x;
    }
    return { mean: sum / count, variance: squares / count - (sum / count) ** 2 };
  };
  for (const [a, b] of [
    [0.02, 0.3],
    [0.5, 0.5],
    [3, 1.2],
    [40, 9],
  ] as const) {
    const { mean, variance } = moments(() => betaDraw(random, a, b));
    const true2 = (a * b) / ((a + b) ** 2 * (a + b + 1));
    assert.ok(Math.abs(mean - a / (a + b)) < 4 * Math.sqrt(true2 / 40_000), `mean of beta(${a}, ${b})`);
    assert.ok(Math.abs(variance / true2 - 1) < 0.08, `variance of beta(${a}, ${b})`);
  }
  for (const [trials, p] of [
    [5, 0.3],
    [60, 0.9],
    [1000, 0.02],
    [1000, 0.7],
  ] as const) {
    const { mean, variance } = moments(() => binomialDraw(random, trials, p));
    const true2 = trials * p * (1 - p);
    assert.ok(Math.abs(mean - trials * p) < 4 * Math.sqrt(true2 / 40_000), `mean of ${trials}, ${p}`);
    assert.ok(Math.abs(variance / true2 - 1) < 0.05, `variance of ${trials}, ${p}`);
  }
  assert.deepEqual([binomialDraw(random, 500, 0), binomialDraw(random, 500, 1)], [0, 500]);
});

// Stop plans: unbiased by exact enumeration of every way a problem can end, for every k, with and without a random tail.
import assert from "node:assert/strict";
import test from "node:test";
import { fc } from "../../fastCheck.ts";
import {
  adaptiveCurve,
  adaptiveDifference,
  adaptiveGap,
} from "../../../src/core/estimate/adaptive/adaptiveCurve.ts";
import { adaptiveFixedInterval } from "../../../src/core/estimate/adaptive/adaptiveFixedInterval.ts";
import { solvedAfter } from "../../../src/core/estimate/adaptive/solvedAfter.ts";
import {
  afterDraws,
  drawsAhead,
  type EndPoint,
  endPoint,
  samplesSaved,
  type StopPlan,
  tailCoin,
} from "../../../src/core/estimate/adaptive/stopPlan.ts";
import { samplesForPassAt1, usualTail } from "../../../src/core/run/plan.ts";
import { curve } from "../../../src/core/estimate/curve.ts";
import { difference } from "../../../src/core/estimate/difference.ts";
import { without } from "../../paths.ts";
import { binomial, closeTo, mean, plainRandom } from "./brute.ts";
import { cotPath, ioPath, readCounts } from "./game24.ts";

/**
 * Every end point of the plan with its probability, by walking the tree of draws level by level. `rate`: of success, the
 * same for every draw or by what was drawn before.
 */
function ends(
  plan: StopPlan,
  rate: number | ((draws: number, correct: number) => number),
): { end: EndPoint; probability: number }[] {
  const found: { end: EndPoint; probability: number }[] = [];
  const { r, nMax, tail } = plan;
  /** Probability of being under way with so many successes. */
  let alive = new Map<number, number>([[0, 1]]);
  for (let draws = 0; alive.size > 0; draws++) {
    const next = new Map<number, number>();
    for (const [correct, mass] of alive) {
      let going = mass;
      if (correct >= r || draws >= nMax) {
        found.push({ end: { draws, correct, cutOff: false }, probability: mass });
        continue;
      }
      if (tail && draws === tail.n0 && correct === 0) {
        found.push({ end: { draws, correct, cutOff: true }, probability: mass * (1 - tail.probability) });
        going *= tail.probability;
      }
      const p = typeof rate === "number" ? rate : rate(draws, correct);
      next.set(correct + 1, (next.get(correct + 1) ?? 0) + going * p);
      next.set(correct, (next.get(correct) ?? 0) + going * (1 - p));
    }
    alive = next;
  }
  return found;
}

const rates = [0, 0.003, 0.02, 0.1, 0.5, 0.97, 1];

for (const tail of [null, usualTail(64), { n0: 16, probability: 0.5 }, { n0: 5, probability: 0.2 }])
  test(`unbiased at every k, by enumeration${tail ? `, going on with ${tail.probability} after ${tail.n0} failures` : ""}`, () => {
    const nMax = 64;
    const ks = [1, 2, 5, 16, 17, 40, 63, 64];
    for (const r of [1, 2, 4, 8])
      for (const p of rates) {
        const plan = { r, nMax, tail };
        const all = ends(plan, p);
        closeTo(
          all.reduce((sum, one) => sum + one.probability, 0),
          1,
          1e-12,
        );
        const means = ks.map(() => 0);
        for (const { end, probability } of all)
          solvedAfter(plan, end, ks).forEach((x, i) => (means[i]! += probability * x));
        ks.forEach((k, i) => closeTo(means[i] ?? 0, 1 - (1 - p) ** k, 1e-11, `r ${r}, p ${p}, k ${k}`));
      }
  });

test(
  "the usual random tail takes at most half of game24's samples, drawn without replacement; it widens as its words say",
  { skip: without(ioPath, cotPath) },
  () => {
    const nMax = 100;
    const uniform = { r: nMax + 1, nMax };
    const usual = { r: 2, nMax, tail: usualTail(nMax) };
    let spent = 0;
    const wider = [0, 0];
    for (const path of [ioPath!, cotPath!]) {
      const counts = readCounts(path).map(({ c }) => c);
      const [all, some] = [drawnFrom(counts, uniform), drawnFrom(counts, usual)];
      spent += some.spent / 2;
      [0, 1].forEach((at) => (wider[at]! += some.deviations[at]! / all.deviations[at]! / 2));
    }
    assert.ok(spent / nMax < 0.495, String(spent / nMax));
    closeTo(wider[0] ?? 0, 1.27, 0.005);
    closeTo(wider[1] ?? 0, 1.22, 0.005);
  },
);

test(
  "dSE takes at most 46 % of game24's samples, whichever run is the base",
  { skip: without(ioPath, cotPath) },
  () => {
    const nMax = 100;
    for (const path of [ioPath!, cotPath!]) {
      const counts = readCounts(path).map(({ c }) => c);
      const { spent } = drawnFrom(counts, { r: 2, nMax });
      const share = (spent + samplesForPassAt1(nMax)) / (2 * nMax);
      assert.ok(share < 0.455, String(share));
    }
  },
);

/** Of a problem taken at random: samples it takes, and the standard deviation of its pass@1 and pass@n. */
function drawnFrom(counts: readonly number[], plan: StopPlan) {
  const ks = [1, plan.nMax];
  let spent = 0;
  const [sums, squares] = [ks.map(() => 0), ks.map(() => 0)];
  for (const c of counts)
    for (const { end, probability } of ends(plan, (draws, correct) => (c - correct) / (plan.nMax - draws))) {
      const share = probability / counts.length;
      spent += share * end.draws;
      solvedAfter(plan, end, ks).forEach((x, i) => {
        sums[i]! += share * x;
        squares[i]! += share * x * x;
      });
    }
  return { spent, deviations: squares.map((square, i) => Math.sqrt(square - sums[i]! ** 2)) };
}

test("the naive estimate on the stopped counts is what the paper's bias says it is", () => {
  const plan = { r: 1, nMax: 256 };
  let naive = 0;
  for (const { end, probability } of ends(plan, 0.1)) {
    const { draws: n, correct: c } = end;
    const missed =
      n - c < 8 ? 0 : Array.from({ length: 8 }, (_, j) => (n - c - j) / (n - j)).reduce((x, y) => x * y, 1);
    naive += probability * (1 - missed);
  }
  closeTo(naive, 0.8, 0.005);
  closeTo(1 - 0.9 ** 8, 0.57, 0.005);
});

test("averaging over the coin varies less than dividing by its probability", () => {
  const plan: StopPlan = { r: 2, nMax: 64, tail: { n0: 16, probability: 0.5 } };
  const p = 0.03;
  const [k, plain] = [64, { ...plan, tail: null }];
  let [ours, divided] = [0, 0];
  for (const { end, probability } of ends(plan, p)) {
    const [x] = solvedAfter(plan, end, [k]);
    ours += probability * (x ?? 0) ** 2;
  }
  // Horvitz-Thompson: X for problems with a success in 16 draws, 2 X with chance 1/2 for the others.
  for (const { end, probability } of ends(plain, p)) {
    const [x] = solvedAfter(plain, end, [k]);
    const early = end.correct === 0 ? 0 : 1 - choose(end, 16, plain.r);
    divided += probability * (x ?? 0) ** 2 * (early + (1 - early) * 2);
  }
  assert.ok(ours < 0.95 * divided, `${ours} against ${divided}`);
});

/** Share of the ways to an end that begin with n0 failures. */
function choose({ draws, correct }: EndPoint, n0: number, r: number): number {
  const stopped = correct >= r;
  const [slots, hits] = stopped ? [draws - 1, r - 1] : [draws, correct];
  let share = 1;
  for (let j = 0; j < hits; j++) share *= Math.max(0, slots - n0 - j) / (slots - j);
  return share;
}

test("the plan: draws in order decide, later ones are discarded, none is asked for in vain", () => {
  const plan = { r: 2, nMax: 6 };
  assert.equal(afterDraws(plan, [false, true]), "continue");
  assert.equal(afterDraws(plan, [false, true, true]), "stop");
  assert.equal(
    afterDraws(
      plan,
      Array.from({ length: 6 }, () => false),
    ),
    "stop",
  );
  assert.deepEqual(endPoint(plan, [true, false, true, true, true]), { draws: 3, correct: 2, cutOff: false });
  assert.equal(endPoint(plan, [true, false]), null);
  const cases = fc.record({
    all: fc.array(fc.boolean(), { maxLength: 40 }),
    r: fc.integer({ min: 1, max: 4 }),
    nMax: fc.integer({ min: 1, max: 30 }),
    tail: fc.option(fc.record({ n0: fc.integer({ min: 1, max: 10 }), probability: fc.constant(0.5) })),
    heads: fc.boolean(),
  });
  fc.assert(
    fc.property(cases, ({ all, r, nMax, tail, heads }) => {
      const plan = { r, nMax, tail };
      const soFar: boolean[] = [];
      while (afterDraws(plan, soFar, heads) === "continue" && soFar.length < all.length) {
        const ahead = drawsAhead(plan, soFar);
        assert.ok(ahead >= 1);
        for (let i = 0; i < ahead && soFar.length < all.length; i++) {
          assert.equal(afterDraws(plan, soFar, heads), "continue");
          soFar.push(all[soFar.length] as boolean);
        }
      }
      const end = endPoint(plan, all, heads);
      assert.equal(end === null, afterDraws(plan, soFar, heads) === "continue");
      if (end) assert.deepEqual([end.draws, end.correct], [soFar.length, soFar.filter(Boolean).length]);
    }),
  );
});

test("coins fall as they should, and the same way again", () => {
  const tail = { n0: 4, probability: 0.3 };
  const heads = Array.from({ length: 4000 }, (_, i) => tailCoin(tail, 5, i));
  closeTo(heads.filter(Boolean).length / 4000, 0.3, 0.03);
  assert.equal(tailCoin(tail, 5, 17), heads[17]);
});

test("at k = nMax the stopped run's curve is the uniform one, and the 2x2 is the same", () => {
  const random = plainRandom(3);
  const nMax = 32;
  const plan = { r: 2, nMax };
  const draws = Array.from({ length: 50 }, () => {
    const p = random() ** 4;
    return Array.from({ length: nMax }, () => random() < p);
  });
  const uniform = draws.map((list) => ({ n: nMax, c: list.filter(Boolean).length }));
  const stopped = draws.map((list) => endPoint(plan, list) ?? assert.fail("not finished"));
  const run = { plan, ends: stopped };
  const [ours] = adaptiveCurve(run, [nMax]);
  const [theirs] = curve(uniform, [nMax]);
  closeTo(ours?.passAtK ?? 0, theirs?.passAtK ?? 1, 1e-12);
  // The same law from other cells, so other draws.
  closeTo(ours?.low ?? 0, theirs?.low ?? 1, 0.02);
  closeTo(ours?.high ?? 0, theirs?.high ?? 1, 0.02);
  stopped.forEach((end, i) => assert.equal(end.correct >= 1, (uniform[i]?.c ?? 0) >= 1));
  const { spent, uniform: all } = samplesSaved(plan, stopped);
  assert.ok(spent < all && all === 1600);
});

test("plain samples through the same functions are the ordinary estimates", () => {
  const counts = [0, 1, 3, 8, 2].map((c) => ({ n: 8, c }));
  const others = [1, 1, 0, 8, 5].map((c) => ({ n: 8, c }));
  const plain = (list: typeof counts) => ({
    plan: null,
    ends: list.map(({ n, c }) => ({ draws: n, correct: c, cutOff: false })),
  });
  const [a, b] = [plain(counts), plain(others)];
  const ks = [1, 4, 8];
  assert.deepEqual(
    adaptiveCurve(a, ks).map(({ passAtK }) => passAtK.toFixed(12)),
    curve(counts, ks).map(({ passAtK }) => passAtK.toFixed(12)),
  );
  const pairs = counts.map((count, i) => [count, others[i] ?? assert.fail()] as const);
  assert.deepEqual(
    adaptiveDifference([a, b], ks).map((point) => point.difference.toFixed(12)),
    difference(pairs, ks).map((point) => point.difference.toFixed(12)),
  );
  const gap = adaptiveGap([a, b], 8);
  closeTo(gap?.gap ?? 0, 4 / 5 - 15 / 40, 1e-12);
  assert.equal(adaptiveGap([a, b], 9), null);
});

test("fixed benchmark, r = 2: the interval at k = nMax and below holds the truth in at least 92.5 % of samplings", () => {
  const random = plainRandom(8);
  const plan = { r: 2, nMax: 64 };
  const benchmark = Array.from({ length: 60 }, () => (random() < 0.3 ? 0 : random() ** 5));
  const ks = [16, 64];
  const hits = ks.map(() => 0);
  const repetitions = 500;
  for (let i = 0; i < repetitions; i++) {
    const ends = benchmark.map((p) => {
      const draws = Array.from({ length: plan.nMax }, () => binomial(random, 1, p) === 1);
      return endPoint(plan, draws) ?? assert.fail();
    });
    ks.forEach((k, at) => {
      const truth = mean(benchmark.map((p) => 1 - (1 - p) ** k));
      const found = adaptiveFixedInterval({ plan, ends }, k);
      if (found && found.low <= truth && truth <= found.high) hits[at]! += 1;
    });
  }
  hits.forEach((hit, i) => assert.ok(hit / repetitions >= 0.925, `k ${ks[i]}: ${hit / repetitions}`));
  assert.equal(adaptiveFixedInterval({ plan, ends: [] }, 65), null);
});

// The draws behind the bootstrap: moments and tails against their laws, on fixed seeds.
import assert from "node:assert/strict";
import test from "node:test";
import { fc } from "../../fastCheck.ts";
import { quantile } from "../../../src/core/estimate/quantile.ts";
import { SeededRandom } from "../../../src/core/estimate/seededRandom.ts";
import { exponential, gamma, halfGamma, normal } from "../../../src/core/estimate/variates.ts";
import { closeTo, mean, sortedQuantile } from "./brute.ts";

const count = 400_000;

function draw(seed: number, law: (random: SeededRandom) => number): Float64Array {
  const random = new SeededRandom(seed);
  return Float64Array.from({ length: count }, () => law(random));
}

function share(values: Float64Array, test: (x: number) => boolean): number {
  return values.filter(test).length / values.length;
}

/** Four standard errors of a share of `count` draws. */
const within = (p: number): number => 4 * Math.sqrt((p * (1 - p)) / count);

test("equal seeds give equal draws; another seed or stream gives others", () => {
  const take = (random: SeededRandom) => Array.from({ length: 8 }, () => random.nextInt32());
  assert.deepEqual(take(new SeededRandom(7)), take(new SeededRandom(7)));
  assert.notDeepEqual(take(new SeededRandom(7)), take(new SeededRandom(8)));
  assert.notDeepEqual(take(new SeededRandom(7)), take(new SeededRandom(7, 1)));
  assert.notDeepEqual(take(new SeededRandom(7)), take(new SeededRandom(7 + 2 ** 32)));
});

test("below(bound) is uniform, uniform() stays inside (0, 1)", () => {
  const random = new SeededRandom(3);
  const hits = Array.from({ length: 7 }, () => 0);
  for (let i = 0; i < 70_000; i++) hits[random.below(7)]! += 1;
  const chi = hits.reduce((sum, hit) => sum + (hit - 10_000) ** 2 / 10_000, 0);
  assert.ok(chi < 27, `chi square ${chi} of 6 degrees`);
  const uniforms = draw(4, (r) => r.uniform());
  assert.ok(uniforms.every((u) => u > 0 && u < 1));
  closeTo(mean([...uniforms]), 0.5, 0.002);
});

test("normal: quantiles of the law, also beyond the last layer", () => {
  const x = draw(11, normal);
  for (const [at, p] of [
    [-1.959964, 0.025],
    [-1, 0.158655],
    [0, 0.5],
    [0.67449, 0.75],
    [3, 0.99865],
  ] as const) {
    closeTo(
      share(x, (v) => v <= at),
      p,
      within(p),
      `P(X <= ${at})`,
    );
  }
  closeTo(
    share(x, (v) => Math.abs(v) > 3.7),
    2.156e-4,
    within(2.156e-4),
  );
});

test("exponential: quantiles of the law, also beyond the last layer", () => {
  const x = draw(12, exponential);
  for (const at of [0.01, 0.1, 0.5, 1, 2, 5, 8])
    closeTo(
      share(x, (v) => v > at),
      Math.exp(-at),
      within(Math.exp(-at)),
      `P(X > ${at})`,
    );
});

test("gamma: P(X > x) for whole shapes is a Poisson sum", () => {
  for (const shape of [1, 2, 3, 4, 7, 40]) {
    const x = draw(20 + shape, (random) => gamma(random, shape));
    for (const at of [0.6 * shape, shape, 1.5 * shape]) {
      let term = Math.exp(-at);
      let tail = 0;
      for (let i = 0; i < shape; i++) {
        tail += term;
        term *= at / (i + 1);
      }
      closeTo(
        share(x, (v) => v > at),
        tail,
        within(tail),
        `shape ${shape}: P(X > ${at})`,
      );
    }
  }
});

test("half gamma is half a squared normal: its mean 1/2, its variance 1/2", () => {
  const x = draw(13, halfGamma);
  const m = mean([...x]);
  closeTo(m, 0.5, 0.005);
  closeTo(mean([...x].map((v) => (v - m) ** 2)), 0.5, 0.015);
});

test("the quantile is the sorted one, ties and all", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 60 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (list, p) => {
        closeTo(quantile(Float64Array.from(list), p), sortedQuantile(list, p), 1e-9);
      },
    ),
    { seed: 5 },
  );
  assert.ok(Number.isNaN(quantile(new Float64Array(0), 0.5)));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { tokenEntropies } from "../../../src/core/trace/entropy.ts";
import { knownTokens } from "../../../src/core/trace/knownTokens.ts";
import type { ScoredTrace } from "../../../src/core/trace/scoredTrace.ts";
import { entropySums, meanOfSums, temperedEntropyBounds } from "../../../src/core/trace/temperedEntropy.ts";
import { fc } from "../../fastCheck.ts";
import { position, traceOf, type Position } from "./distributions.ts";

const temperature = fc.constantFrom(0.25, 0.6, 1, 1.3, 2);

/** By the definition: -sum q log q. */
function exactEntropy(logProbs: readonly number[], t: number): number {
  const weights = logProbs.map((logProb) => Math.exp(logProb / t));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.reduce((total, weight) => total - (weight / sum) * Math.log(weight / sum), 0);
}

function boundsOf(one: Position, t: number) {
  const known = knownTokens(traceOf([one]).tokens, 0, one.knowsSize ? one.logProbs.length : null);
  assert.ok(known !== null);
  return temperedEntropyBounds(known, t);
}

test("the entropy at a temperature lies within its bounds, which meet where everything is listed", () => {
  fc.assert(
    fc.property(position, temperature, (one, t) => {
      const exact = exactEntropy(one.logProbs, t);
      const { low, high } = boundsOf(one, t);
      assert.ok(low <= exact + 1e-6, `low ${low} > ${exact}`);
      assert.ok(high === null || high >= exact - 1e-6, `high ${high} < ${exact}`);
      assert.ok(low >= 0);
      if (one.knowsSize) assert.ok(high !== null);
      const whole = boundsOf({ ...one, top: one.logProbs.length, knowsSize: true }, t);
      assert.ok(Math.abs(whole.low - exact) < 1e-6 && Math.abs((whole.high ?? NaN) - exact) < 1e-6);
    }),
    { numRuns: 2_000 },
  );
});

test("at T = 1 the bounds hold those of the position itself, or are held by them", () => {
  fc.assert(
    fc.property(position, (one) => {
      if (one.top === 0) return;
      const { low, high } = boundsOf(one, 1);
      const own = tokenEntropies(traceOf([one]));
      // Both hold the truth, so they overlap.
      assert.ok(low <= (Number.isNaN(own.high[0]) ? Infinity : own.high[0]!) + 1e-6);
      assert.ok((high ?? Infinity) >= own.low[0]! - 1e-6);
    }),
    { numRuns: 1_000 },
  );
});

test("the mean over all tokens, its error over texts, and what cannot be counted", () => {
  const even = (size: number): Position => ({
    logProbs: Array(size).fill(-Math.log(size)) as number[],
    own: 0,
    top: size,
    knowsSize: true,
    knowsRank: true,
  });
  const texts = [traceOf([even(2), even(2), even(4)]), traceOf([even(4)]), traceOf([{ ...even(3), top: 0 }])];
  const meanAt = (temperature: number, traces: readonly ScoredTrace[]) =>
    meanOfSums(
      temperature,
      traces.flatMap((trace) => entropySums(trace, { temperature }) ?? []),
    );
  const mean = meanAt(0.6, texts);
  assert.ok(mean !== null);
  const expected = (2 * Math.log(2) + 2 * Math.log(4)) / 4;
  assert.ok(Math.abs(mean.low - expected) < 1e-9 && Math.abs((mean.high ?? NaN) - expected) < 1e-9);
  assert.equal(mean.samples, 2);
  const residuals = [4 * Math.log(2) - 3 * expected, 2 * Math.log(2) - expected];
  const variance = 2 * residuals.reduce((sum, one) => sum + one ** 2, 0);
  assert.ok(Math.abs(mean.standardError - Math.sqrt(variance) / 4) < 1e-9);
  assert.equal(meanAt(1, []), null);
  const open = { ...even(8), top: 3, knowsSize: false };
  const bounded = meanAt(1, [traceOf([open])]);
  assert.equal(bounded?.high, null);
  assert.ok((bounded?.low ?? NaN) <= Math.log(8) && (bounded?.low ?? NaN) > Math.log(3));
});

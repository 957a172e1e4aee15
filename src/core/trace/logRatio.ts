import type { ScoredTrace } from "./scoredTrace.ts";
import { unitLogProbs } from "./units.ts";

/** Ranges that both scorers' units tile, with log P_a - log P_b of each in nats; NaN where one has no log-prob. */
export interface LogRatio {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly values: Float64Array;
}

/**
 * Log-ratio of two scorings of one text. With one tokenizer each range is a unit; with two, the smallest range that ends
 * where a unit of both does. `null` where the two are not of the same text.
 */
export function logRatio(a: ScoredTrace, b: ScoredTrace): LogRatio | null {
  if (a.text !== b.text) return null;
  const [sumsA, sumsB] = [unitLogProbs(a), unitLogProbs(b)];
  const [starts, ends, values] = [[] as number[], [] as number[], [] as number[]];
  let [i, j, start] = [0, 0, 0];
  let [sumA, sumB] = [0, 0];
  while (i < sumsA.length || j < sumsB.length) {
    const [endA, endB] = [a.units.ends[i] ?? Infinity, b.units.ends[j] ?? Infinity];
    if (endA <= endB) sumA += sumsA[i++] as number;
    if (endB <= endA) sumB += sumsB[j++] as number;
    if (endA !== endB) continue;
    starts.push(start);
    ends.push(endA);
    values.push(difference(sumA, sumB));
    [start, sumA, sumB] = [endA, 0, 0];
  }
  return {
    starts: Uint32Array.from(starts),
    ends: Uint32Array.from(ends),
    values: Float64Array.from(values),
  };
}

/** Two floors say nothing of their ratio. */
const difference = (a: number, b: number): number =>
  a === -Infinity && b === -Infinity ? Number.NaN : a - b;

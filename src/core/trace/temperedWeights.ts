import type { KnownTokens } from "./knownTokens.ts";

/** Powers of the known probabilities, relative to the largest; the tail's sum of them lies between the two. */
export interface Weights {
  readonly weights: readonly number[];
  readonly sum: number;
  readonly tailLow: number;
  readonly tailHigh: number;
  /** Of the most probable token that the tail may hold. */
  readonly tailMost: number;
}

/**
 * p^a with a = 1/T, for tokens drawn at temperature T. With R = sum of p_i^a over the tail, r its mass, m its largest
 * probability, N its size: for a >= 1, N (r/N)^a <= R <= m^(a-1) r (convexity, and p^a <= m^(a-1) p); for a < 1 the other
 * way round.
 */
export function weigh(known: KnownTokens, a: number): Weights {
  const { logProbs, tailMass: r, tailMost: m, tailCount: n } = known;
  const largest = logProbs.reduce((max, logProb) => Math.max(max, logProb), -Infinity);
  const weights = logProbs.map((logProb) => Math.exp(a * (logProb - largest)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const tailMost = m <= 0 ? 0 : Math.exp(a * (Math.log(m) - largest));
  if (r <= 0 || n === 0) return { weights, sum, tailLow: 0, tailHigh: 0, tailMost };
  const steep = Math.exp((a - 1) * Math.log(m) + Math.log(r) - a * largest);
  const flat = n === null ? null : Math.exp((1 - a) * Math.log(n) + a * Math.log(r) - a * largest);
  const [tailLow, tailHigh] = a >= 1 ? [flat ?? (a === 1 ? steep : 0), steep] : [steep, flat ?? Infinity];
  return { weights, sum, tailLow: Math.min(tailLow, tailHigh), tailHigh, tailMost };
}

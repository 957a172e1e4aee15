import { knownTokens, type KnownTokens } from "./knownTokens.ts";
import type { ScoredTrace } from "./scoredTrace.ts";

/** Entropy of a position's distribution in nats lies between the two; `high` is `null` without a vocabulary size. */
export interface EntropyBounds {
  readonly low: number;
  readonly high: number | null;
}

/** -p ln p, 0 at 0. */
export const plogp = (p: number): number => (p <= 0 ? 0 : -p * Math.log(p));

/**
 * Bounds of -sum p log p when only some tokens are known (mission A10, where the lower bound takes the tail as one
 * token). Tightened by what the order says: no tail token is above `tailMost`, so by concavity the least entropy has as
 * many of that size as fit into the tail's mass, and one with the rest. The greatest is that of a uniform tail.
 */
export function entropyBounds(known: KnownTokens): EntropyBounds {
  const listed = known.logProbs.reduce((sum, logProb) => sum - Math.exp(logProb) * logProb, 0);
  const { tailMass, tailMost, tailCount } = known;
  if (tailMass <= 0) return { low: listed, high: listed };
  const whole = tailMost <= 0 ? 0 : Math.floor(tailMass / tailMost);
  const low = listed + whole * plogp(tailMost) + plogp(Math.max(0, tailMass - whole * tailMost));
  if (tailCount === null) return { low, high: null };
  // Rounded log-probs may leave mass for a tail of no tokens.
  return { low, high: tailCount === 0 ? low : listed + tailMass * Math.log(tailCount / tailMass) };
}

/** Columns of bounds, NaN where not known. */
export interface EntropyColumns {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** Of every token; NaN throughout where no alternatives came, since one probability says next to nothing. */
export function tokenEntropies({ tokens, scorer }: ScoredTrace): EntropyColumns {
  const [low, high] = [tokens.logProbs.map(() => Number.NaN), tokens.logProbs.map(() => Number.NaN)];
  const { offsets } = tokens.alternatives;
  for (let i = 0; i < low.length; i += 1) {
    if (offsets[i] === offsets[i + 1]) continue;
    const known = knownTokens(tokens, i, scorer.vocabularySize);
    if (known === null) continue;
    const bounds = entropyBounds(known);
    low[i] = bounds.low;
    high[i] = bounds.high ?? Number.NaN;
  }
  return { low, high };
}

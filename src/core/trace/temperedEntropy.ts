import type { EntropyAt } from "../estimate/matchEntropy.ts";
import { type EntropyBounds, plogp } from "./entropy.ts";
import { knownTokens, type KnownTokens } from "./knownTokens.ts";
import type { ScoredTrace } from "./scoredTrace.ts";
import { weigh } from "./temperedWeights.ts";

/**
 * Bounds of the entropy (nats) of one position's distribution q_i = p_i^a / sum p^a at temperature T = 1/a > 0, from the
 * raw log-probs of its most probable tokens; exact where the vocabulary is listed whole. With the tail's share rho of q,
 * H = h(rho) + (1 - rho) H(listed) + rho H(tail) (the chain rule): the tail's own entropy is at most that of N equal tokens
 * and at least -log of the largest share that one of them may have; between the ends of rho, H is concave.
 */
export function temperedEntropyBounds(known: KnownTokens, temperature: number): EntropyBounds {
  const w = weigh(known, 1 / temperature);
  const listed = listedEntropy(w.weights, w.sum);
  if (w.tailHigh <= 0) return { low: listed, high: listed };
  const tailLeast = w.tailMost <= 0 ? 0 : Math.max(0, Math.log(w.tailLow / w.tailMost));
  const share = (tail: number): number => (tail === Infinity ? 1 : tail / (w.sum + tail));
  const [least, most] = [share(w.tailLow), share(w.tailHigh)];
  const low = Math.min(mixed(least, listed, tailLeast), mixed(most, listed, tailLeast));
  if (known.tailCount === null || w.tailHigh === Infinity) return { low, high: null };
  const even = Math.log(Math.max(1, known.tailCount));
  // Where h(rho) + (1 - rho) a + rho b is largest.
  const best = 1 / (1 + Math.exp(listed - even));
  const high = mixed(Math.min(most, Math.max(least, best)), listed, even);
  return { low: Math.min(low, high), high };
}

function listedEntropy(weights: readonly number[], sum: number): number {
  const logs = weights.reduce((total, weight) => total + (weight > 0 ? weight * Math.log(weight) : 0), 0);
  return Math.max(0, Math.log(sum) - logs / sum);
}

const mixed = (share: number, listed: number, tail: number): number =>
  plogp(share) + plogp(1 - share) + (1 - share) * listed + share * tail;

export interface EntropyOptions {
  /** Of the sampler, above 0; its top-p is not looked at. */
  readonly temperature: number;
  /** Where the scorer does not say; without it there is no upper bound unless all tokens are listed. */
  readonly vocabularySize?: number;
}

/** One text's share of a mean token entropy: sums of the bounds over its tokens, nats. */
export interface EntropySums {
  readonly tokens: number;
  readonly low: number;
  readonly high: number;
}

type MeanEntropy = Omit<EntropyAt, "high"> & { readonly high: number | null };

/**
 * Mean token entropy of texts that were drawn at this temperature (analysis A10 of arXiv 2504.13837): over all their tokens,
 * with the standard error of that ratio over texts (the first-order one of survey sampling), as tokens of one text are not
 * independent. `null` without a text; `high` is `null` where one has no upper bound.
 */
export function meanOfSums(temperature: number, texts: readonly EntropySums[]): MeanEntropy | null {
  const tokens = texts.reduce((sum, text) => sum + text.tokens, 0);
  if (tokens === 0) return null;
  const low = texts.reduce((sum, text) => sum + text.low, 0) / tokens;
  const high = texts.reduce((sum, text) => sum + text.high, 0) / tokens;
  const squares = texts.reduce((sum, text) => sum + (text.low - low * text.tokens) ** 2, 0);
  const n = texts.length;
  return {
    temperature,
    low,
    high: Number.isFinite(high) ? high : null,
    standardError: n < 2 ? Infinity : Math.sqrt((squares * n) / (n - 1)) / tokens,
    samples: n,
  };
}

/** Sums over the tokens; `null` where one of them has no alternatives, or a floor instead of a log-prob. */
export function entropySums(
  { tokens, scorer }: ScoredTrace,
  { temperature, vocabularySize: size = scorer.vocabularySize ?? undefined }: EntropyOptions,
): EntropySums | null {
  let [low, high] = [0, 0];
  const { offsets } = tokens.alternatives;
  for (let i = 0; i < tokens.logProbs.length; i += 1) {
    const known = offsets[i] === offsets[i + 1] ? null : knownTokens(tokens, i, size ?? null);
    if (known === null) return null;
    const bounds = temperedEntropyBounds(known, temperature);
    low += bounds.low;
    high += bounds.high ?? Infinity;
  }
  return { tokens: tokens.logProbs.length, low, high };
}

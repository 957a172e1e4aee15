import type { TokenColumns } from "./scoredTrace.ts";

/**
 * What is known of the distribution at one position: some tokens with their probabilities, and of all others ("the
 * tail") their total mass, how large each may be, and how many they are.
 */
export interface KnownTokens {
  /** Log-probs of the alternatives, descending; `own` appended where it is not among them. */
  readonly logProbs: readonly number[];
  /** Index of the trace's own token in `logProbs`. */
  readonly own: number;
  /** How many of `logProbs` are the most probable tokens of all, in order; 0 where that is not certain. */
  readonly topCount: number;
  /** 1 - sum of the known probabilities, at least 0. */
  readonly tailMass: number;
  /** No token of the tail is more probable. */
  readonly tailMost: number;
  /** `null` where the vocabulary's size is not known. */
  readonly tailCount: number | null;
  /** Tokens of the tail that are at least as probable as the own one; `null` where not known. */
  readonly tailBefore: number | null;
}

/** `null` where the position has no log-prob, or a floor instead of one. */
export function knownTokens(
  tokens: TokenColumns,
  index: number,
  vocabularySize: number | null,
): KnownTokens | null {
  const ownLogProb = tokens.logProbs[index] as number;
  if (!Number.isFinite(ownLogProb)) return null;
  const { alternatives } = tokens;
  const [first, end] = [alternatives.offsets[index] as number, alternatives.offsets[index + 1] as number];
  const logProbs = Array.from(alternatives.logProbs.subarray(first, end));
  const place = placeOf(tokens, index);
  const own = place === -1 ? logProbs.length : place;
  if (place === -1) logProbs.push(ownLogProb);
  const rank = tokens.ranks[index] as number;
  const complete = alternatives.complete[index] === 1;
  // Alone, a token of rank 1 is a complete list of one.
  const topCount = complete ? Math.max(end - first, rank === 1 ? 1 : 0) : 0;
  const tailMass = Math.max(0, 1 - logProbs.reduce((sum, logProb) => sum + Math.exp(logProb), 0));
  const least = topCount === 0 ? 0 : (logProbs[topCount - 1] as number);
  return {
    logProbs,
    own,
    topCount,
    tailMass,
    tailMost: Math.min(tailMass, Math.exp(least)),
    tailCount: vocabularySize === null ? null : Math.max(0, vocabularySize - logProbs.length),
    tailBefore: own < topCount ? 0 : rank > 0 && complete ? Math.max(0, rank - 1 - topCount) : null,
  };
}

/** The token's place among its alternatives, -1 where it is none of them: by id, else by text and log-prob. */
function placeOf({ ids, texts, logProbs, alternatives }: TokenColumns, index: number): number {
  const [first, end] = [alternatives.offsets[index] as number, alternatives.offsets[index + 1] as number];
  const id = ids[index] as number;
  for (let i = first; i < end; i += 1) {
    const other = alternatives.ids[i] as number;
    if (id >= 0 && other >= 0 ? other === id : alternatives.texts[i] === texts[index] && isNear(i))
      return i - first;
  }
  return -1;

  function isNear(i: number): boolean {
    return Math.abs((alternatives.logProbs[i] as number) - (logProbs[index] as number)) < 1e-3;
  }
}

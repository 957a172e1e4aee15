import type { ScoredTrace } from "./scoredTrace.ts";
import { isSpecialPiece } from "./tokenPiece.ts";

export interface SummaryOptions {
  /** A token below this probability counts as low. */
  readonly lowProbability?: number;
  /** `drop`: special tokens at the end (`<|im_end|>`) do not count: a base model gives them any probability. */
  readonly end?: "keep" | "drop";
}

/** One trace in numbers. A token without a log-prob, or at a floor, is counted and never averaged in. */
export interface TraceSummary {
  /** T: tokens with a finite log-prob; all others are in the two counts below. */
  readonly tokens: number;
  readonly nullCount: number;
  readonly floorCount: number;
  /** Special tokens at the end that were left out. */
  readonly endCount: number;
  /** Sum of the log-probs, nats. */
  readonly sum: number;
  /** sum / T; `null` for T = 0. */
  readonly mean: number | null;
  /** exp(-sum / T) (mission A4; arXiv 2504.13837, section 4.1); `null` for T = 0. */
  readonly perplexity: number | null;
  /** The least likely token: log-prob and index. */
  readonly least: { readonly logProb: number; readonly token: number } | null;
  readonly lowCount: number;
  readonly lowProbability: number;
}

const defaultLowProbability = 0.01;

export function traceSummary(trace: ScoredTrace, options: SummaryOptions = {}): TraceSummary {
  const lowProbability = options.lowProbability ?? defaultLowProbability;
  const { logProbs } = trace.tokens;
  const stop = options.end === "drop" ? endOfText(trace) : logProbs.length;
  const low = Math.log(lowProbability);
  let [tokens, nullCount, floorCount, lowCount, sum] = [0, 0, 0, 0, 0];
  let least: TraceSummary["least"] = null;
  for (let i = 0; i < stop; i += 1) {
    const logProb = logProbs[i] as number;
    if (Number.isNaN(logProb)) nullCount += 1;
    else if (logProb === -Infinity) floorCount += 1;
    else {
      tokens += 1;
      sum += logProb;
      if (logProb < low) lowCount += 1;
      if (least === null || logProb < least.logProb) least = { logProb, token: i };
    }
  }
  return {
    tokens,
    nullCount,
    floorCount,
    endCount: logProbs.length - stop,
    sum,
    mean: tokens === 0 ? null : sum / tokens,
    perplexity: tokens === 0 ? null : Math.exp(-sum / tokens),
    least,
    // What is at a floor is below any threshold.
    lowCount: lowCount + floorCount,
    lowProbability,
  };
}

function endOfText({ tokens, units }: ScoredTrace): number {
  let stop = tokens.texts.length;
  let unit = units.starts.length - 1;
  for (; unit >= 0; unit -= 1) {
    const first = units.firstTokens[unit] as number;
    const single = stop - first === 1;
    if (!single || !isSpecialPiece({ text: tokens.texts[first] ?? "", bytes: null, special: false })) break;
    stop = first;
  }
  return stop;
}

/** Perplexity of a part of the trace. */
export interface PartScore {
  readonly tokens: number;
  readonly unscored: number;
  /** Mean surprisal in nats; `null` without a scored token. */
  readonly meanSurprisal: number | null;
  readonly perplexity: number | null;
}

/** Each part's score: a token belongs to the part in which its unit begins. `parts` are UTF-16 ranges in order. */
export function partScores(
  { tokens, units }: ScoredTrace,
  parts: readonly { readonly start: number; readonly end: number }[],
): readonly PartScore[] {
  const sums = parts.map(() => ({ tokens: 0, unscored: 0, sum: 0 }));
  let part = 0;
  for (let unit = 0; unit < units.starts.length; unit += 1) {
    const start = units.starts[unit] as number;
    while (part < parts.length && start >= (parts[part]?.end ?? 0)) part += 1;
    const here = sums[part];
    if (here === undefined || start < (parts[part]?.start ?? 0)) continue;
    for (let i = units.firstTokens[unit] as number; i < (units.firstTokens[unit + 1] as number); i += 1) {
      const logProb = tokens.logProbs[i] as number;
      if (!Number.isFinite(logProb)) here.unscored += 1;
      else {
        here.tokens += 1;
        here.sum += logProb;
      }
    }
  }
  return sums.map(({ tokens, unscored, sum }) => ({
    tokens,
    unscored,
    meanSurprisal: tokens === 0 ? null : -sum / tokens,
    perplexity: tokens === 0 ? null : Math.exp(-sum / tokens),
  }));
}

/**
 * Where a value stands among others: the share below it, ties by half (mid-rank), with the number compared with.
 * `null` without others: a percentile of nothing is none.
 */
export function percentileAmong(
  value: number,
  others: readonly number[],
): { readonly percentile: number; readonly n: number } | null {
  if (others.length === 0) return null;
  const below = others.filter((other) => other < value).length;
  const equal = others.filter((other) => other === value).length;
  return { percentile: (below + equal / 2) / others.length, n: others.length };
}

import { knownTokens, type KnownTokens } from "./knownTokens.ts";
import type { ScoredTrace } from "./scoredTrace.ts";
import { weigh, type Weights } from "./temperedWeights.ts";

/**
 * `temperatureFirst`: top-p is taken of the tempered distribution (vLLM, SGLang, Hugging Face).
 * `topPFirst`: of the raw one, and the temperature after it (llama.cpp's default chain).
 */
export type SamplerOrder = "temperatureFirst" | "topPFirst";

export interface Sampler {
  /** 0 is greedy. */
  readonly temperature: number;
  readonly topP: number;
  readonly order: SamplerOrder;
}

export type Reach = "inside" | "outside" | "undecided";

/** Whether a sampler can draw the token, and the log of the probability with which it does: between the two. */
export interface TokenReach {
  readonly reach: Reach;
  readonly logQLow: number;
  readonly logQHigh: number;
}

/** Servers hand over float32: closer than this to the threshold nothing is decided. */
const slack = 1e-6;

/**
 * Is the token in the nucleus, the smallest set of most probable tokens whose mass reaches topP (Holtzman et al. 2020)?
 * It is exactly when the mass before it is less than topP. Tail sums are bounded (see `weigh`). Tokens of equal probability
 * may come in either order: where that decides, nothing is decided.
 */
export function tokenReach(known: KnownTokens, sampler: Sampler): TokenReach {
  if (sampler.temperature === 0) return greedyReach(known);
  const tempered = weigh(known, 1 / sampler.temperature);
  const judged = sampler.order === "temperatureFirst" ? tempered : weigh(known, 1);
  const reach = sampler.topP >= 1 ? "inside" : reachIn(known, judged, sampler.topP);
  if (reach === "outside") return { reach, logQLow: -Infinity, logQHigh: -Infinity };
  const total = nucleusWeight(known, { tempered, judged, topP: sampler.topP });
  const own = Math.log(tempered.weights[known.own] as number);
  const logQHigh = Math.min(0, own - Math.log(total.low));
  // An undecided token may be impossible.
  return {
    reach,
    logQLow: reach === "inside" ? Math.min(0, own - Math.log(total.high)) : -Infinity,
    logQHigh,
  };
}

function reachIn(known: KnownTokens, w: Weights, topP: number): Reach {
  const own = known.logProbs[known.own] as number;
  let [before, tied] = [0, 0];
  for (const [i, logProb] of known.logProbs.entries()) {
    if (i === known.own) continue;
    if (logProb > own) before += w.weights[i] as number;
    else if (logProb === own) tied += w.weights[i] as number;
  }
  const tail = tailBefore(known, w);
  const low = ratio(before + tail.low, w.sum + Math.max(w.tailHigh, tail.low));
  const high = ratio(before + tied + tail.high, w.sum + Math.max(w.tailLow, tail.high));
  if (high < topP - slack || high === 0) return "inside";
  return low >= topP + slack ? "outside" : "undecided";
}

const ratio = (part: number, whole: number): number =>
  whole === Infinity ? (part === Infinity ? 1 : 0) : part / whole;

/** The weight of those tail tokens that may come before the own one. */
function tailBefore(known: KnownTokens, w: Weights): { readonly low: number; readonly high: number } {
  if (known.tailBefore === null) return { low: 0, high: w.tailHigh };
  const own = w.weights[known.own] as number;
  const count = known.tailBefore;
  const low = Math.min(w.tailHigh, count * own);
  return { low, high: Math.max(low, Math.min(w.tailHigh, count * w.tailMost)) };
}

/** What the weights of the nucleus add up to, in tempered weights: at least and at most. */
function nucleusWeight(
  known: KnownTokens,
  { tempered, judged, topP }: { readonly tempered: Weights; readonly judged: Weights; readonly topP: number },
): { readonly low: number; readonly high: number } {
  const all = { low: tempered.sum + tempered.tailLow, high: tempered.sum + tempered.tailHigh };
  if (topP >= 1) return all;
  const low = reached(known, {
    tempered,
    judged,
    target: topP * (judged.sum + judged.tailLow) * (1 - slack),
  });
  const high = reached(known, {
    tempered,
    judged,
    target: topP * (judged.sum + judged.tailHigh) * (1 + slack),
  });
  const own = tempered.weights[known.own] as number;
  if (tempered !== judged)
    return { low: Math.max(own, low ?? listed(known, tempered)), high: high ?? all.high };
  // The nucleus weighs at least topP of all, and less than that and its last token.
  const past = topP * all.high * (1 + slack) + tempered.tailMost;
  return {
    low: Math.max(own, low ?? topP * all.low * (1 - slack)),
    high:
      high ??
      (known.topCount === 0 ? all.high : Math.min(all.high, Math.max(past, own + listed(known, tempered)))),
  };
}

/** The tempered weight of the most probable tokens that together reach the target; `null` where the list is too short. */
function reached(
  known: KnownTokens,
  {
    tempered,
    judged,
    target,
  }: { readonly tempered: Weights; readonly judged: Weights; readonly target: number },
): number | null {
  let [mass, weight] = [0, 0];
  for (let i = 0; i < known.topCount; i += 1) {
    mass += judged.weights[i] as number;
    weight += tempered.weights[i] as number;
    if (mass >= target) return weight;
  }
  return null;
}

const listed = (known: KnownTokens, w: Weights): number =>
  w.weights.slice(0, known.topCount).reduce((sum, weight) => sum + weight, 0);

function greedyReach(known: KnownTokens): TokenReach {
  const own = known.logProbs[known.own] as number;
  const others = known.logProbs.filter((_, i) => i !== known.own);
  const sure: TokenReach = { reach: "inside", logQLow: 0, logQHigh: 0 };
  if (others.some((other) => other > own)) {
    return { reach: "outside", logQLow: -Infinity, logQHigh: -Infinity };
  }
  const tailBelow = known.own < known.topCount || known.tailMost < Math.exp(own);
  const first = tailBelow && others.every((other) => other < own);
  return first ? sure : { reach: "undecided", logQLow: -Infinity, logQHigh: 0 };
}

/** Reachability of a whole trace under a sampler of the scorer. */
export interface TraceReach {
  readonly sampler: Sampler;
  readonly reach: readonly Reach[];
  readonly logQLow: Float64Array;
  readonly logQHigh: Float64Array;
  readonly outsideCount: number;
  readonly undecidedCount: number;
  /** The first token outside; `null` where none is. */
  readonly firstExit: number | null;
  /** An undecided one before it may be the true first exit. */
  readonly firstUndecided: number | null;
  /** log10 of the expected number of draws until this trace: -sum ln q / ln 10; Infinity where it cannot be drawn. */
  readonly log10Draws: { readonly low: number; readonly high: number };
}

/** A token without a log-prob is undecided; one at a floor has probability 0 and is outside. */
export function traceReach({ tokens, scorer }: ScoredTrace, sampler: Sampler): TraceReach {
  const length = tokens.logProbs.length;
  const [logQLow, logQHigh] = [new Float64Array(length), new Float64Array(length)];
  const reach: Reach[] = [];
  for (let i = 0; i < length; i += 1) {
    const known = knownTokens(tokens, i, scorer.vocabularySize);
    const found = known === null ? unknownReach(tokens.logProbs[i] as number) : tokenReach(known, sampler);
    reach.push(found.reach);
    logQLow[i] = found.logQLow;
    logQHigh[i] = found.logQHigh;
  }
  const indexOf = (wanted: Reach): number | null => {
    const index = reach.indexOf(wanted);
    return index === -1 ? null : index;
  };
  const draws = (logQ: Float64Array): number => -logQ.reduce((sum, value) => sum + value, 0) / Math.LN10;
  return {
    sampler,
    reach,
    logQLow,
    logQHigh,
    outsideCount: reach.filter((one) => one === "outside").length,
    undecidedCount: reach.filter((one) => one === "undecided").length,
    firstExit: indexOf("outside"),
    firstUndecided: indexOf("undecided"),
    log10Draws: { low: draws(logQHigh), high: draws(logQLow) },
  };
}

function unknownReach(logProb: number): TokenReach {
  if (logProb === -Infinity) return { reach: "outside", logQLow: -Infinity, logQHigh: -Infinity };
  return { reach: "undecided", logQLow: -Infinity, logQHigh: 0 };
}

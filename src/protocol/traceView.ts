// One trace as the inspector shows it. Arrays of numbers cross as typed arrays: 131,072 tokens are 2 MB, not 131,072 objects.
import type { Reach } from "../core/trace/reachability.ts";
import type { ScorerFacts } from "../core/trace/scoredTrace.ts";
import type { TraceSummary } from "../core/trace/traceSummary.ts";

export interface TraceView {
  /** Its place in `traces`. */
  readonly trace: number;
  readonly question: string;
  readonly gold: string | null;
  readonly text: string;
  readonly steps: readonly StepView[];
  readonly segments: readonly SegmentView[];
  /** False claims of arithmetic, to be underlined. */
  readonly claims: readonly ClaimView[];
  /** `null` where the trace was not scored. */
  readonly scores: ScoresView | null;
}

export interface StepView {
  readonly start: number;
  readonly end: number;
  readonly title: string;
  readonly meanSurprisal: number | null;
  readonly perplexity: number | null;
}

export interface SegmentView {
  readonly kind: "think" | "answer";
  readonly start: number;
  readonly end: number;
}

export interface ClaimView {
  readonly start: number;
  readonly end: number;
  /** E.g. `195 + 367 + 562 + 900 is 2024, not 1924`. */
  readonly message: string;
}

/** One number a display unit; UTF-16 ranges that tile the text. NaN: not known. */
export interface ScoresView {
  readonly facts: ScorerFacts;
  readonly summary: TraceSummary;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Nats; Infinity at a floor. */
  readonly surprisal: Float32Array;
  /** 0 unknown, -k beyond the first k. */
  readonly ranks: Int32Array;
  /** Lower bounds, nats. */
  readonly entropy: Float32Array;
  /** 0 inside, 1 undecided, 2 outside. */
  readonly reach: Uint8Array;
  /** `null` without another scorer, or while that has not scored the trace. */
  readonly logRatio: LogRatioView | null;
  /** Least likely first, at most 100. */
  readonly lowest: Uint32Array;
  readonly forks: Uint32Array;
  readonly reachSummary: ReachSummary;
  /** Of this trace's perplexity; `null` where there are no traces to compare it with. */
  readonly percentile: PercentileView | null;
}

/** log P of this scorer - log P of the other, in nats. Ranges of its own where the tokenizers differ. */
export interface LogRatioView {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** NaN: not known. */
  readonly values: Float32Array;
  /** Of the trace under the other scorer. */
  readonly summary: TraceSummary;
}

/** A perplexity among those of the scorer's own traces of the same problem, under that scorer. */
export interface PercentileView {
  /** 0 to 1, ties by half (core/trace/traceSummary.ts). */
  readonly percentile: number;
  /** Traces compared with. */
  readonly n: number;
  /** The model that wrote them. */
  readonly model: string;
}

export interface ReachSummary {
  readonly outside: number;
  readonly undecided: number;
  /** Unit of the first token outside; `null` for none. */
  readonly firstExit: number | null;
  /** Unit of the first undecided token: before `firstExit` it may be the true one. */
  readonly firstUndecided: number | null;
  /** `null` where the trace cannot be drawn. */
  readonly log10DrawsLow: number | null;
  /** `null` where the trace cannot be drawn, or may not be. */
  readonly log10DrawsHigh: number | null;
}

export interface UnitDetail {
  readonly text: string;
  readonly tokens: readonly TokenDetail[];
  /** The tokens of the scorer that a log-ratio is taken against, where they lie on the same range of text; or []. */
  readonly against: readonly TokenDetail[];
}

export interface TokenDetail {
  readonly token: number;
  readonly id: number | null;
  readonly text: string;
  /** UTF-8, hexadecimal, with spaces between bytes. */
  readonly bytes: string;
  readonly logProb: number | null;
  readonly probability: number | null;
  readonly rank: number;
  readonly entropyLow: number | null;
  readonly entropyHigh: number | null;
  readonly reach: Reach;
  readonly alternatives: readonly { readonly text: string; readonly logProb: number }[];
}

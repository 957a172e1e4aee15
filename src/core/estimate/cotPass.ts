import type { Bounds } from "./meanInterval.ts";

/** One problem of one run, its right answers read in part. A text that several samples have is read once. */
export interface CotProblem {
  readonly n: number;
  readonly c: number;
  /** Texts that were read and found right or wrong (ambiguous ones are as if not read). */
  readonly rightTexts: number;
  readonly wrongTexts: number;
  /** Samples that have these texts. */
  readonly rightSamples: number;
  readonly wrongSamples: number;
  /** Samples of each text that is not read; their sum is c - rightSamples - wrongSamples. */
  readonly unread: readonly number[];
}

export interface CotPoint {
  readonly k: number;
  /** CoT-Pass@k: mean over problems with n >= k, a sample counting only if answer and chain of thought are right. */
  readonly value: number;
  /** 95 % for the curve that would be seen if every right answer were read (target A). */
  readonly low: number;
  readonly high: number;
  /** 95 % for other problems like these (target B). */
  readonly population: Bounds;
  /** Between "all unread ones are wrong" and "all are right": no assumption at all. */
  readonly certain: Bounds;
  /** pass@k by the answers alone. */
  readonly passAtK: number;
  readonly problems: number;
}

/** Problems of like accuracy share a law of "the chain is right given that the answer is". */
export interface CotBin {
  /** above < c/n <= upTo. */
  readonly above: number;
  readonly upTo: number;
  readonly problems: number;
  readonly labelledProblems: number;
  readonly rightTexts: number;
  readonly readTexts: number;
}

export interface CotPassReport {
  readonly points: readonly CotPoint[];
  readonly bins: readonly CotBin[];
  /** Problems with c > 0. */
  readonly solved: number;
  /** Texts read and found right or wrong, and all there are. */
  readonly read: number;
  readonly texts: number;
  /** Every right answer was read: value = low = high. */
  readonly exact: boolean;
  /** Fewer than 2 labels for each solved problem: say so beside the curve. */
  readonly preliminary: boolean;
}

export interface CotPassOptions {
  /** Imputations; default 500. */
  readonly draws?: number;
  /** Default 1. */
  readonly seed?: number;
}

/** CoT-Pass@k at each of `ks` that a problem can estimate. */
export function cotPass(
  problems: readonly CotProblem[],
  ks: readonly number[],
  options: CotPassOptions = {},
): CotPassReport {
  throw new Error(`not there yet ${problems.length} ${ks.length} ${options.draws}`);
}

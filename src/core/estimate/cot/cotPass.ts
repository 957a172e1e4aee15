import { ascending } from "../curve.ts";
import type { Bounds } from "../meanInterval.ts";
import { quantile } from "../quantile.ts";
import { cotBins, readOf } from "./cotBins.ts";
import { drawnCurves } from "./drawnCurves.ts";
import { SolvedRows } from "./solvedRows.ts";

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
  /** Right-answer texts read and found right or wrong, and all there are. */
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

/**
 * CoT-Pass@k at each of `ks` that a problem can estimate, by multiple imputation of what was not read: per difficulty bin
 * a beta-binomial law of "right chain given a right answer" (see `betaLaw`), imputed counts D, pass@k of (n, D). The
 * plug-in D = q c is biased upward by up to 13 points where q differs between problems. Exact where all is read.
 */
export function cotPass(
  problems: readonly CotProblem[],
  ks: readonly number[],
  { draws = 500, seed = 1 }: CotPassOptions = {},
): CotPassReport {
  const sampled = problems.filter(({ n }) => n > 0);
  const used = ascending(
    ks,
    sampled.reduce((max, { n }) => Math.max(max, n), 0),
  );
  const drawn = drawnCurves({ runs: [sampled], low: 0 }, { ks: used, draws, seed });
  const meanOf = meanCurve(sampled, used);
  const [certainLow, certainHigh] = [meanOf(leastRight), meanOf(mostRight)];
  const answers = meanOf(({ c }) => c);
  const points = used.map((k, row): CotPoint => {
    const ofRow = (values: Float64Array) => values.slice(row * draws, (row + 1) * draws);
    const full = ofRow(drawn.full);
    const value = full.reduce((sum, x) => sum + x, 0) / draws;
    const population = [ofRow(drawn.bootstrap), ofRow(drawn.jeffreys)];
    return {
      k,
      value,
      ...around(value, [full]),
      population: around(value, population),
      certain: { low: certainLow[row] as number, high: certainHigh[row] as number },
      passAtK: answers[row] as number,
      problems: sampled.filter(({ n }) => n >= k).length,
    };
  });
  return { points, ...readingOf(sampled) };
}

/** Samples whose answer and chain of thought are right, 0 to n, with every unread one taken as wrong. */
export const leastRight = ({ rightSamples }: CotProblem): number => rightSamples;
/** The same with every unread one taken as right. */
export const mostRight = ({ c, wrongSamples }: CotProblem): number => c - wrongSamples;

/** Mean pass@k over the problems with n >= k, of whatever count each is given. */
export function meanCurve(
  problems: readonly CotProblem[],
  ks: readonly number[],
): (rightOf: (problem: CotProblem) => number) => Float64Array {
  const rows = new SolvedRows(ks);
  return (rightOf) => {
    const sums = new Float64Array(ks.length);
    const counts = new Float64Array(ks.length);
    for (const problem of problems) {
      for (const [k, solved] of rows.row(problem.n, rightOf(problem)).entries()) {
        sums[k] = (sums[k] as number) + solved;
        counts[k] = (counts[k] as number) + 1;
      }
    }
    return sums.map((sum, k) => sum / (counts[k] as number));
  };
}

/** From the least 2.5 % to the largest 97.5 % quantile of the draws (reordered), `value` inside. */
export function around(value: number, samples: readonly Float64Array[]): Bounds {
  return {
    low: Math.min(value, ...samples.map((draws) => quantile(draws, 0.025))),
    high: Math.max(value, ...samples.map((draws) => quantile(draws, 0.975))),
  };
}

function readingOf(problems: readonly CotProblem[]): Omit<CotPassReport, "points"> {
  const solved = problems.filter(({ c }) => c > 0);
  const read = solved.reduce((sum, problem) => sum + readOf(problem), 0);
  const unread = solved.reduce((sum, problem) => sum + problem.unread.length, 0);
  return {
    bins: cotBins(problems).map(({ facts }) => facts),
    solved: solved.length,
    read,
    texts: read + unread,
    exact: unread === 0,
    preliminary: unread > 0 && read < 2 * solved.length,
  };
}

import type { ProblemCount } from "./names.ts";

export interface NewlySolved {
  /** Problems with c = 0, and with c = 1. */
  readonly f0: number;
  readonly f1: number;
  /** At most about this many of the f0 would be solved by as many samples again: f0 (1 - exp(-f1/f0)) <= f1. */
  readonly expected: number;
  /** 95 % upper limit f1 + 1.96 sqrt(f1 + 1), at most f0. */
  readonly upper: number;
}

/**
 * How many of the problems not solved would be solved by another n samples each: a bound in expectation, from the
 * log-convexity of the moments of 1-p (as fixedMoments). "Not solved" is a statement about n. Under a stop plan with
 * r >= 2 the same (who has one success went on to nMax); with r = 1 nobody knows f1, and the bound is f0.
 */
export function newlySolved(counts: readonly ProblemCount[]): NewlySolved {
  const f0 = counts.filter(({ n, c }) => n > 0 && c === 0).length;
  const f1 = counts.some(({ stop }) => stop?.r === 1) ? Infinity : counts.filter(({ c }) => c === 1).length;
  return {
    f0,
    f1,
    expected: f0 === 0 ? 0 : -f0 * Math.expm1(-f1 / f0),
    upper: Math.min(f0, f1 + 1.96 * Math.sqrt(f1 + 1)),
  };
}

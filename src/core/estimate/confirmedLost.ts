import { logFactorial } from "./logFactorial.ts";
import type { ProblemCount } from "./names.ts";

export interface LostProblem {
  /** Index into the pairs given. */
  readonly index: number;
  /** One-sided p value: the chance of a difference at least this large if both runs were equally good. */
  readonly p: number;
  /** Stays on the list when one in ten of the list may be there by chance. */
  readonly confirmed: boolean;
}

/**
 * Problems at which the second run is worse than the first, surest first: one-sided Fisher p of each problem with any
 * success (hypergeometric: T successes spread over n_a + n_b samples, at least c_a of them in a's), and which of them pass
 * Benjamini and Hochberg's rule (1995) at false discovery rate `rate`. Only problems with c_a/n_a > c_b/n_b are listed;
 * all with T > 0 count as tests. Problems ended by a stop plan are no test: their n depends on what came out.
 */
export function confirmedLost(
  pairs: readonly (readonly [ProblemCount, ProblemCount])[],
  rate = 0.1,
): LostProblem[] {
  const tested = pairs.flatMap(([a, b], index) => {
    if (a.n === 0 || b.n === 0 || a.c + b.c === 0 || a.stop || b.stop) return [];
    return [{ index, p: fisherGreater(a, b), worse: a.c * b.n > b.c * a.n }];
  });
  tested.sort((x, y) => x.p - y.p || x.index - y.index);
  const last = tested.findLastIndex(({ p }, i) => p <= (rate * (i + 1)) / tested.length);
  return tested.flatMap(({ index, p, worse }, i) => (worse ? [{ index, p, confirmed: i <= last }] : []));
}

/** P(C_a >= c_a) for C_a hypergeometric: T = c_a + c_b successes among n_a + n_b samples, n_a of them a's. */
export function fisherGreater(a: ProblemCount, b: ProblemCount): number {
  const t = a.c + b.c;
  const logChoose = (n: number, k: number) => logFactorial(n) - logFactorial(k) - logFactorial(n - k);
  const all = logChoose(a.n + b.n, t);
  let sum = 0;
  for (let x = a.c; x <= Math.min(t, a.n); x++) {
    if (t - x <= b.n) sum += Math.exp(logChoose(a.n, x) + logChoose(b.n, t - x) - all);
  }
  return Math.min(1, sum);
}

import type { ProblemCount } from "./names.ts";
import { unsolvedRow } from "./unsolvedRow.ts";

/** What the fixed-benchmark interval needs at one k; everything over the P problems with n >= k. */
export interface FixedMoments {
  /** P. */
  readonly problems: number;
  /** Mean of U: 1 - pass@k. */
  readonly unsolved: number;
  /** Estimated variance of sum_i U_i(k) over new samples of these very problems (an upper bound where 2k > n). */
  readonly variance: number;
  /** u = k / mean n. */
  readonly depth: number;
  /** Problems solved by no sample, and by exactly one. */
  readonly f0: number;
  readonly f1: number;
}

/**
 * Sampling variance of the curve on a fixed benchmark, for ascending ks; `null` at k without problems.
 * Where 2k <= n, v_i = U_i(k)^2 - U_i(2k) is exactly unbiased for Var U_i(k), since E U(2k) = (1-p)^(2k) (Hoeffding's
 * U-statistics); only its sum is used, cut at 0. Where 2k > n no unbiased estimate exists. Per group of equal n, with
 * m_n = f0/P, m_(n-1) = (f0 + f1/n)/P and rho = m_n/m_(n-1): the moments of 1-p are log-convex, so
 * m_2k >= m_n rho^(2k-n), and V = P (mean U(k)^2 - m_n rho^(2k-n)) bounds the variance from above in expectation.
 */
export function fixedMoments(
  counts: readonly ProblemCount[],
  ks: readonly number[],
): (FixedMoments | null)[] {
  const groups = groupByN(counts).map((group) => ({ ...group, rows: groupRows(group, ks) }));
  return ks.map((k, row) => {
    let [problems, unsolved, variance, samples, f0, f1] = [0, 0, 0, 0, 0, 0];
    for (const group of groups) {
      if (group.n < k) continue;
      problems += group.problems;
      samples += group.problems * group.n;
      f0 += group.f0;
      f1 += group.f1;
      unsolved += group.rows.sums[row] as number;
      variance += group.rows.variances[row] as number;
    }
    if (problems === 0) return null;
    const depth = (k * problems) / samples;
    return { problems, unsolved: unsolved / problems, variance: Math.max(0, variance), depth, f0, f1 };
  });
}

interface Group {
  readonly n: number;
  readonly problems: number;
  readonly f0: number;
  readonly f1: number;
  /** Problems by c. */
  readonly byC: ReadonlyMap<number, number>;
}

function groupByN(counts: readonly ProblemCount[]): Group[] {
  const byN = new Map<number, Map<number, number>>();
  for (const { n, c } of counts) {
    if (n === 0) continue;
    const byC = byN.get(n) ?? new Map<number, number>();
    byC.set(c, (byC.get(c) ?? 0) + 1);
    byN.set(n, byC);
  }
  return [...byN].map(([n, byC]) => ({
    n,
    byC,
    problems: [...byC.values()].reduce((sum, m) => sum + m, 0),
    f0: byC.get(0) ?? 0,
    f1: byC.get(1) ?? 0,
  }));
}

/** Sum of U(k), and the variance of that sum, for each k <= n of one group. */
function groupRows({ n, byC, f0, f1 }: Group, ks: readonly number[]) {
  const reachable = ks.filter((k) => k <= n);
  const doubled = reachable.map((k) => 2 * k).filter((k) => k <= n);
  const sums = new Float64Array(ks.length);
  const variances = new Float64Array(ks.length);
  for (const [c, m] of byC) {
    const u = unsolvedRow(n, c, reachable);
    const twice = unsolvedRow(n, c, doubled);
    for (let row = 0; row < u.length; row++) {
      const value = u[row] as number;
      sums[row] = (sums[row] as number) + m * value;
      variances[row] =
        (variances[row] as number) + m * (value * value - (row < twice.length ? (twice[row] as number) : 0));
    }
  }
  const rho = f0 === 0 ? 0 : f0 / (f0 + f1 / n);
  for (let row = doubled.length; row < reachable.length; row++) {
    const beyond = f0 * rho ** (2 * (reachable[row] as number) - n);
    variances[row] = Math.max(0, (variances[row] as number) - beyond);
  }
  return { sums, variances };
}

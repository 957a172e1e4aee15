import { gPassAtK } from "./gPassAtK.ts";
import type { ProblemCount } from "./names.ts";
import { type ScoreOptions, scoreIntervals, type ScorePoint } from "./scoreIntervals.ts";

export interface GPassPoint extends ScorePoint {
  readonly k: number;
  readonly tau: number;
}

export interface MeanGPassPoint extends ScorePoint {
  readonly k: number;
}

/** The thresholds of arXiv 2412.13147, table 2; 1 is "all k right", pass^k. */
export const gPassTaus: readonly number[] = [0.25, 0.5, 0.75, 1];

/**
 * Mean G-Pass@k_tau over the problems with n >= k (gPassAtK), at each tau, with 95 % intervals; empty where no problem has
 * k samples. Falls with tau; at the smallest tau (at least one of k) it is pass@k.
 */
export function gPassCurve(
  counts: readonly ProblemCount[],
  { k, taus = gPassTaus }: { readonly k: number; readonly taus?: readonly number[] },
  options: ScoreOptions = {},
): GPassPoint[] {
  const rows = remembered(counts, k, (count) => taus.map((tau) => gPassAtK(count, k, tau) ?? Number.NaN));
  if (rows.length === 0) return [];
  return scoreIntervals(rows, taus.length, options).map((point, i) => ({
    k,
    tau: taus[i] as number,
    ...point,
  }));
}

/**
 * Mean G-Pass@k_tau along ascending `ks` at one tau, with 95 % intervals: each k over the problems with n >= k; a k that no
 * problem can estimate is left out.
 */
export function gPassAlongK(
  counts: readonly ProblemCount[],
  { ks, tau }: { readonly ks: readonly number[]; readonly tau: number },
  options: ScoreOptions = {},
): GPassPoint[] {
  const most = counts.reduce((n, count) => Math.max(n, count.n), 0);
  const used = ks.filter((k) => k <= most);
  const rows = remembered(counts, 1, (count) =>
    used.flatMap((k) => (k <= count.n ? [gPassAtK(count, k, tau) ?? Number.NaN] : [])),
  );
  return scoreIntervals(rows, used.length, options).map((point, i) => ({
    k: used[i] as number,
    tau,
    ...point,
  }));
}

/** Mean mG-Pass@k (meanGPassOf) with a 95 % interval, at each of `ks` that some problem can estimate. */
export function meanGPass(
  counts: readonly ProblemCount[],
  ks: readonly number[],
  options: ScoreOptions = {},
): MeanGPassPoint[] {
  return ks.flatMap((k) => {
    const rows = remembered(counts, k, (count) => [meanGPassOf(count, k)]);
    const [point] = rows.length === 0 ? [] : scoreIntervals(rows, 1, options);
    return point ? [{ k, ...point }] : [];
  });
}

/**
 * mG-Pass@k of one problem with n >= k: (2/k) sum_{i = ceil(k/2)+1..k} G-Pass@k_{i/k} (arXiv 2412.13147, eq. 6), the area
 * under the stability curve above tau = 1/2.
 */
export function meanGPassOf(count: ProblemCount, k: number): number {
  let sum = 0;
  for (let i = Math.ceil(k / 2) + 1; i <= k; i++) sum += gPassAtK(count, k, i / k) ?? Number.NaN;
  return (2 / k) * sum;
}

/** One row for each problem with n >= k; equal counts are computed once. */
function remembered(
  counts: readonly ProblemCount[],
  k: number,
  rowOf: (count: ProblemCount) => readonly number[],
): (readonly number[])[] {
  const known = new Map<string, readonly number[]>();
  return counts
    .filter(({ n }) => n > 0 && n >= k)
    .map((count) => {
      const key = `${count.n},${count.c}`;
      const row = known.get(key) ?? rowOf(count);
      known.set(key, row);
      return row;
    });
}

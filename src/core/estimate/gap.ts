import { reachOf, solvedOf } from "./countValues.ts";
import { sharpenNearZero } from "./sharpen.ts";
import type { CurveOptions } from "./curve.ts";
import { fixedDifferenceInterval } from "./fixedInterval.ts";
import { fixedMoments } from "./fixedVariance.ts";
import { meanIntervals } from "./meanInterval.ts";
import type { ProblemCount } from "./names.ts";
import { scoreTable } from "./valueTable.ts";

/** Analysis A6 of arXiv 2504.13837: what the base reaches with k samples minus what the other run reaches with one. */
export interface Gap {
  readonly k: number;
  /** pass@k of the base and pass@1 of the other run over the same problems; fractions. */
  readonly base: number;
  readonly other: number;
  /** base - other: the sampling-efficiency gap dSE. */
  readonly gap: number;
  readonly low: number;
  readonly high: number;
  /** Problems that both runs have, with at least k samples of the base and one of the other. */
  readonly problems: number;
  /** Problems that both have, left out because the base has fewer than k samples there. */
  readonly leftOut: number;
  /** Smallest and largest n of either run over the problems used. */
  readonly baseN: readonly [number, number];
  readonly otherN: readonly [number, number];
  /** The base has other sample counts than the other run: the two were not run alike, say so. */
  readonly nDiffers: boolean;
}

/**
 * dSE with a 95 % interval, paired over problems ([base, other]); `null` where no problem can be estimated. Population
 * methods resample problems with the value X_base(k) - X_other(1) in [-1, 1]; `fixed` adds the sampling variances.
 */
export function gap(
  pairs: readonly (readonly [ProblemCount, ProblemCount])[],
  k: number,
  options: CurveOptions = {},
): Gap | null {
  const common = pairs.filter(([a, b]) => a.n > 0 && b.n > 0);
  const used = common.filter(([a]) => reachOf(a) >= k);
  if (used.length === 0) return null;
  const [bases, others] = [used.map(([a]) => a), used.map(([, b]) => b)];
  const base = meanOf(bases.map((count) => solvedOf(count, k) ?? Number.NaN));
  const other = meanOf(others.map((count) => solvedOf(count, 1) ?? Number.NaN));
  const { low, high } = intervalOf(used, k, options);
  return {
    k,
    base,
    other,
    gap: base - other,
    low,
    high,
    problems: used.length,
    leftOut: common.length - used.length,
    baseN: rangeOf(bases),
    otherN: rangeOf(others),
    nDiffers: used.some(([a, b]) => a.n !== b.n),
  };
}

function intervalOf(
  used: readonly (readonly [ProblemCount, ProblemCount])[],
  k: number,
  options: CurveOptions,
): { readonly low: number; readonly high: number } {
  const { interval = "jbb" } = options;
  const missing = { low: Number.NaN, high: Number.NaN };
  if (interval === "fixed") {
    if (used.some((pair) => pair.some(({ stop }) => stop !== undefined))) return missing;
    const [base] = fixedMoments(
      used.map(([a]) => a),
      [k],
    );
    const [other] = fixedMoments(
      used.map(([, b]) => b),
      [1],
    );
    return base && other ? fixedDifferenceInterval(base, other) : missing;
  }
  const rows = used.map(([a, b]) => [(solvedOf(a, k) ?? 0) - (solvedOf(b, 1) ?? 0)]);
  const table = scoreTable(rows, [k]);
  const drawn = meanIntervals(table, { ...options, method: interval, range: [-1, 1] });
  const [bounds] = interval === "jbb" ? sharpenNearZero(table, drawn, options.draws ?? 1000) : drawn;
  return bounds ?? missing;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rangeOf(counts: readonly ProblemCount[]): readonly [number, number] {
  const ns = counts.map(({ n }) => n);
  return [ns.reduce((a, b) => Math.min(a, b)), ns.reduce((a, b) => Math.max(a, b))];
}

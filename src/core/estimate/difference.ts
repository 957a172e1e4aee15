import { reachOf } from "./countValues.ts";
import { ascending, type CurveOptions } from "./curve.ts";
import { fixedDifferenceInterval } from "./fixedInterval.ts";
import { fixedMoments } from "./fixedVariance.ts";
import { meanIntervals } from "./meanInterval.ts";
import type { ProblemCount } from "./names.ts";
import type { DifferencePoint } from "./report.ts";
import { sharpenNearZero } from "./sharpen.ts";
import { differenceTable } from "./valueTable.ts";

export type ProblemPair = readonly [ProblemCount, ProblemCount];

/**
 * pass@k of the first minus that of the second run, paired over problems, with a 95 % interval: at each of `ks` that
 * at least one problem can estimate in both. Population methods put their pseudo-problems at +1 and -1 (meanIntervals).
 */
export function difference(
  pairs: readonly ProblemPair[],
  ks: readonly number[],
  options: CurveOptions = {},
): DifferencePoint[] {
  const used = ascending(
    ks,
    pairs.reduce((max, pair) => Math.max(max, pairN(pair)), 0),
  );
  const { interval = "jbb" } = options;
  if (interval === "fixed") return fixedDifference(pairs, used);
  const table = differenceTable(pairs, used);
  const drawn = meanIntervals(table, { ...options, method: interval, range: [-1, 1] });
  const intervals = interval === "jbb" ? sharpenNearZero(table, drawn, options.draws ?? 1000) : drawn;
  return used.map((k, row) => ({
    k,
    difference: table.means[row] as number,
    low: intervals[row]?.low ?? Number.NaN,
    high: intervals[row]?.high ?? Number.NaN,
    problems: table.eligibleProblems[row] as number,
  }));
}

/** The largest k that a pair can estimate in both runs. */
export function pairN([a, b]: ProblemPair): number {
  return Math.min(reachOf(a), reachOf(b));
}

function fixedDifference(pairs: readonly ProblemPair[], ks: readonly number[]): DifferencePoint[] {
  // How often a stopped problem nearly failed is not known: no interval for its difference on the same problems.
  if (pairs.some((pair) => pair.some(({ stop }) => stop !== undefined))) return [];
  const sameProblems = pairs.every(([a, b]) => a.n === b.n) ? [ks] : ks.map((k) => [k]);
  return sameProblems.flatMap((group) => {
    const eligible = pairs.filter((pair) => pairN(pair) >= (group.length === 1 ? (group[0] ?? 1) : 1));
    const a = fixedMoments(
      eligible.map(([count]) => count),
      group,
    );
    const b = fixedMoments(
      eligible.map(([, count]) => count),
      group,
    );
    return group.flatMap((k, i) => {
      const [ma, mb] = [a[i], b[i]];
      if (!ma || !mb) return [];
      const value = mb.unsolved - ma.unsolved;
      return [{ k, difference: value, ...fixedDifferenceInterval(ma, mb), problems: ma.problems }];
    });
  });
}

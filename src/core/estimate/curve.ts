import { adaptiveFixedInterval } from "./adaptive/adaptiveFixedInterval.ts";
import { endOf, reachOf } from "./countValues.ts";
import { fixedInterval } from "./fixedInterval.ts";
import { fixedMoments } from "./fixedVariance.ts";
import { meanIntervals, type DrawOptions } from "./meanInterval.ts";
import type { IntervalMethod, ProblemCount } from "./names.ts";
import type { CurvePoint } from "./report.ts";
import { unsolvedTable } from "./valueTable.ts";

export interface CurveOptions extends DrawOptions {
  /** Default `jbb`. */
  readonly interval?: IntervalMethod;
}

/**
 * Mean pass@k over the problems with n_i >= k, each with its own n, with a 95 % interval: at each of `ks` that at least
 * one problem can estimate, ascending. The curve never goes past the largest n. The centre is the unbiased estimate.
 */
export function curve(
  counts: readonly ProblemCount[],
  ks: readonly number[],
  options: CurveOptions = {},
): CurvePoint[] {
  const used = ascending(ks, Math.max(0, ...distinctReach(counts)));
  const { interval = "jbb" } = options;
  if (interval === "fixed") return fixedCurve(counts, used);
  const table = unsolvedTable(counts, used);
  const intervals = meanIntervals(table, { ...options, method: interval, range: [0, 1] });
  return used.map((k, row) => {
    const bounds = intervals[row] ?? { low: Number.NaN, high: Number.NaN };
    return {
      k,
      passAtK: 1 - (table.means[row] as number),
      low: 1 - bounds.high,
      high: 1 - bounds.low,
      problems: table.eligibleProblems[row] as number,
    };
  });
}

function fixedCurve(counts: readonly ProblemCount[], ks: readonly number[]): CurvePoint[] {
  if (counts.some(({ stop }) => stop !== undefined)) return stoppedFixedCurve(counts, ks);
  return fixedMoments(counts, ks).flatMap((moments, row) =>
    moments === null
      ? []
      : [
          {
            k: ks[row] as number,
            passAtK: 1 - moments.unsolved,
            ...fixedInterval(moments),
            problems: moments.problems,
          },
        ],
  );
}

/** Of a run under one stop plan: with r >= 2 and no random tail, else there is no such interval and no point. */
function stoppedFixedCurve(counts: readonly ProblemCount[], ks: readonly number[]): CurvePoint[] {
  const used = counts.filter(({ n }) => n > 0);
  const plan = used[0]?.stop;
  if (!plan || plan.tail || plan.r < 2 || used.some(({ stop }) => stop !== plan)) return [];
  const run = { plan, ends: used.map(endOf) };
  return ks.flatMap((k) => {
    const point = adaptiveFixedInterval(run, k);
    return point === null ? [] : [{ k, ...point, problems: used.length }];
  });
}

/** Distinct whole k in 1..nMax, ascending. */
export function ascending(ks: readonly number[], nMax: number): number[] {
  return [...new Set(ks)].filter((k) => Number.isInteger(k) && k >= 1 && k <= nMax).sort((a, b) => a - b);
}

/** The sample counts that occur (few, also for many problems). */
export function distinctN(counts: readonly ProblemCount[]): number[] {
  return [...new Set(counts.map(({ n }) => n))];
}

/** The largest k of the problems, each once. */
export function distinctReach(counts: readonly ProblemCount[]): number[] {
  return [...new Set(counts.map(reachOf))];
}

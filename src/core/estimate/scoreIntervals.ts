import type { CurveOptions } from "./curve.ts";
import { meanIntervals, type PopulationMethod } from "./meanInterval.ts";
import { scoreTable } from "./valueTable.ts";

/** A mean over problems with its 95 % interval. */
export interface ScorePoint {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Problems it is the mean of. */
  readonly problems: number;
}

export interface ScoreOptions extends Omit<CurveOptions, "interval"> {
  /** Default `jbb`. */
  readonly interval?: PopulationMethod;
  /** What a value can be; default [0, 1]. */
  readonly range?: readonly [number, number];
}

/**
 * Means of any per-problem score with the population intervals of meanIntervals: `rows[i][column]`, a shorter row is not
 * estimable at the later columns. A column that no row reaches gives NaN and 0 problems.
 */
export function scoreIntervals(
  rows: readonly ArrayLike<number>[],
  columns: number,
  { interval = "jbb", range = [0, 1], ...draw }: ScoreOptions = {},
): ScorePoint[] {
  const table = scoreTable(
    rows,
    Array.from({ length: columns }, (_, column) => column),
  );
  const bounds = meanIntervals(table, { ...draw, method: interval, range });
  return bounds.map(({ low, high }, column) => ({
    value: table.means[column] as number,
    low: Math.max(range[0], low),
    high: Math.min(range[1], high),
    problems: table.eligibleProblems[column] as number,
  }));
}

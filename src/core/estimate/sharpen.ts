import type { Bounds } from "./meanInterval.ts";
import type { ValueTable } from "./valueTable.ts";
import { weightedMeanQuantile } from "./weightedMeanCdf.ts";

/** Of a drawn 2.5 % quantile, as a share of the interval's width, at 1 draw. */
const quantileError = 0.69;
const errors = 5;
/** Above this many cells the law is narrow and the exact one slow: the drawn bounds stay. */
const mostCells = 1000;

/**
 * Whether a difference is resolved must not hang on the seed. Where a drawn jbb bound lies within five Monte Carlo errors
 * of 0, it is computed without drawing (weightedMeanCdf); the others are returned as they are.
 */
export function sharpenNearZero(table: ValueTable, drawn: readonly Bounds[], draws: number): Bounds[] {
  if (table.cells > mostCells) return [...drawn];
  return drawn.map((bounds, row) => {
    const near = nearZero(bounds, draws);
    return {
      low: near.low ? exactBound(table, row, { tail: 0.025, bounds }) : bounds.low,
      high: near.high ? exactBound(table, row, { tail: 0.975, bounds }) : bounds.high,
    };
  });
}

/** Which bounds so many draws may have put on the wrong side of 0: those within five Monte Carlo errors of it. */
export function nearZero(
  { low, high }: Bounds,
  draws: number,
): { readonly low: boolean; readonly high: boolean } {
  const reach = (errors * quantileError * (high - low)) / Math.sqrt(draws);
  return { low: Math.abs(low) < reach, high: Math.abs(high) < reach };
}

/** The wider of the Jeffreys-Bayesian and the Bayesian bootstrap's bound of a difference (meanIntervals). */
function exactBound(
  table: ValueTable,
  row: number,
  { tail, bounds }: { tail: number; bounds: Bounds },
): number {
  const cells = table.eligibleCells[row] as number;
  const values = table.values.subarray(row * table.cells, row * table.cells + cells);
  const shapes = table.multiplicity.subarray(0, cells);
  const sd = (bounds.high - bounds.low) / 3.92;
  if (!(sd > 0)) return tail < 0.5 ? bounds.low : bounds.high;
  const from = { guess: tail < 0.5 ? bounds.low : bounds.high, sd };
  const mixed = { values: [...values, -1, 1], shapes: [...shapes, 0.5, 0.5] };
  const ends = [weightedMeanQuantile(tail, mixed, from)];
  // All differences equal: the plain law is a point, and the mixed one is wider on either side.
  if (values.some((value) => value !== values[0]))
    ends.push(weightedMeanQuantile(tail, { values, shapes }, from));
  return tail < 0.5 ? Math.min(...ends) : Math.max(...ends);
}

import { ascending } from "../curve.ts";
import type { Gap } from "../gap.ts";
import type { CurvePoint, DifferencePoint } from "../report.ts";
import { type ScoreOptions, scoreIntervals } from "../scoreIntervals.ts";
import { solvedAfter } from "./solvedAfter.ts";
import type { EndPoint, StopPlan } from "./stopPlan.ts";

/** A run sampled under a stop plan, one end point a problem; `plan` null: plain samples (draws = n, correct = c). */
export interface StoppedRun {
  readonly plan: StopPlan | null;
  readonly ends: readonly EndPoint[];
}

/** The largest k that this problem can estimate. */
export function reachOf({ plan }: StoppedRun, end: EndPoint): number {
  return plan?.nMax ?? end.draws;
}

/** Mean pass@k up to nMax with population intervals: as `curve`, from end points. */
export function adaptiveCurve(
  run: StoppedRun,
  ks: readonly number[],
  options: ScoreOptions = {},
): CurvePoint[] {
  const used = ascending(
    ks,
    run.ends.reduce((most, end) => Math.max(most, reachOf(run, end)), 0),
  );
  const rows = run.ends.map((end) => solvedAfter(run.plan, end, used));
  return scoreIntervals(rows, used.length, options).map(({ value, ...rest }, i) => ({
    k: used[i] as number,
    passAtK: value,
    ...rest,
  }));
}

/** First minus second run over problems in the same order, as `difference`, from end points. */
export function adaptiveDifference(
  [a, b]: readonly [StoppedRun, StoppedRun],
  ks: readonly number[],
  options: ScoreOptions = {},
): DifferencePoint[] {
  const reach = a.ends.map((end, i) => Math.min(reachOf(a, end), reachOf(b, b.ends[i] as EndPoint)));
  const used = ascending(ks, Math.max(0, ...reach));
  const rows = a.ends.map((end, i) => {
    const [x, y] = [solvedAfter(a.plan, end, used), solvedAfter(b.plan, b.ends[i] as EndPoint, used)];
    return Array.from(
      { length: Math.min(x.length, y.length) },
      (_, j) => (x[j] as number) - (y[j] as number),
    );
  });
  return scoreIntervals(rows, used.length, { ...options, range: [-1, 1] }).map(({ value, ...rest }, i) => ({
    k: used[i] as number,
    difference: value,
    ...rest,
  }));
}

/** dSE, pass@k of the base minus pass@1 of the other run, as `gap`, from end points. Population methods only. */
export function adaptiveGap(
  [base, other]: readonly [StoppedRun, StoppedRun],
  k: number,
  options: ScoreOptions = {},
): Pick<Gap, "k" | "base" | "other" | "gap" | "low" | "high" | "problems"> | null {
  const pairs = base.ends.flatMap((end, i) => {
    const [x] = solvedAfter(base.plan, end, [k]);
    const [y] = solvedAfter(other.plan, other.ends[i] as EndPoint, [1]);
    return x === undefined || y === undefined ? [] : [[x, y] as const];
  });
  if (pairs.length === 0) return null;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [point] = scoreIntervals(
    pairs.map(([x, y]) => [x - y]),
    1,
    { ...options, range: [-1, 1] },
  );
  return {
    k,
    base: mean(pairs.map(([x]) => x)),
    other: mean(pairs.map(([, y]) => y)),
    gap: point?.value ?? Number.NaN,
    low: point?.low ?? Number.NaN,
    high: point?.high ?? Number.NaN,
    problems: pairs.length,
  };
}

import type { StopPlan } from "./adaptive/stopPlan.ts";

/** How an interval is made: `fixed` in fixedInterval.ts, the others in meanInterval.ts. */
export type IntervalMethod = "jbb" | "percentile" | "fixed" | "gaffke";
export const intervalMethods: readonly IntervalMethod[] = ["jbb", "percentile", "fixed", "gaffke"];

/** `resolved`: the safe interval excludes 0 at both ends; `suggestive`: only the percentile one does. */
export type Resolution = "resolved" | "suggestive" | "notResolved";

/** n samples of one problem, c of them correct. */
export interface ProblemCount {
  readonly n: number;
  readonly c: number;
  /**
   * The plan that ended the sampling, where one did: n and c are then no plain counts, and only `reachOf` and `unsolvedOf`
   * (countValues.ts) know what they estimate. One object for all problems of a run.
   */
  readonly stop?: StopPlan | undefined;
}

/** How an interval is made; see design notes in `interval.ts`. */
export type IntervalMethod = "jbb" | "percentile" | "fixed" | "gaffke";
export const intervalMethods: readonly IntervalMethod[] = ["jbb", "percentile", "fixed", "gaffke"];

/** `resolved`: the safe interval excludes 0 at both ends; `suggestive`: only the percentile one does. */
export type Resolution = "resolved" | "suggestive" | "notResolved";

/** n samples of one problem, c of them correct. */
export interface ProblemCount {
  readonly n: number;
  readonly c: number;
}

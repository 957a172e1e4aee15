import type { CotDifferencePoint } from "../estimate/cotDifference.ts";
import type { CotPassOptions, CotPassReport, CotProblem } from "../estimate/cotPass.ts";
import type { LabelSet } from "./labelSet.ts";
import type { RunItems } from "./model.ts";

/** The problems of a run as the estimate wants them; by `problemKey`, in the run's order. */
export function cotProblems(run: RunItems, labels: LabelSet): ReadonlyMap<string, CotProblem> {
  throw new Error(`not there yet ${run.runId} ${labels.raters.length}`);
}

/** When more labels will not change which run leads at k, had every right answer been read. */
export interface StopAdvice {
  readonly k: number;
  /** `certain`: whatever the unread ones are; `probable`: 99 % of the imputations at two successive doublings of the labels. */
  readonly kind: "certain" | "probable" | "goOn";
  /** Who leads then; `null` while it is open, or where it is certain that none does. */
  readonly leader: string | null;
  /** Labels at each look (20, 40, 80, ...) and the chance that the first run leads. */
  readonly looks: readonly { readonly labels: number; readonly leads: number }[];
}

export interface CotPairReport {
  readonly aId: string;
  readonly bId: string;
  readonly points: readonly CotDifferencePoint[];
  readonly stop: StopAdvice;
}

export interface CotStudy {
  readonly runs: readonly (CotPassReport & {
    readonly runId: string;
    readonly name: string;
    /** Texts whose label is ambiguous or in conflict: counted as not read. */
    readonly ambiguous: number;
  })[];
  /** Each run after the first against the first. */
  readonly pairs: readonly CotPairReport[];
}

export interface CotStudyOptions extends CotPassOptions {
  readonly ks?: readonly number[];
  /** The k of the stop rule; default the largest that all runs can estimate. */
  readonly stopK?: number;
}

/** CoT-Pass@k of each run, and each pair's difference with its stop rule. Human labels only. */
export function cotStudy(
  runs: readonly RunItems[],
  labels: LabelSet,
  options: CotStudyOptions = {},
): CotStudy {
  throw new Error(`not there yet ${runs.length} ${labels.raters.length} ${options.stopK}`);
}

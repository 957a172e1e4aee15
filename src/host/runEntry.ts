import type { StoppedMeter } from "../core/estimate/stoppedRun.ts";
import type { Role, RunTally } from "../core/model.ts";
import type { RunState } from "../protocol/curves.ts";

/** Where a run's samples are. */
export type RunSource =
  | { readonly kind: "sampled"; readonly folder: string }
  /** `model` tells runs of one file apart. */
  | { readonly kind: "imported"; readonly uri: string; readonly model: string };

/** The study that a run is part of. */
export interface StudyRef {
  readonly folder: string;
  readonly name: string;
  /** As it was when its folder was last read. */
  readonly finished: boolean;
}

/** What ended a run before its time. */
export interface RunFailure {
  /** As in StopCode; `cancelled` where the person ended it. */
  readonly code: string;
  readonly status: number | null;
}

/** How a run that is not at work stands, by its counts and what ended it. */
export function restingState({
  finished,
  total,
  failure,
}: Pick<RunEntry, "finished" | "total" | "failure">): RunState {
  if (finished >= total) return "done";
  if (failure === null) return "paused";
  return failure.code === "cancelled" ? "cancelled" : "failed";
}

/** pass@1 and what the trees say beside it; rates are fractions. */
export interface RunSummary {
  readonly problems: number;
  readonly samples: number;
  readonly nMin: number;
  readonly nMax: number;
  /** `null` while no sample is graded. */
  readonly passAtOne: { readonly value: number; readonly low: number; readonly high: number } | null;
  /** Of the samples in n. */
  readonly truncatedShare: number;
  /** Of a run that stops problems early: what it spent on those that are over, and what n of each would have been. */
  readonly meter?: Pick<StoppedMeter, "uniform" | "spentOnThese"> | undefined;
}

/** One run as the Runs view knows it: no samples, no texts. */
export interface RunEntry {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly dataset: string;
  readonly datasetProblems: number;
  /** Equal for runs over the same problems, whatever their files are called; `null`: not counted yet. */
  readonly problemSet: string | null;
  readonly source: RunSource;
  /** Absent for runs on their own. */
  readonly study?: StudyRef;
  readonly state: RunState;
  readonly finished: number;
  readonly total: number;
  /** Why it stands still, in words for the person. */
  readonly message: string | null;
  /** What stopped it last; `null` when nothing did, or it went on since. */
  readonly failure: RunFailure | null;
  readonly summary: RunSummary | null;
  /** Id of the verifier whose verdicts are shown; absent or `null`: those that stand in the run's own file. */
  readonly verdicts?: string | null;
  /** Facets that the person gave imported rollouts, over those of their file; a run folder holds its own. */
  readonly metadata?: RunTally["metadata"];
  /** ISO time of creation, `null` for imported rollouts. */
  readonly createdAt: string | null;
  /** The samples file when `finished` and `summary` were counted; another stamp means: count again. */
  readonly stamp: string | null;
}

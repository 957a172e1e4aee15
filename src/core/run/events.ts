import type { Sample } from "../model.ts";

/** Where a run stands. A whole snapshot each time, at most ten a second. */
export interface RunProgress {
  /** Samples that are on disk and were answered, earlier sessions included. */
  readonly finished: number;
  /** Problems x samples per problem; of a run that stops problems early at most so many, and fewer with each stop. */
  readonly total: number;
  /** Only of a run that stops problems early. */
  readonly stopping?: StoppingProgress | undefined;
  /** Samples given up in this session after all tries; tried again on the next resume. */
  readonly failed: number;
  readonly truncated: number;
  readonly correct: number;
  /** Samples with a verdict correct, incorrect or unparsed. */
  readonly graded: number;
  /** Samples whose text repeats another seed's for the same problem. */
  readonly duplicates: number;
  readonly inFlight: number;
  readonly completionTokens: number;
  /** Since this session began, milliseconds. */
  readonly elapsedMs: number;
  /** Samples finished in this session. */
  readonly finishedNow: number;
  readonly paused: boolean;
  /** Why nothing or little moves at the moment, in words for the person; `null` when all is well. */
  readonly waiting: { readonly reason: string; readonly untilMs: number } | null;
}

/** How far a run under a stop plan is, and what it has saved so far. */
export interface StoppingProgress {
  /** Problems that the plan has ended. */
  readonly problemsOver: number;
  readonly problems: number;
  /** Samples answered for these, what came back behind a stop included. */
  readonly spentOnThese: number;
  /** What n samples of each of these would have been. */
  readonly uniform: number;
}

export type StopCode =
  /** The person cancelled: silent. */
  | "cancelled"
  /** The key was refused (401, 403). */
  | "unauthorized"
  /** No such model or path (404). */
  | "notFound"
  /** The endpoint cannot be reached for longer than the limit. */
  | "unreachable"
  /** `Retry-After` asks for longer than the limit. */
  | "rateLimited"
  /** The first requests were all refused as wrong (400, 422): the plan does not fit the endpoint. */
  | "badRequest"
  /** The run's folder cannot be written. */
  | "diskFull"
  | "storeFailed";

export interface StopReason {
  readonly code: StopCode;
  /** The HTTP status that stopped it, where it was one. */
  readonly status: number | null;
  /** What failed, what is kept, what to do. */
  readonly message: string;
}

/** What `runPlan` yields. The last event is `stopped` or `done`. */
export type RunEvent =
  | { readonly type: "progress"; readonly progress: RunProgress }
  /** On disk when it is yielded. */
  | { readonly type: "sample"; readonly sample: Sample }
  /** Once per problem: samples with different seeds gave the same text, so they are not independent. */
  | { readonly type: "duplicates"; readonly problemKey: string; readonly indexes: readonly number[] }
  | { readonly type: "stopped"; readonly reason: StopReason; readonly progress: RunProgress }
  | { readonly type: "done"; readonly progress: RunProgress };

import type { InputIssue, Problem, RunTally, Sample, SampleOutcome, Verdict } from "../model.ts";
import type { ByteSource, CancelSignal } from "../ports.ts";
import type { Verifier } from "../verify/verifier.ts";

export interface RolloutOptions {
  /** Judges samples that the file did not grade and whose gold is known; without it they stay ungraded. */
  readonly verifier?: Verifier;
  /** For a run folder's `samples.jsonl`, whose lines name problems by key only. */
  readonly problems?: readonly Problem[];
  readonly signal?: CancelSignal;
  readonly onProgress?: (bytesRead: number, total: number) => void;
}

/** Rollouts of one file, counted; no sample text is held. */
export interface RolloutFile {
  /** Name of the format, e.g. `qwenEval`; `null` where none fits (then `issues` says why). */
  readonly format: string | null;
  /** One per model in the file. */
  readonly runs: readonly RolloutRun[];
  readonly issues: readonly InputIssue[];
}

export interface RolloutRun {
  readonly tally: RunTally;
  /** The problem's samples, by index; empty for an unknown key. */
  locate(problemKey: string): readonly SampleRef[];
}

/** All that is known of a sample without its text, and where the text is. */
export interface SampleRef {
  readonly runId: string;
  readonly problemKey: string;
  readonly index: number;
  readonly verdict: Verdict | null;
  readonly extracted: string | null;
  readonly outcome: SampleOutcome;
  readonly finishReason: string | null;
  /** Completion tokens. */
  readonly tokens: number | null;
  /** 1-based line of its record, where the format has lines. */
  readonly line: number | null;
  /** The record: bytes [start, end) of the file, rows [start, end) in Parquet. */
  readonly start: number;
  readonly end: number;
  /** Which of the record's samples, from 0. */
  readonly ordinal: number;
}

/** A sample with its problem, read again from the file. */
export interface SampleDetail extends Sample {
  readonly question: string;
  readonly gold: string | null;
}

/** Rejects with code `cancelled`, or with what the source rejects with. */
export function readRollouts(source: ByteSource, options: RolloutOptions = {}): Promise<RolloutFile> {
  return Promise.reject(new Error(`not yet: ${source.name} ${Object.keys(options).join()}`));
}

/** Reads only the bytes of the sample's record. Rejects with code `stale` when the file no longer has it there. */
export function readSample(
  source: ByteSource,
  ref: SampleRef,
  problems?: readonly Problem[],
): Promise<SampleDetail> {
  return Promise.reject(new Error(`not yet: ${source.name} ${ref.line} ${problems?.length}`));
}

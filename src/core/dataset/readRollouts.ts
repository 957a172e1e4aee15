import type { InputIssue, Problem, RunTally, Sample, SampleOutcome, Verdict } from "../model.ts";
import type { ByteSource, CancelSignal } from "../ports.ts";
import type { Verifier } from "../verify/verifier.ts";
import type { Place, RecordAt, RecordIssue } from "./records/recordFile.ts";
import type { StoppedReading } from "./stoppedTally.ts";
import { breaths } from "./breaths.ts";
import { confirmRepeats } from "./confirmRepeats.ts";
import { countedRun } from "./countedRun.ts";
import { IssueList } from "./issueList.ts";
import { isRefusal, openRecords } from "./records/openRecords.ts";
import { SpanSource } from "./records/spanSource.ts";
import { type ReaderParts, RolloutReader } from "./rolloutReader.ts";

export interface RolloutOptions {
  /** Judges samples that the file did not grade and whose gold is known; without it they stay ungraded. */
  readonly verifier?: Verifier;
  /** Who graded the samples that have a verdict in the file but no name of a verifier beside it. Default `file`. */
  readonly grader?: string;
  /** For a run folder's `samples.jsonl`, whose lines name problems by key only. */
  readonly problems?: readonly Problem[];
  /** For a run folder whose problems were sampled until a stop. */
  readonly stopped?: StoppedReading | undefined;
  readonly signal?: CancelSignal;
  readonly onProgress?: (bytesRead: number, total: number) => void;
  /** Awaited now and then while samples are read and counted, so that other work goes on meanwhile. */
  readonly breathe?: () => Promise<void>;
}

/** Rollouts of one file, counted; no sample text is held. */
export interface RolloutFile {
  /** Name of the format, e.g. `qwenEval`; `null` where none fits (then `issues` says why). */
  readonly format: string | null;
  /** One per model in the file. */
  readonly runs: readonly RolloutRun[];
  readonly issues: readonly InputIssue[];
  /** `null` where the file has no lines that could be counted (Parquet, or it could not be opened). */
  readonly lines: LineCount | null;
  /** `null`: nothing was read. */
  readonly reading: Reading | null;
}

/** Records of a file that has lines; blank lines are no records. */
export interface LineCount {
  /** Of which nothing could be used; each is also an issue, as long as they are few. */
  readonly skipped: number;
  readonly total: number;
}

export interface RolloutRun {
  readonly tally: RunTally;
  /** The problem's samples, by index; empty for an unknown key. */
  locate(problemKey: string): readonly SampleRef[];
  /**
   * The same samples with the verdicts of another judge, counted anew; what that one has not judged is ungraded.
   * The file is not read again. `breathe` is awaited now and then, so that other work goes on meanwhile.
   */
  judgedBy(judge: OtherJudge, breathe: () => Promise<void>): Promise<RolloutRun>;
}

/** Verdicts from elsewhere, by the sample's place: a `VerdictTable` finds them. */
export interface OtherJudge {
  /** Id of the verifier. */
  readonly verifier: string;
  find(
    place: { readonly start: number; readonly ordinal: number },
    fingerprint: number | null,
  ): Verdict | null;
}

/** All that is known of a sample without its text, and where the text is (see `readSample`). */
export interface SampleRef {
  readonly runId: string;
  readonly format: string;
  readonly problemKey: string;
  readonly index: number;
  readonly verdict: Verdict | null;
  readonly extracted: string | null;
  readonly outcome: SampleOutcome;
  readonly finishReason: string | null;
  /** Completion tokens. */
  readonly tokens: number | null;
  /** Of the text: tells whether the file still has it; `null` for an empty text. */
  readonly fingerprint: number | null;
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

/** So many bytes take as long to parse as a sample takes to count. */
const breathBytes = 256;

/** All that is known of a file that was read, to be written down (`keptReading`) or to go on from. */
export interface Reading {
  readonly reader: ReaderParts;
  readonly issues: readonly InputIssue[];
  /** Records of which nothing could be used, besides those that the reader counts. */
  readonly broken: number;
  /** Where more lines would be added; `null` where reading cannot go on. */
  readonly end: Place | null;
}

/**
 * `from`: what was read of the file when it was shorter; only what is new is read then, into the same tables.
 * Rejects with code `cancelled`, or with what the source rejects with.
 */
export async function readRollouts(
  source: ByteSource,
  options: RolloutOptions = {},
  from: Reading | null = null,
): Promise<RolloutFile> {
  const issues = new IssueList(source.name, from?.issues);
  const reader = new RolloutReader(options, issues, from?.reader);
  const span = new SpanSource(source);
  const opened = await openRecords(span);
  if (isRefusal(opened)) {
    issues.add({ line: null, field: null, message: opened.refusal });
    return { format: null, runs: [], issues: issues.list(), lines: null, reading: null };
  }
  let broken = from?.broken ?? 0;
  const breath = breaths(options.breathe);
  const visitor = {
    record: (value: unknown, at: RecordAt): void | Promise<void> => {
      const judged = reader.record(value, at);
      const bytes = opened.kind === "parquet" ? 0 : at.end - at.start;
      const waiting = breath(1 + bytes / breathBytes);
      return waiting === undefined ? judged : Promise.all([waiting, judged]).then(() => undefined);
    },
    issue: (issue: RecordIssue) => {
      if (issue.line !== null) broken++;
      issues.add(issue);
    },
  };
  const { signal, onProgress } = options;
  const end = await opened.each(visitor, { signal, onProgress, from: from?.end });
  const runs: RolloutRun[] = [];
  for (const [name, run] of reader.runs) {
    const rowsOf = run.table.rowsByProblem(reader.problems.problems.length);
    await confirmRepeats({ opened, span, reader, run, rowsOf, ...options });
    runs.push(await countedRun({ name, run, rowsOf, reader, file: source.name, options }));
  }
  return {
    format: reader.format,
    runs,
    issues: issues.list(),
    lines: opened.kind === "parquet" ? null : linesOf(reader, broken),
    reading: { reader: reader.parts(), issues: issues.list(), broken, end },
  };
}

const linesOf = (
  { skipped, records }: Pick<ReaderParts, "skipped" | "records">,
  broken: number,
): LineCount => ({
  skipped: broken + skipped,
  total: broken + records,
});

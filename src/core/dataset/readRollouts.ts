import type {
  InputIssue,
  Problem,
  ProblemTally,
  RunTally,
  Sample,
  SampleOutcome,
  Verdict,
} from "../model.ts";
import type { ByteSource, CancelSignal } from "../ports.ts";
import type { Verifier } from "../verify/verifier.ts";
import type { ProblemIndex } from "./table/problemIndex.ts";
import type { ReadRun } from "./rolloutReader.ts";
import type { RecordAt, RecordIssue } from "./records/recordFile.ts";
import type { SampleFacts } from "./table/sampleTable.ts";
import { breaths } from "./breaths.ts";
import { confirmRepeats } from "./confirmRepeats.ts";
import { IssueList } from "./issueList.ts";
import { isRefusal, openRecords } from "./records/openRecords.ts";
import { SpanSource } from "./records/spanSource.ts";
import { RolloutReader } from "./rolloutReader.ts";
import { baseName, guessRole } from "./runName.ts";
import { type StoppedReading, tallyStopped, withReach } from "./stoppedTally.ts";
import { tallySamples } from "./tallySamples.ts";

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
  /** Awaited now and then while samples are counted, so that other work goes on meanwhile. */
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

/** Rejects with code `cancelled`, or with what the source rejects with. */
export async function readRollouts(source: ByteSource, options: RolloutOptions = {}): Promise<RolloutFile> {
  const issues = new IssueList(source.name);
  const reader = new RolloutReader(options, issues);
  const span = new SpanSource(source);
  const opened = await openRecords(span);
  if (isRefusal(opened)) {
    issues.add({ line: null, field: null, message: opened.refusal });
    return { format: null, runs: [], issues: issues.list(), lines: null };
  }
  let broken = 0;
  const visitor = {
    record: (value: unknown, at: RecordAt) => reader.record(value, at),
    issue: (issue: RecordIssue) => {
      if (issue.line !== null) broken++;
      issues.add(issue);
    },
  };
  await opened.each(visitor, { signal: options.signal, onProgress: options.onProgress });
  const runs: RolloutRun[] = [];
  for (const [name, run] of reader.runs) {
    const rowsOf = run.table.rowsByProblem(reader.problems.problems.length);
    await confirmRepeats({ opened, span, reader, run, rowsOf, ...options });
    runs.push(await countedRun({ name, run, rowsOf, reader, source, options }));
  }
  const lines = { skipped: broken + reader.skipped, total: broken + reader.records };
  return {
    format: reader.format,
    runs,
    issues: issues.list(),
    lines: opened.kind === "parquet" ? null : lines,
  };
}

interface CountedRun {
  readonly name: string;
  readonly run: ReadRun;
  readonly rowsOf: (problem: number) => Uint32Array;
  readonly reader: RolloutReader;
  readonly source: ByteSource;
  readonly options: RolloutOptions;
}

async function countedRun(counted: CountedRun): Promise<RolloutRun> {
  const { run, options } = counted;
  const factsOf = (row: number): SampleFacts => run.table.facts(row);
  const problems = await tallies(counted, factsOf, options.breathe);
  const judges = [...run.judges].sort();
  return rolloutRun(counted, factsOf, {
    verifier: judges.join(" and ") || "none",
    labels: judges.includes("file") ? counted.reader.labels : null,
    problems,
  });
}

/** With their numbers. Problems of a run folder stand there from its begin, also those not sampled yet. */
function shownProblems({ reader, rowsOf, options }: CountedRun): readonly (readonly [Problem, number])[] {
  const planned = options.problems?.length ?? 0;
  return reader.problems.problems.flatMap((problem, number) =>
    rowsOf(number).length > 0 || number < planned ? [[problem, number] as const] : [],
  );
}

type FactsOf = (row: number) => SampleFacts;

function rolloutRun(
  counted: CountedRun,
  factsOf: FactsOf,
  facts: Pick<RunTally, "verifier" | "problems"> & { readonly labels: string | null },
): RolloutRun {
  const { name, run, reader, source, rowsOf } = counted;
  const { stopped } = counted.options;
  const file = baseName(source.name);
  const tally: RunTally = {
    id: name === "" ? source.name : `${source.name}#${name}`,
    name: name === "" ? file : name,
    role: guessRole(name === "" ? file : name),
    dataset: file,
    protocol: null,
    metadata: {},
    ...(stopped === undefined ? {} : { stopPlan: stopped.plan }),
    ...facts,
  };
  const format = reader.format ?? "";
  return {
    tally,
    locate: (key) => refs({ runId: tally.id, format, key, run, problems: reader.problems, rowsOf, factsOf }),
    judgedBy: (judge, breathe) => judgedBy(counted, judge, breathe),
  };
}

async function judgedBy(
  counted: CountedRun,
  judge: OtherJudge,
  breathe: () => Promise<void>,
): Promise<RolloutRun> {
  const { run } = counted;
  const factsOf = (row: number): SampleFacts => {
    const facts = run.table.facts(row);
    const { kind } = facts.outcome;
    const isJudged = kind === "ok" || kind === "truncated";
    const place = { start: facts.at.start, ordinal: facts.ordinal };
    return { ...facts, verdict: isJudged ? judge.find(place, facts.fingerprint) : facts.verdict };
  };
  const problems = await tallies(counted, factsOf, breathe);
  return rolloutRun(counted, factsOf, { verifier: judge.verifier, labels: null, problems });
}

async function tallies(
  counted: CountedRun,
  factsOf: FactsOf,
  breathe: (() => Promise<void>) | undefined,
): Promise<readonly ProblemTally[]> {
  const problems: ProblemTally[] = [];
  const breath = breaths(breathe);
  for (const [problem, number] of shownProblems(counted)) {
    const rows = counted.rowsOf(number);
    problems.push(tallyOf(counted, { problem, rows, factsOf }));
    const waiting = breath(rows.length + 1);
    if (waiting !== undefined) await waiting;
  }
  return counted.options.stopped === undefined ? problems : withReach(problems);
}

interface ProblemRows {
  readonly problem: Problem;
  readonly rows: Uint32Array;
  readonly factsOf: FactsOf;
}

function tallyOf({ run, options: { stopped } }: CountedRun, { problem, rows, factsOf }: ProblemRows) {
  if (stopped === undefined) return tallySamples(problem, map(rows, factsOf));
  const indexed = Array.from(
    rows,
    (row, position) => [run.table.indexOf(row, position), factsOf(row)] as const,
  );
  return tallyStopped(problem, indexed, stopped);
}

function* map(rows: Uint32Array, factsOf: FactsOf): Generator<SampleFacts> {
  for (const row of rows) yield factsOf(row);
}

interface Located {
  readonly runId: string;
  readonly format: string;
  readonly key: string;
  readonly run: ReadRun;
  readonly problems: ProblemIndex;
  readonly rowsOf: (problem: number) => Uint32Array;
  readonly factsOf: FactsOf;
}

function refs({ runId, format, key, run, problems, rowsOf, factsOf }: Located): readonly SampleRef[] {
  const number = problems.number(key);
  if (number === undefined) return [];
  const all = Array.from(rowsOf(number), (row, position): SampleRef => {
    const { at, textHash: _, ...facts } = factsOf(row);
    const { verdict } = facts;
    const extracted = verdict !== null && "extracted" in verdict ? verdict.extracted : null;
    return {
      runId,
      format,
      problemKey: key,
      index: run.table.indexOf(row, position),
      extracted,
      ...facts,
      ...at,
    };
  });
  return all.sort((a, b) => a.index - b.index);
}

// A file's reading written down, so that a later window needs not read the file: its tables and its counts, no texts but
// the questions and the answers.
import type { InputIssue, Problem, SampleOutcome, Verdict } from "../../model.ts";
import type { Place } from "../records/recordFile.ts";
import type { ReadRun } from "../rolloutReader.ts";
import { countedRun, shownProblems } from "../countedRun.ts";
import { mostIssues } from "../issueList.ts";
import {
  type LineCount,
  type Reading,
  type RolloutFile,
  type RolloutOptions,
  type RolloutRun,
} from "../readRollouts.ts";
import { ProblemIndex } from "../table/problemIndex.ts";
import { SampleTable } from "../table/sampleTable.ts";
import { keptTallies, talliesOf } from "./keptTallies.ts";
import { type Numbers, packed, unpacked } from "./packed.ts";

/** Grows when what is written down changes, or when reading comes to mean something else. */
const schema = 1;

interface Kept {
  readonly schema: number;
  readonly note: string;
  readonly format: string | null;
  readonly records: number;
  readonly skipped: number;
  readonly broken: number;
  readonly labels: string | null;
  readonly problems: readonly Problem[];
  readonly issues: readonly Omit<InputIssue, "file">[];
  readonly lines: LineCount | null;
  readonly end: Place | null;
  readonly runs: readonly KeptRun[];
}

interface KeptRun {
  readonly name: string;
  readonly judges: readonly string[];
  readonly verdicts: readonly (Verdict | null)[];
  readonly outcomes: readonly SampleOutcome[];
  readonly finishes: readonly string[];
  /** Of the counts; `null` where they are made anew, as a stop plan is not written down here. */
  readonly answers: readonly string[] | null;
}

/** Arrays of a run: two of its table, its text hashes, and two of its counts. */
const arraysPerRun = 5;

/** In parts that follow each other, with a note of the caller's own; `null` where nothing was read. */
export function keptReading(
  { reading, runs, lines }: RolloutFile,
  note: string,
): readonly Uint8Array<ArrayBuffer>[] | null {
  if (reading === null) return null;
  const { reader, issues, broken, end } = reading;
  const arrays: Numbers[] = [];
  const keptRuns = [...reader.runs].map(([name, { table, judges }], i): KeptRun => {
    const { floats, words, textHashes, verdicts, outcomes, finishes } = table.parts();
    const tally = runs[i]?.tally;
    const tallies = tally === undefined || tally.stopPlan !== undefined ? null : keptTallies(tally.problems);
    arrays.push(
      floats,
      words,
      textHashes,
      tallies?.counts ?? new Float64Array(),
      tallies?.groups ?? new Uint32Array(),
    );
    const answers = tallies?.answers ?? null;
    return { name, judges: [...judges], verdicts, outcomes, finishes, answers };
  });
  const { format, records, skipped, labels, problems } = reader;
  const kept: Kept = {
    schema,
    note,
    format,
    records,
    skipped,
    broken,
    labels,
    problems,
    lines,
    end,
    issues: issues.map(({ line, field, message }) => ({ line, field, message })),
    runs: keptRuns,
  };
  return packed(kept, arrays);
}

export interface OpenedReading {
  readonly note: string;
  /** The file as it was read then. Counts anew only what was not written down; `options` as for reading it. */
  file(name: string, options: RolloutOptions): Promise<RolloutFile>;
  /** To read on with once, after which `file` is of no use; `null` where more lines cannot simply be added. */
  readonly reading: (name: string) => Reading | null;
}

/** `null` where the bytes are not what this version writes. The bytes belong to what is read from now on. */
export function openReading(bytes: Uint8Array<ArrayBuffer>): OpenedReading | null {
  try {
    const { value, arrays } = unpacked(bytes);
    const kept = value as Kept;
    if (kept.schema !== schema || arrays.length !== kept.runs.length * arraysPerRun) return null;
    const runs = kept.runs.map((run, i) => openRun(run, arrays.slice(i * arraysPerRun)));
    if (runs.includes(null)) return null;
    return opened(kept, runs as readonly OpenedRun[]);
  } catch {
    return null;
  }
}

interface OpenedRun extends ReadRun {
  readonly name: string;
  readonly tallies: {
    readonly answers: readonly string[];
    readonly counts: Numbers;
    readonly groups: Numbers;
  } | null;
}

function openRun(run: KeptRun, arrays: readonly Numbers[]): OpenedRun | null {
  const [floats, words, textHashes, counts, groups] = arrays;
  if (!(floats instanceof Float64Array) || !(words instanceof Uint32Array)) return null;
  if (!(textHashes instanceof Float64Array) || counts === undefined || groups === undefined) return null;
  const { name, verdicts, outcomes, finishes, answers } = run;
  const table = SampleTable.of({ floats, words, textHashes, verdicts, outcomes, finishes });
  if (table === null) return null;
  return {
    name,
    table,
    judges: new Set(run.judges),
    tallies: answers === null ? null : { answers, counts, groups },
  };
}

function opened(kept: Kept, runs: readonly OpenedRun[]): OpenedReading {
  const { format, records, skipped, labels, problems, broken, end, lines } = kept;
  const byName = new Map(runs.map((run) => [run.name, run]));
  const reader = { format, records, skipped, labels, problems, runs: byName };
  const issuesOf = (file: string): InputIssue[] => kept.issues.map((issue) => ({ file, ...issue }));
  const readingOf = (file: string): Reading => ({ reader, issues: issuesOf(file), broken, end });
  return {
    note: kept.note,
    async file(name, options) {
      const reading = readingOf(name);
      const index = new ProblemIndex(problems);
      const made: RolloutRun[] = [];
      for (const run of runs) {
        const rowsOf = run.table.rowsByProblem(problems.length);
        const shared = { format, labels, problems: index };
        const counted = { name: run.name, run, rowsOf, reader: shared, file: name, options };
        const shown = () => shownProblems(counted).map(([problem]) => problem);
        const known = run.tallies === null ? null : talliesOf(shown(), run.tallies);
        made.push(await countedRun(counted, known));
      }
      return { format, runs: made, issues: reading.issues, lines, reading };
    },
    // Other formats may have learnt from what they saw; ours has nothing to learn.
    reading: (name) =>
      format === "runLog" && end !== null && kept.issues.length < mostIssues ? readingOf(name) : null,
  };
}

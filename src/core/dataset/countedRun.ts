import type { Problem, ProblemTally, RunTally } from "../model.ts";
import type { OtherJudge, RolloutOptions, RolloutRun, SampleRef } from "./readRollouts.ts";
import type { ReadRun, RolloutReader } from "./rolloutReader.ts";
import type { ProblemIndex } from "./table/problemIndex.ts";
import type { SampleFacts } from "./table/sampleTable.ts";
import { breaths } from "./breaths.ts";
import { baseName, guessRole } from "./runName.ts";
import { tallyStopped, withReach } from "./stoppedTally.ts";
import { tallySamples } from "./tallySamples.ts";

/** One run of a file with what the file has in common for all of its runs. */
export interface CountedRun {
  /** "" where the file has no name for it. */
  readonly name: string;
  readonly run: ReadRun;
  /** In file order. */
  readonly rowsOf: (problem: number) => Uint32Array;
  readonly reader: Pick<RolloutReader, "format" | "labels" | "problems">;
  /** The file's name. */
  readonly file: string;
  readonly options: Pick<RolloutOptions, "problems" | "stopped" | "breathe">;
}

/** Counts it, but where its counts are known already. */
export async function countedRun(
  counted: CountedRun,
  known: readonly ProblemTally[] | null = null,
): Promise<RolloutRun> {
  const { run, options } = counted;
  const factsOf = (row: number): SampleFacts => run.table.facts(row);
  const problems = known ?? (await tallies(counted, factsOf, options.breathe));
  const judges = [...run.judges].sort();
  return rolloutRun(counted, factsOf, {
    verifier: judges.join(" and ") || "none",
    labels: judges.includes("file") ? counted.reader.labels : null,
    problems,
  });
}

/** With their numbers. Problems of a run folder stand there from its begin, also those not sampled yet. */
export function shownProblems({
  reader,
  rowsOf,
  options,
}: CountedRun): readonly (readonly [Problem, number])[] {
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
  const { name, run, reader, rowsOf } = counted;
  const { stopped } = counted.options;
  const file = baseName(counted.file);
  const tally: RunTally = {
    id: name === "" ? counted.file : `${counted.file}#${name}`,
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

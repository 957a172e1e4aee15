import type { SampleRef } from "../../core/dataset/readRollouts.ts";
import { LensError } from "../../core/errors.ts";
import type { ProblemTally } from "../../core/model.ts";
import type { ScoredTrace } from "../../core/trace/scoredTrace.ts";
import type { ProblemRow, TraceRow } from "../../protocol/inspector.ts";
import { baseName, type OpenSource } from "../files.ts";
import type { LoadedRun } from "../runData.ts";
import type { TracePlace } from "./openPlace.ts";
import type { PromptFacts } from "./tracePrompt.ts";
import type { OpenTrace, OpenTraces, TraceSource } from "./traceSource.ts";

/** A run whose samples are looked at. */
export interface InspectedRun {
  readonly name: string;
  readonly run: LoadedRun;
  /** Its file, opened. */
  readonly withFile: <T>(use: (source: OpenSource) => Promise<T>) => Promise<T>;
  /** How it was sampled, and by whom; `null` for the rollouts of others. */
  readonly sampled: {
    readonly facts: NonNullable<PromptFacts["run"]>;
    readonly endpointName: string;
    readonly model: string;
  } | null;
}

/** One problem of one of the runs. */
interface Place {
  readonly run: InspectedRun;
  readonly tally: ProblemTally;
}

export interface WantedTrace {
  /** `null`: the first. */
  readonly run: string | null;
  readonly problemKey: string | null;
  readonly index: number | null;
}

/**
 * The samples of one problem as traces, with the way to the other problems of the runs. Throws `noSample` where the one
 * that is wanted is not there.
 * @param sourceOf what leads to a problem's first trace again
 */
export function problemTraces(
  runs: readonly InspectedRun[],
  wanted: WantedTrace,
  sourceOf: (place: {
    readonly run: string;
    readonly problemKey: string;
    readonly index: number;
  }) => TraceSource,
): OpenTraces {
  const places = runs.flatMap((run): Place[] =>
    run.run.tally.problems.filter(hasSamples).map((tally) => ({ run, tally })),
  );
  const at = places.findIndex(
    ({ run, tally }) =>
      (wanted.run === null || run.name === wanted.run) &&
      (wanted.problemKey === null || tally.problem.key === wanted.problemKey),
  );
  const place = places[at];
  if (place === undefined) throw gone();
  const { run, tally } = place;
  const { key, id } = tally.problem;
  const refs = run.run.locate(key);
  const first = wanted.index === null ? 0 : refs.findIndex((ref) => ref.index === wanted.index);
  if (first === -1 || refs.length === 0) throw gone();
  return {
    title: `${id} · ${run.name}`,
    first,
    rows: refs.map((ref) => rowOf(ref, id, run.name)),
    read: (trace) => read(run, refs, trace),
    place: (trace) => Promise.resolve(placeOf(run, refs[trace])),
    problemKey: key,
    problems: {
      at,
      of: places.length,
      rows: () => places.map((one) => problemRow(one, runs.length > 1)),
      source: (other) => {
        const found = places[other];
        if (found === undefined) throw gone();
        const { key: problemKey } = found.tally.problem;
        const index = found.run.run.locate(problemKey)[0]?.index ?? 0;
        return sourceOf({ run: found.run.name, problemKey, index });
      },
      newest: () =>
        sourceOf(newestOf(places) ?? { run: run.name, problemKey: key, index: refs[first]?.index ?? 0 }),
    },
  };
}

/** The sample that stands last in the file. */
function newestOf(
  places: readonly Place[],
): { readonly run: string; readonly problemKey: string; readonly index: number } | null {
  let [found, last]: [ReturnType<typeof newestOf>, number] = [null, -1];
  for (const { run, tally } of places)
    for (const { start, index } of run.run.locate(tally.problem.key)) {
      if (start < last) continue;
      last = start;
      found = { run: run.name, problemKey: tally.problem.key, index };
    }
  return found;
}

const gone = (): LensError => new LensError("noSample", "This sample is not in the file any more.");

/** A run that is not finished has problems without any. */
const hasSamples = ({ n, undecided, error, failed, ungraded }: ProblemTally): boolean =>
  n + undecided + error + failed + ungraded > 0;

const shownOfQuestion = 160;

const problemRow = ({ run, tally }: Place, several: boolean): ProblemRow => ({
  id: tally.problem.id,
  run: several ? run.name : "",
  question: tally.problem.question.slice(0, shownOfQuestion),
  samples: tally.n + tally.undecided + tally.error + tally.failed + tally.ungraded,
  correct: tally.c,
  judged: tally.n,
});

const rowOf = (ref: SampleRef, problemId: string, name: string): TraceRow => ({
  name,
  problemId,
  index: ref.index,
  verdict: ref.verdict?.kind ?? "ungraded",
  extracted: ref.extracted,
  perplexity: null,
  guest: false,
});

async function read(inspected: InspectedRun, refs: readonly SampleRef[], trace: number): Promise<OpenTrace> {
  const ref = refs[trace];
  if (ref === undefined) throw gone();
  const { run, sampled } = inspected;
  const { question, gold, text, reasoning, tokenIds } = await run.readText(ref);
  const [{ wholeText }, { promptOf }] = await Promise.all([
    import("../../core/trace/traceRecord.ts"),
    import("./tracePrompt.ts"),
  ]);
  const whole = wholeText(text, reasoning);
  const only = refs.filter(({ start }) => start === ref.start).length === 1;
  const tokens =
    tokenIds === undefined || sampled === null
      ? null
      : { ids: tokenIds, endpointName: sampled.endpointName, model: sampled.model };
  return {
    question,
    gold,
    text: whole,
    own: await ownScores(inspected, ref, { texts: [whole, text], only }),
    tokens,
    ...promptOf(sampled === null ? { question } : { question, run: sampled.facts }),
  };
}

/** Log-probs in the sample's own record. */
async function ownScores(
  inspected: InspectedRun,
  ref: SampleRef,
  wanted: { readonly texts: readonly string[]; readonly only: boolean },
): Promise<ScoredTrace | null> {
  const record = await recordOf(inspected, ref);
  if (record === null) return null;
  const { scoresOfTrace } = await import("../../core/trace/traceRecord.ts");
  return scoresOfTrace(record, { ...wanted, name: baseName(inspected.run.file) });
}

/** As it stands in the file; `null` where that cannot be read any more. */
async function recordOf({ withFile }: InspectedRun, { start, end }: SampleRef): Promise<unknown> {
  const { isRefusal, openRecords } = await import("../../core/dataset/records/openRecords.ts");
  return withFile(async (source) => {
    const opened = await openRecords(source);
    return isRefusal(opened) ? null : opened.read(start, end);
  });
}

function placeOf(inspected: InspectedRun, ref: SampleRef | undefined): TracePlace {
  const { file } = inspected.run;
  const line = ref?.line ?? null;
  const isText = ref === undefined || (line !== null && !/\.gz$/i.test(file.path));
  return {
    file,
    line,
    record: isText ? null : { row: ref.start + 1, read: () => recordOf(inspected, ref) },
  };
}

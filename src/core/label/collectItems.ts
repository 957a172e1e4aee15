import type { RawSample, RolloutFormat } from "../dataset/formats/rolloutFormat.ts";
import { rolloutFormats } from "../dataset/formats/rolloutFormats.ts";
import { fingerprint } from "../dataset/hash.ts";
import type { RolloutRun, SampleRef } from "../dataset/readRollouts.ts";
import { isRefusal, openRecords } from "../dataset/records/openRecords.ts";
import { staleFile } from "../dataset/staleFile.ts";
import { FieldError, isRecord } from "../parse.ts";
import type { ByteSource, CancelSignal } from "../ports.ts";
import { wholeText } from "../trace/traceRecord.ts";
import { itemId } from "./itemId.ts";
import type { ItemId, ProblemItems, RunItems, TextItem } from "./model.ts";

export interface CollectOptions {
  readonly signal?: CancelSignal;
  readonly onProgress?: (bytesRead: number, total: number) => void;
  /** Told of each text's item, for whoever needs the texts themselves (exports, a model's votes). Held by nobody else. */
  readonly onText?: (text: ItemText) => void;
}

/** One sample of an item, with its text as it is shown. */
export interface ItemText {
  readonly item: ItemId;
  readonly ref: SampleRef;
  readonly text: string;
}

/**
 * The distinct texts of the runs of one rollout file, with the verdicts that `runs` have (also those of another judge):
 * one pass over the file for the hashes, no text is held. Samples outside n (see `ProblemTally`) and empty texts are no
 * items. Rejects with `cancelled`, `stale` (the file is another than was counted), or with what the source rejects with.
 */
export async function collectItems(
  source: ByteSource,
  runs: readonly RolloutRun[],
  options: CollectOptions = {},
): Promise<readonly RunItems[]> {
  const ids = await hashTexts(source, runs, options);
  return runs.map((run): RunItems => {
    const { id: runId, name, problems, stopPlan } = run.tally;
    const items = problems.map(({ problem, n, c }): ProblemItems => {
      const key = problem.key;
      return { problemKey: key, n, c, items: distinct(run.locate(key), ids) };
    });
    return { runId, name, ...(stopPlan === undefined ? {} : { stopPlan }), problems: items };
  });
}

/** Each counted sample's item, by the start of its record and its place in it. */
type IdsByPlace = ReadonlyMap<number, readonly (ItemId | undefined)[]>;

function distinct(refs: readonly SampleRef[], ids: IdsByPlace): readonly TextItem[] {
  const items = new Map<ItemId, { id: ItemId; index: number; count: number; correct: number }>();
  for (const ref of refs) {
    const id = ids.get(ref.start)?.[ref.ordinal];
    if (id === undefined) continue;
    const item = items.get(id) ?? { id, index: ref.index, count: 0, correct: 0 };
    item.count++;
    if (ref.verdict?.kind === "correct") item.correct++;
    items.set(id, item);
  }
  return [...items.values()];
}

/** Inside n, and with a text to read. */
function isItem({ verdict, outcome, fingerprint: print }: SampleRef): boolean {
  if (verdict === null || outcome.kind === "failed" || print === null) return false;
  return verdict.kind === "correct" || verdict.kind === "incorrect" || verdict.kind === "unparsed";
}

async function hashTexts(
  source: ByteSource,
  runs: readonly RolloutRun[],
  { signal, onProgress, onText }: CollectOptions,
): Promise<IdsByPlace> {
  const wanted = refsByPlace(runs);
  const ids = new Map<number, (ItemId | undefined)[]>();
  const opened = await openRecords(source);
  if (isRefusal(opened)) throw staleFile(source);
  const samplesIn = sampleReader();
  await opened.each(
    {
      record: (value, { start }) => {
        const refs = wanted.get(start);
        if (refs === undefined) return;
        wanted.delete(start);
        const samples = samplesIn(value);
        ids.set(
          start,
          refs.map((ref, ordinal) => {
            const sample = samples[ordinal];
            if (sample === undefined || fingerprint(sample.text) !== ref.fingerprint) throw staleFile(source);
            const text = wholeText(sample.text, sample.reasoning);
            const item = itemId(ref.problemKey, text);
            onText?.({ item, ref, text });
            return item;
          }),
        );
      },
      issue: () => undefined,
    },
    { signal, onProgress },
  );
  if (wanted.size > 0) throw staleFile(source);
  return ids;
}

/** Sparse lists by ordinal: samples that are no items have no entry. */
function refsByPlace(runs: readonly RolloutRun[]): Map<number, SampleRef[]> {
  const places = new Map<number, SampleRef[]>();
  for (const run of runs) {
    for (const { problem } of run.tally.problems) {
      for (const ref of run.locate(problem.key)) {
        if (!isItem(ref)) continue;
        const known = places.get(ref.start);
        if (known !== undefined) known[ref.ordinal] = ref;
        else {
          const refs: SampleRef[] = [];
          refs[ref.ordinal] = ref;
          places.set(ref.start, refs);
        }
      }
    }
  }
  return places;
}

/** What cannot be read was told when the file was opened. */
function sampleReader(): (value: unknown) => readonly RawSample[] {
  const formats = rolloutFormats();
  let format: RolloutFormat | null = null;
  return (value) => {
    if (!isRecord(value)) return [];
    try {
      format ??= formats.find((candidate) => candidate.matches(value)) ?? null;
      return (format?.read(value) ?? []).flatMap(({ samples }) => samples);
    } catch (error) {
      if (error instanceof FieldError) return [];
      throw error;
    }
  };
}

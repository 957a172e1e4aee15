import type { Problem, Verdict } from "../model.ts";
import type { ByteSource } from "../ports.ts";
import type { RawSample, SampleGroup } from "./formats/rolloutFormat.ts";
import type { SampleDetail, SampleRef } from "./readRollouts.ts";
import { FieldError, isRecord } from "../parse.ts";
import { rolloutFormats } from "./formats/rolloutFormats.ts";
import { fingerprint } from "./hash.ts";
import { isRefusal, openRecords } from "./records/openRecords.ts";
import { staleFile } from "./staleFile.ts";

/**
 * The whole of one sample: reads the bytes of its record alone (of a Parquet file, its pages).
 * `problems`: for a run folder's log. Rejects with code `stale` when the file no longer has the sample there.
 */
export async function readSample(
  source: ByteSource,
  ref: SampleRef,
  problems: readonly Problem[] = [],
): Promise<SampleDetail> {
  const found = sampleAt(await recordAt(source, ref), ref);
  if (found === null) throw staleFile(source);
  const { group, sample } = found;
  const problem = problems.find(({ key }) => key === ref.problemKey);
  return {
    problemKey: ref.problemKey,
    index: ref.index,
    seed: sample.seed,
    text: sample.text,
    reasoning: sample.reasoning,
    finishReason: sample.finishReason,
    outcome: sample.outcome,
    // What was judged when the file was read; the file's own verdict is the same where it has one.
    verdict: withTrial(ref.verdict, sample.verdict),
    verifier: sample.verifier,
    usage: sample.usage,
    ...(sample.tokenIds === undefined ? {} : { tokenIds: sample.tokenIds }),
    question: group.question === "" ? (problem?.question ?? "") : group.question,
    gold: group.gold ?? problem?.gold ?? null,
  };
}

/** Tables keep no values of failed tests; they stand in the file, beside the same verdict. */
function withTrial(verdict: Verdict | null, written: Verdict | null): Verdict | null {
  if (verdict?.kind !== "incorrect" || written?.kind !== "incorrect" || written.trial === undefined)
    return verdict;
  return verdict.how === written.how ? { ...verdict, trial: written.trial } : verdict;
}

async function recordAt(source: ByteSource, ref: SampleRef): Promise<unknown> {
  const opened = await openRecords(source);
  if (isRefusal(opened)) throw staleFile(source);
  return opened.read(ref.start, ref.end);
}

function sampleAt(
  record: unknown,
  ref: SampleRef,
): { readonly group: SampleGroup; readonly sample: RawSample } | null {
  const format = rolloutFormats().find(({ name }) => name === ref.format);
  if (format === undefined || !isRecord(record)) return null;
  let ordinal = ref.ordinal;
  for (const group of groupsOf(() => format.read(record))) {
    const sample = group.samples[ordinal];
    if (sample !== undefined) {
      const print = sample.text === "" ? null : fingerprint(sample.text);
      return print === ref.fingerprint ? { group, sample } : null;
    }
    ordinal -= group.samples.length;
  }
  return null;
}

function groupsOf(read: () => readonly SampleGroup[]): readonly SampleGroup[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof FieldError) return [];
    throw error;
  }
}

import { decodeSample } from "../dataset/formats/runLog.ts";
import type { ByteSource } from "../ports.ts";
import type { Sample } from "../model.ts";
import { type SampleCounts, countSample, countVerdict, emptyCounts } from "./counts.ts";
import { type Finished, addFinished } from "./finished.ts";
import { LensError } from "../errors.ts";
import { FieldError } from "../parse.ts";

export interface SampleScan {
  readonly counts: SampleCounts;
  readonly finished: Finished;
  /** Answered, but not judged yet when the run was left. */
  readonly unjudged: readonly Sample[];
  /** Bytes up to and with the last newline: where appending goes on. */
  readonly wholeBytes: number;
  readonly repairs: readonly string[];
}

const chunkBytes = 4 * 1024 * 1024;
const newline = 10;

/**
 * Reads `samples.jsonl` in bounded pieces. A line counts only with its newline: what a kill left behind the last one
 * is cut by the caller. A whole line that is not a sample (a crash of the machine may leave zeros) is skipped, so its
 * sample is asked for again. `onSample`: each that was answered, a later line of the same sample too.
 */
export async function scanSamples(
  source: ByteSource | null,
  onSample: (sample: Sample) => void = () => undefined,
): Promise<SampleScan> {
  const finished: Finished = new Map();
  const counts = emptyCounts();
  const repairs: string[] = [];
  const unjudged = new Map<string, Sample>();
  let lineNumber = 0;
  const byteLength = source?.byteLength ?? 0;
  const wholeBytes = source === null ? 0 : await forEachLine(source, take);
  if (wholeBytes < byteLength) {
    repairs.push(
      `the torn last line (${byteLength - wholeBytes} bytes) was cut; its sample is asked for again`,
    );
  }
  return { finished, counts, unjudged: [...unjudged.values()], wholeBytes, repairs };

  function take(line: string): void {
    lineNumber += 1;
    if (line === "") return;
    try {
      const sample = decodeSample(JSON.parse(line));
      if (sample.outcome.kind === "failed") return;
      const place = `${sample.index} ${sample.problemKey}`;
      if (unjudged.delete(place)) countVerdict(counts, sample);
      else countSample(counts, sample);
      addFinished(finished, sample);
      onSample(sample);
      if (canBeJudged(sample)) unjudged.set(place, sample);
    } catch (error) {
      if (error instanceof FieldError && error.field === "v") {
        throw new LensError(
          "newerSchema",
          `${source?.name} line ${lineNumber}: ${error.message}. Nothing was changed.`,
        );
      }
      const detail = error instanceof Error ? error.message : String(error);
      repairs.push(`line ${lineNumber} was skipped (${detail}); its sample is asked for again`);
    }
  }
}

const canBeJudged = ({ verdict, outcome }: Sample): boolean =>
  verdict === null && (outcome.kind === "ok" || outcome.kind === "truncated");

/** Calls `take` with each line that ends in a newline; returns the bytes they take up. */
export async function forEachLine(
  source: ByteSource,
  take: (line: string) => void,
  pieceBytes = chunkBytes,
): Promise<number> {
  const decoder = new TextDecoder();
  let pieces: Uint8Array[] = [];
  let whole = 0;
  for (let at = 0; at < source.byteLength; at += pieceBytes) {
    const chunk = new Uint8Array(await source.slice(at, Math.min(at + pieceBytes, source.byteLength)));
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      pieces.push(chunk.subarray(start, end));
      take(decoder.decode(joined(pieces)));
      pieces = [];
      start = end + 1;
      whole = at + start;
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start));
  }
  return whole;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

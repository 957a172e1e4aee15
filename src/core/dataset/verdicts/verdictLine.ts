// A verdict set: what one verifier says of every sample of one rollout file, in a file of its own (JSON lines, appended).
//   {"v": 1, "verifier": "math@1:strict"}                                     first
//   {"s": 0, "o": 0, "p": 123, "b": 456, "verdict": {"kind": "correct", ...}} one sample; of two at one place the later holds
//   {"done": "1700000000000:524288", "samples": 800}                          every sample of the file was judged as it then was
import type { Verdict } from "../../model.ts";
import { asInteger, asNumber, asRecord, asString, FieldError, orNull } from "../../parse.ts";
import { decodeVerdict } from "../formats/runLog.ts";

/** Grows when a line's meaning changes; readers refuse a newer one. */
const version = 1;

/** Where a sample stands in its file, as `SampleRef` has it. */
export interface SamplePlace {
  /** First byte of its record (row in Parquet). */
  readonly start: number;
  /** Which of the record's samples, from 0. */
  readonly ordinal: number;
}

/** One judged sample. */
export interface VerdictLine extends SamplePlace {
  /** `fingerprint` of the text, `null` for an empty one: a changed text is not covered by the verdict. */
  readonly print: number | null;
  /** `hashText` of question and gold answer: what it was judged by. */
  readonly basis: number;
  readonly verdict: Verdict;
}

export type StoredLine =
  | { readonly type: "header"; readonly verifier: string }
  | { readonly type: "verdict"; readonly line: VerdictLine }
  | { readonly type: "done"; readonly stamp: string };

export const encodeHeaderLine = (verifier: string): string => `${JSON.stringify({ v: version, verifier })}\n`;

export function encodeVerdictLine({ start, ordinal, print, basis, verdict }: VerdictLine): string {
  return `${JSON.stringify({ s: start, o: ordinal, p: print, b: basis, verdict })}\n`;
}

export const encodeDoneLine = (stamp: string, samples: number): string =>
  `${JSON.stringify({ done: stamp, samples })}\n`;

/** Throws a `FieldError` for anything that is not written here; its field is `v` for a newer version. */
export function decodeStoredLine(value: unknown): StoredLine {
  const line = asRecord(value, "");
  if ("done" in line) return { type: "done", stamp: asString(line["done"], "done") };
  if ("v" in line) {
    const found = asInteger(line["v"], "v", 1);
    if (found > version)
      throw new FieldError("v", `expected at most ${version}, got ${found} (written by a newer version)`);
    return { type: "header", verifier: asString(line["verifier"], "verifier") };
  }
  return {
    type: "verdict",
    line: {
      start: asInteger(line["s"], "s"),
      ordinal: asInteger(line["o"], "o"),
      print: orNull(line["p"], "p", asNumber),
      basis: asNumber(line["b"], "b"),
      verdict: decodeVerdict(line["verdict"]),
    },
  };
}

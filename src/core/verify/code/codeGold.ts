// What stands for a gold answer where a program is judged: the task itself, tests and all, as one line of JSON. A run folder
// holds it, so a run can be resumed and verified again without its dataset; only tests of many kB stay where they are.
import { LensError } from "../../errors.ts";
import { asInteger, asRecord, asString } from "../../parse.ts";
import { hashHex } from "../../dataset/hash.ts";

/** A task's line that lies in a file. */
export interface CodeGoldPlace {
  /** Absolute path. */
  readonly file: string;
  /** Bytes [start, end). */
  readonly start: number;
  readonly end: number;
  /** `hashHex` of the line: a file that changed is noticed. */
  readonly hash: string;
}

const mark = '{"codeTask":1,';
/** LiveCodeBench packs megabytes of tests into a line. Such a line is not copied into every run. */
const longestInline = 256 * 1024;

/** `raw`: a JSON object as it stands in the file, with Infinity and integers of any size. */
export function encodeCodeGold(raw: string, place: Omit<CodeGoldPlace, "hash"> | null): string {
  const line = raw.trim();
  if (place === null || line.length <= longestInline) return `${mark}${line.slice(1).trimStart()}`;
  const at: CodeGoldPlace = { ...place, hash: hashHex(line) };
  return `${mark}"at":${JSON.stringify(at)}}`;
}

export const isCodeGold = (gold: string | null): boolean => gold?.startsWith(mark) ?? false;

/** The task's line, or where it lies. Throws FieldError for a gold that `encodeCodeGold` did not write. */
export function decodeCodeGold(gold: string): { readonly raw: string } | CodeGoldPlace {
  if (!gold.startsWith(`${mark}"at":`)) return { raw: `{${gold.slice(mark.length)}` };
  const at = asRecord(asRecord(JSON.parse(gold), "gold")["at"], "gold.at");
  return {
    file: asString(at["file"], "gold.at.file"),
    start: asInteger(at["start"], "gold.at.start"),
    end: asInteger(at["end"], "gold.at.end"),
    hash: asString(at["hash"], "gold.at.hash"),
  };
}

/** Throws `stale` where the bytes are no longer the line that the run was made of. */
export function lineAt({ file, hash }: CodeGoldPlace, bytes: ArrayBuffer): string {
  const line = new TextDecoder().decode(bytes).trim();
  if (hashHex(line) === hash) return line;
  throw new LensError(
    "stale",
    `${file} has changed since the run was made: its tests are not those of the run.`,
  );
}

/** What a person reads where an answer would stand. */
export const goldWords = (gold: string | null): string | null =>
  isCodeGold(gold) ? "the task's tests" : gold;

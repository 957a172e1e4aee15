import { IssueList } from "../dataset/issueList.ts";
import { LensError } from "../errors.ts";
import type { InputIssue } from "../model.ts";
import { FieldError } from "../parse.ts";
import type { ByteSource } from "../ports.ts";
import { forEachLine } from "../run/scan.ts";
import { decodeLine, type StoredLine } from "./labelLine.ts";
import { type LabelSet, labelSet } from "./labelSet.ts";

export interface ReadLabels {
  /** As they stand in the files; `labelSet` of these and of others' lines together says what counts. */
  readonly lines: readonly StoredLine[];
  readonly labels: LabelSet;
  readonly issues: readonly InputIssue[];
}

/**
 * The labels of several files, in whatever order of files and lines (git merges lines as it likes): what counts is decided
 * by time, then by line id. Left-over conflict markers and doubled lines are passed over; a line that cannot be read is an
 * issue with its file, line and field. Throws `newerSchema`, or what a source rejects with.
 */
export async function readLabels(sources: readonly ByteSource[]): Promise<ReadLabels> {
  const lines: StoredLine[] = [];
  const issues: InputIssue[] = [];
  for (const source of sources) {
    const file = await readLabelFile(source);
    lines.push(...file.lines);
    issues.push(...file.issues);
  }
  return { lines, labels: labelSet(lines), issues };
}

export interface LabelFile {
  readonly lines: readonly StoredLine[];
  readonly issues: readonly InputIssue[];
  /** Where appending goes on: behind the last line that can be read or has its newline. */
  readonly wholeBytes: number;
  /** Does the last line lack its newline? An editor may have taken it away. */
  readonly open: boolean;
}

const conflictMarker = /^(?:<{7}|={7}|>{7}|\|{7})(?: |\r?$)/;

export async function readLabelFile(source: ByteSource): Promise<LabelFile> {
  const lines: StoredLine[] = [];
  const issues = new IssueList(source.name);
  let number = 0;
  const take = (text: string): boolean => {
    number++;
    const line = number === 1 ? text.replace(/^\uFEFF/, "") : text;
    if (line.trim() === "" || conflictMarker.test(line)) return true;
    try {
      lines.push(decodeLine(JSON.parse(line)));
      return true;
    } catch (error) {
      issues.add({ line: number, ...wrongWith(error, source.name, number) });
      return false;
    }
  };
  const whole = await forEachLine(source, take);
  if (whole === source.byteLength) return { lines, issues: issues.list(), wholeBytes: whole, open: false };
  const tail = new TextDecoder().decode(await source.slice(whole));
  const open = take(tail);
  return { lines, issues: issues.list(), wholeBytes: open ? source.byteLength : whole, open };
}

function wrongWith(error: unknown, name: string, line: number): Pick<InputIssue, "field" | "message"> {
  if (error instanceof FieldError) {
    if (error.field === "v" && error.detail.includes("at most"))
      throw new LensError("newerSchema", `${name} line ${line}: ${error.message}. Nothing was changed.`);
    return { field: error.field === "" ? null : error.field, message: error.detail };
  }
  if (error instanceof SyntaxError) return { field: null, message: "not a line of JSON; it is passed over" };
  throw error;
}

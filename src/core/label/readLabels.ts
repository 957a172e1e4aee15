import type { InputIssue } from "../model.ts";
import type { ByteSource } from "../ports.ts";
import type { LabelSet } from "./labelSet.ts";

export interface ReadLabels {
  readonly labels: LabelSet;
  readonly issues: readonly InputIssue[];
}

/**
 * The labels of several files, in whatever order of files and lines (git merges lines as it likes): what counts is decided
 * by time, then by line id. Left-over conflict markers and doubled lines are passed over; a line that cannot be read is an
 * issue with its file, line and field. Throws `newerSchema`.
 */
export async function readLabels(sources: readonly ByteSource[]): Promise<ReadLabels> {
  throw new Error(`not there yet ${sources.length}`);
}

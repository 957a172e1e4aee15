import type { InputIssue, Problem } from "../model.ts";
import type { ByteSource, CancelSignal } from "../ports.ts";
import type { FieldMapping } from "./fields.ts";

export interface DatasetOptions {
  /** What the person chose for this schema; wins over the guess. */
  readonly mapping?: FieldMapping;
  readonly signal?: CancelSignal;
}

/** A dataset, read whole. What could not be read stands in `issues`; the rest is there. */
export interface DatasetFile {
  /** The source's name. */
  readonly name: string;
  readonly problems: readonly Problem[];
  readonly issues: readonly InputIssue[];
  /** Fingerprint of the columns: the person's mapping is remembered under it. */
  readonly schema: string;
  readonly mapping: FieldMapping;
  /** Non-null: ask the person, whose answer comes back as `options.mapping`. */
  readonly unsure: UnsureMapping | null;
}

/** What to offer in the quick picks; the likeliest first. */
export interface UnsureMapping {
  readonly columns: readonly string[];
  readonly question: readonly string[];
  readonly gold: readonly string[];
}

/** Rejects with code `cancelled`, or with what the source rejects with. */
export function readDataset(source: ByteSource, options: DatasetOptions = {}): Promise<DatasetFile> {
  return Promise.reject(new Error(`not yet: ${source.name} ${Object.keys(options).join()}`));
}

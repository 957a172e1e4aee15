import type { InputIssue } from "../model.ts";
import type { Clock, FileStore } from "../ports.ts";
import type { ItemId, Label, LabelEntry, Rater } from "./model.ts";

export interface LabelLogPorts {
  readonly files: FileStore;
  readonly clock: Clock;
  /** A new unique id for a line, e.g. `crypto.randomUUID`. */
  readonly newId: () => string;
  /** Who holds the lock, for the message to another window. */
  readonly owner: string;
}

/** A rater's own file, opened for writing: this process holds its lock until `close`. */
export interface LabelLog {
  readonly rater: Rater;
  readonly path: string;
  /** What could not be read (passed over, kept in the file), and what was repaired. */
  readonly issues: readonly InputIssue[];
  /** The labels that count now, by item; live. Without adjudications. */
  readonly labels: ReadonlyMap<ItemId, Label>;
  /** Can something be taken back? Also what was written before a restart. */
  readonly canUndo: boolean;
  /**
   * A label, or the correction of one: the last counts. In memory at once (`labels`), the promise resolves when the line
   * was handed to the operating system. Rejects with `diskFull` or `storeFailed`; then the label does not count.
   */
  set(entry: LabelEntry): Promise<Label>;
  /** Settles a conflict; the line says so. */
  adjudicate(entry: LabelEntry): Promise<Label>;
  /** Takes the last line back that is not taken back yet; resolves to what it said, `null` where there is none. */
  undo(): Promise<Label | null>;
  close(): Promise<void>;
}

/**
 * Opens or begins `folder/RATER.jsonl`. A torn last line is cut. Throws LensError `labelsBusy` (another window or process
 * labels as this rater), `newerSchema`, `diskFull`, `storeFailed`.
 */
export async function openLabelLog(folder: string, rater: Rater, ports: LabelLogPorts): Promise<LabelLog> {
  throw new Error(`not there yet ${folder} ${rater.name} ${ports.owner}`);
}

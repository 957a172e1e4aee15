import type { CotVerdict, ItemId, LabelItem, QueueSpec, RunItems } from "./model.ts";

/** Items to label in their order, which in `hardFirst` hangs on what was said so far. Deterministic in runs, spec and labels. */
export interface LabelQueue {
  readonly spec: QueueSpec;
  /** K of "k of K": items that will be asked for at most. */
  readonly total: number;
  /** k: items of this queue that have a label. */
  readonly done: number;
  /** Samples that repeat the text of another in the queue: they need no label of their own. */
  readonly repeats: number;
  /** Problems (per run) that the queue draws from. */
  readonly problems: number;
  readonly items: ReadonlyMap<ItemId, LabelItem>;
  /** Is it one of those that every rater gets? */
  isShared(item: ItemId): boolean;
  /** The item to label now; `null`: all is done. In constant time, however many there are. */
  next(): LabelItem | null;
  /** The one after that if the current one gets a `correct` label; for reading ahead. */
  upcoming(): LabelItem | null;
  /** Tells of a label that was set, corrected, or (with `null`) taken back. An item of another queue is passed over. */
  record(item: ItemId, verdict: CotVerdict | null): void;
}

/** `labels`: what this rater has said so far. */
export function labelQueue(
  runs: readonly RunItems[],
  spec: QueueSpec,
  labels: Iterable<readonly [ItemId, CotVerdict]> = [],
): LabelQueue {
  throw new Error(`not there yet ${runs.length} ${spec.order} ${typeof labels}`);
}

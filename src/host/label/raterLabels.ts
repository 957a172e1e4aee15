import { labelOf } from "../../core/label/labelLine.ts";
import type { LabelLog } from "../../core/label/labelLog.ts";
import type { ItemId, Label, LabelEntry, LabelItem } from "../../core/label/model.ts";
import { standing } from "../../core/label/standing.ts";

export interface RaterLabelsPorts {
  /** One for each folder of the runs. */
  readonly logs: ReadonlyMap<string, LabelLog>;
  readonly folderOf: (runId: string) => string;
}

/** One rater's labels of several runs, whose files lie beside each of them. A text of two runs is labelled in both. */
export class RaterLabels {
  private readonly ports: RaterLabelsPorts;

  constructor(ports: RaterLabelsPorts) {
    this.ports = ports;
  }

  get logs(): readonly LabelLog[] {
    return [...this.ports.logs.values()];
  }

  get canUndo(): boolean {
    return this.logs.some((log) => log.canUndo);
  }

  /** What counts of the item; `null`: nothing. */
  of(item: ItemId): Label | null {
    const all = this.logs.flatMap((log) => log.labels.get(item) ?? []);
    return all.reduce<Label | null>((last, one) => (last === null || one.at > last.at ? one : last), null);
  }

  /** All that count, oldest first. */
  all(): readonly Label[] {
    const byItem = new Map<ItemId, Label>();
    for (const log of this.logs) {
      for (const label of log.labels.values()) {
        if ((byItem.get(label.item)?.at ?? -1) < label.at) byItem.set(label.item, label);
      }
    }
    return [...byItem.values()].sort((a, b) => a.at - b.at);
  }

  /** Resolves when it is on disk in every file. */
  async set(item: LabelItem, entry: LabelEntry): Promise<void> {
    for (const log of this.logsOf(item)) await log.set(entry);
  }

  async adjudicate(item: LabelItem, entry: LabelEntry): Promise<void> {
    for (const log of this.logsOf(item)) await log.adjudicate(entry);
  }

  /** Takes back what was said last, wherever it stands; resolves to it. */
  async undo(): Promise<Label | null> {
    const last = this.logs
      .flatMap((log) => ({ log, label: lastOf(log) }))
      .filter((one): one is { log: LabelLog; label: Label } => one.label !== null)
      .sort((a, b) => b.label.at - a.label.at);
    const [first] = last;
    if (first === undefined) return null;
    for (const { log, label } of last) if (isSame(label, first.label)) await log.undo();
    return first.label;
  }

  /** What was said is written, and the locks are given back. */
  async close(): Promise<void> {
    await Promise.all(this.logs.map((log) => log.close()));
  }

  private logsOf({ places }: LabelItem): readonly LabelLog[] {
    const folders = new Set(places.map(({ runId }) => this.ports.folderOf(runId)));
    return [...folders].flatMap((folder) => this.ports.logs.get(folder) ?? []);
  }
}

/** One saying in several files: written one after another, so their times differ a little. */
const sameWithinMs = 1000;

const isSame = (a: Label, b: Label): boolean =>
  a.item === b.item &&
  a.adjudication === b.adjudication &&
  a.verdict === b.verdict &&
  a.seconds === b.seconds &&
  Math.abs(a.at - b.at) < sameWithinMs;

function lastOf(log: LabelLog): Label | null {
  if (!log.canUndo) return null;
  const { name, kind } = log.rater;
  const last = standing(log.lines.filter((line) => line.rater === name && line.kind === kind)).at(-1);
  return last === undefined ? null : labelOf(last);
}

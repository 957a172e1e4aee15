import { LensError } from "../errors.ts";
import type { InputIssue } from "../model.ts";
import type { AppendFile, Clock, FileLock, FileStore } from "../ports.ts";
import { encodeLine, labelOf, type StoredLine } from "./labelLine.ts";
import { raterFileName } from "./labelPaths.ts";
import type { ItemId, Label, LabelEntry, Rater } from "./model.ts";
import { readLabelFile } from "./readLabels.ts";
import { standing } from "./standing.ts";

export interface LabelLogPorts {
  readonly files: FileStore;
  readonly clock: Pick<Clock, "now">;
  /** A new unique id for a line, e.g. `crypto.randomUUID`. */
  readonly newId: () => string;
  /** Who holds the lock, for the message to another window. */
  readonly owner: string;
}

/** A rater's own file, opened for writing: this process holds its lock until `close`. */
export interface LabelLog {
  readonly rater: Rater;
  readonly path: string;
  /** What could not be read: passed over and kept, or a torn last line that was cut. */
  readonly issues: readonly InputIssue[];
  /** All lines of the file and those written since; live. For `labelSet`, together with other raters' lines. */
  readonly lines: readonly StoredLine[];
  /** This rater's labels that count now, by item; live. Without adjudications. */
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
  /** Resolves when everything said so far was written or has failed, and gives the lock back. */
  close(): Promise<void>;
}

/**
 * Opens or begins `folder/RATER.jsonl`. A torn last line is cut. Throws LensError `labelsBusy` (another window or process
 * labels as this rater), `newerSchema`, `diskFull`, `storeFailed`.
 */
export async function openLabelLog(folder: string, rater: Rater, ports: LabelLogPorts): Promise<LabelLog> {
  const name = raterFileName(rater.name);
  const path = `${folder}/${name}`;
  const lock = await ports.files.lock(`${folder}/.${name.replace(/\.jsonl$/, "")}`, ports.owner);
  if (lock === null) {
    throw new LensError(
      "labelsBusy",
      `Another window or process writes the labels of ${rater.name} in ${folder}. Close it there first.`,
    );
  }
  try {
    const source = await ports.files.open(path);
    const read = source === null ? null : await readLabelFile(source);
    const file = await ports.files.openAppend(path, read?.wholeBytes ?? 0);
    const log = new AppendedLabels({ rater, path, ports, file, lock }, read ?? { lines: [], issues: [] });
    if (read?.open === true) await file.append(newline);
    return log;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

const newline = new TextEncoder().encode("\n");

interface LogParts {
  readonly rater: Rater;
  readonly path: string;
  readonly ports: LabelLogPorts;
  readonly file: AppendFile;
  readonly lock: FileLock;
}

class AppendedLabels implements LabelLog {
  readonly rater: Rater;
  readonly path: string;
  readonly issues: readonly InputIssue[];
  readonly #parts: LogParts;
  readonly #encoder = new TextEncoder();
  #lines: StoredLine[];
  /** Of this rater, not taken back, in order: what undo takes from. */
  #history: Label[] = [];
  /** Each item's labels that stand, the last of which counts. */
  #byItem = new Map<ItemId, Label[]>();
  #labels = new Map<ItemId, Label>();
  #lastAt = 0;
  #written: Promise<unknown> = Promise.resolve();

  constructor(parts: LogParts, read: { lines: readonly StoredLine[]; issues: readonly InputIssue[] }) {
    this.#parts = parts;
    this.rater = parts.rater;
    this.path = parts.path;
    this.issues = read.issues;
    this.#lines = [...read.lines];
    this.#replay();
  }

  get lines(): readonly StoredLine[] {
    return this.#lines;
  }

  get labels(): ReadonlyMap<ItemId, Label> {
    return this.#labels;
  }

  get canUndo(): boolean {
    return this.#history.length > 0;
  }

  set(entry: LabelEntry): Promise<Label> {
    return this.#label("label", entry);
  }

  adjudicate(entry: LabelEntry): Promise<Label> {
    return this.#label("adjudication", entry);
  }

  async undo(): Promise<Label | null> {
    const last = this.#history.pop();
    if (last === undefined) return null;
    if (!last.adjudication) this.#takeBack(last);
    await this.#append(this.#line({ type: "undo", line: last.lineId }));
    return last;
  }

  async close(): Promise<void> {
    await this.#written;
    try {
      await this.#parts.file.close();
    } finally {
      await this.#parts.lock.release();
    }
  }

  async #label(type: "label" | "adjudication", entry: LabelEntry): Promise<Label> {
    const line = this.#line({ type, entry });
    const label = this.#apply(line) as Label;
    await this.#append(line);
    return label;
  }

  /** Times only grow, whatever the clock does: the last one said is the last one to count. */
  #line(act: StoredLine["act"]): StoredLine {
    const { ports, rater } = this.#parts;
    this.#lastAt = Math.max(Math.floor(ports.clock.now()), this.#lastAt + 1);
    return { id: ports.newId(), at: this.#lastAt, rater: rater.name, kind: rater.kind, act };
  }

  async #append(line: StoredLine): Promise<void> {
    this.#lines.push(line);
    const write = this.#written.then(() => this.#parts.file.append(this.#encoder.encode(encodeLine(line))));
    this.#written = write.catch(() => undefined);
    try {
      await write;
    } catch (error) {
      this.#lines = this.#lines.filter(({ id }) => id !== line.id);
      this.#replay();
      throw error;
    }
  }

  #replay(): void {
    this.#history = [];
    this.#byItem.clear();
    this.#labels.clear();
    const own = this.#lines.filter(
      ({ rater, kind }) => rater === this.rater.name && kind === this.rater.kind,
    );
    for (const { at } of own) this.#lastAt = Math.max(this.#lastAt, at);
    for (const line of standing(own)) this.#apply(line);
  }

  #apply(line: StoredLine): Label | null {
    const label = labelOf(line);
    if (label === null) return null;
    this.#history.push(label);
    if (label.adjudication) return label;
    const before = this.#byItem.get(label.item);
    if (before === undefined) this.#byItem.set(label.item, [label]);
    else before.push(label);
    this.#labels.set(label.item, label);
    return label;
  }

  #takeBack({ item }: Label): void {
    const standingOnes = this.#byItem.get(item) ?? [];
    standingOnes.pop();
    const last = standingOnes.at(-1);
    if (last === undefined) this.#labels.delete(item);
    else this.#labels.set(item, last);
  }
}

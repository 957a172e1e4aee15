import { LensError } from "../../core/errors.ts";
import type { LabelEntry, LabelItem } from "../../core/label/model.ts";
import type { LabelQueue } from "../../core/label/queue.ts";
import type { Judgement } from "../../protocol/labels.ts";
import type { ItemText, ItemTexts } from "./itemTexts.ts";
import type { RaterLabels } from "./raterLabels.ts";

export interface SessionPorts {
  readonly queue: LabelQueue;
  readonly labels: RaterLabels;
  readonly texts: ItemTexts;
  /** Said when a label was set, corrected or taken back. */
  readonly onLabel: () => void;
}

/** Labels that the time each takes is told of. */
const mostTimes = 30;

/** What is looked at. */
export interface ShownItem {
  /** Another one for each showing; a label says which it means. */
  readonly token: number;
  readonly item: LabelItem;
  /** `null`: it could not be read. */
  readonly text: ItemText | null;
  readonly failure: unknown;
  /** Settles a conflict of raters. */
  readonly adjudicates: boolean;
}

/**
 * One rater going through one queue. Every step is on disk before the next item is shown, so that a kill loses nothing
 * that was seen to be labelled; steps that arrive together are taken one after another.
 */
export class LabelSession {
  private readonly ports: SessionPorts;
  /** What was labelled, oldest first; `at` is the place that is looked at, its length the front of the queue. */
  private history: LabelItem[];
  private at: number;
  /** Shown before what the queue has next: a label that was taken back, or a conflict. */
  private pinned: { readonly item: LabelItem; readonly adjudicates: boolean } | null = null;
  private current: ShownItem | null = null;
  private token = 0;
  /** Seconds of the last labels. */
  private readonly times: number[];
  private turn: Promise<unknown> = Promise.resolve();

  constructor(ports: SessionPorts) {
    this.ports = ports;
    const { queue, labels } = ports;
    const earlier = labels.all().filter(({ item }) => queue.items.has(item));
    this.history = earlier.flatMap(({ item }) => queue.items.get(item) ?? []);
    this.at = this.history.length;
    this.times = earlier.slice(-mostTimes).map(({ seconds }) => seconds);
  }

  /** Median of the last labels; `null` before the first. */
  get secondsEach(): number | null {
    const sorted = [...this.times].sort((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? null;
  }

  get shown(): ShownItem | null {
    return this.current;
  }

  /** Shows what is to be labelled now. */
  open(): Promise<void> {
    return this.step(() => Promise.resolve());
  }

  /** Rejects with `otherItem`, `noText`, or as the store does; then nothing is labelled and the item stays. */
  judge(judgement: Judgement): Promise<void> {
    return this.step(async () => {
      const { item, adjudicates, text } = this.named(judgement.item);
      if (text === null)
        throw new LensError("noText", "This trace could not be read, so it is not labelled.");
      const entry = entryOf(item, judgement);
      if (adjudicates) await this.ports.labels.adjudicate(item, entry);
      else await this.label(item, entry);
      this.pinned = null;
      this.ports.onLabel();
    });
  }

  /** The label that the item has, said again with this note; the item stays. Rejects as `judge`. */
  annotate(token: number, note: string): Promise<void> {
    const step = this.turn.then(async () => {
      const { item, adjudicates } = this.named(token);
      const label = this.ports.labels.of(item.id);
      if (adjudicates || label === null || label.note === note.trim()) return;
      const { verdict, firstWrongStep, seconds } = label;
      await this.ports.labels.set(item, {
        item: item.id,
        verdict,
        firstWrongStep,
        note: note.trim(),
        seconds,
      });
      this.ports.onLabel();
    });
    this.turn = step.catch(() => undefined);
    return step;
  }

  /** Takes back what was said last, also before a restart, and shows its item. */
  undo(): Promise<void> {
    return this.step(async () => {
      const label = await this.ports.labels.undo();
      if (label === null) return;
      const { queue, labels } = this.ports;
      const before = labels.of(label.item);
      const item = queue.items.get(label.item);
      this.ports.onLabel();
      if (label.adjudication || item === undefined) return;
      queue.record(label.item, before?.verdict ?? null);
      if (before === null) this.history = this.history.filter(({ id }) => id !== label.item);
      this.at = this.history.length;
      this.pinned = { item, adjudicates: false };
    });
  }

  skip(token: number): Promise<void> {
    return this.step(() => {
      const { item } = this.named(token);
      this.pinned = null;
      if (this.at < this.history.length) this.at++;
      else this.ports.queue.skip(item.id);
      return Promise.resolve();
    });
  }

  go(by: -1 | 1): Promise<void> {
    return this.step(() => {
      this.pinned = null;
      this.at = Math.max(0, Math.min(this.history.length, this.at + by));
      return Promise.resolve();
    });
  }

  /** Shows an item to settle what raters said of it; `null` goes back to the queue. */
  settle(item: LabelItem | null): Promise<void> {
    return this.step(() => {
      this.pinned = item === null ? null : { item, adjudicates: true };
      return Promise.resolve();
    });
  }

  /** What was said is written. */
  async close(): Promise<void> {
    await this.turn.catch(() => undefined);
    await this.ports.labels.close();
  }

  private async label(item: LabelItem, entry: LabelEntry): Promise<void> {
    const { queue, labels } = this.ports;
    await labels.set(item, entry);
    queue.record(item.id, entry.verdict);
    this.times.push(entry.seconds);
    if (this.times.length > mostTimes) this.times.shift();
    if (this.at < this.history.length && this.pinned === null) {
      this.at++;
      return;
    }
    if (this.pinned !== null) this.history = this.history.filter(({ id }) => id !== item.id);
    this.history.push(item);
    this.at = this.history.length;
  }

  private named(token: number): ShownItem {
    if (this.current?.token !== token)
      throw new LensError("otherItem", "Another trace is shown by now. Nothing was labelled.");
    return this.current;
  }

  private step(act: () => Promise<void>): Promise<void> {
    const step = this.turn.then(act).then(() => this.show());
    this.turn = step.catch(() => undefined);
    return step;
  }

  private async show(): Promise<void> {
    const { queue, texts } = this.ports;
    const pinned = this.pinned ?? { item: this.history[this.at] ?? queue.next(), adjudicates: false };
    if (pinned.item === null) {
      this.current = null;
      return;
    }
    const { item, adjudicates } = pinned;
    const token = ++this.token;
    try {
      this.current = { token, item, adjudicates, text: await texts.read(item), failure: null };
    } catch (failure) {
      this.current = { token, item, adjudicates, text: null, failure };
    }
    texts.ahead([queue.next(), queue.upcoming("correct"), queue.upcoming("wrong")]);
  }
}

const entryOf = ({ id }: LabelItem, { verdict, firstWrongStep, note, seconds }: Judgement): LabelEntry => ({
  item: id,
  verdict,
  // A chain that is right has no wrong step.
  firstWrongStep: verdict === "correct" ? null : firstWrongStep,
  note: note.trim(),
  seconds: Math.round(Math.max(0, seconds) * 1000) / 1000,
});

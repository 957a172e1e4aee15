import { SeededRandom } from "../estimate/seededRandom.ts";
import type { CotVerdict, ItemId, LabelItem, QueueSpec, RunItems } from "./model.ts";
import { type QueueStock, type QueueUnit, queueStock, shuffled } from "./queueUnits.ts";

/** Items to label in their order, which in `hardFirst` hangs on what was said so far. Deterministic in runs, spec and labels. */
export interface LabelQueue {
  readonly spec: QueueSpec;
  /** K of "k of K": items that will be asked for at most. */
  readonly total: number;
  /** k: items of this queue that have a label, at most K. */
  readonly done: number;
  /** Samples that repeat the text of another in the queue: they need no label of their own. */
  readonly repeats: number;
  /** Problems (per run) that the queue draws from. */
  readonly problems: number;
  readonly items: ReadonlyMap<ItemId, LabelItem>;
  /** Is it one of those that every rater gets? */
  isShared(item: ItemId): boolean;
  /** The item to label now; `null`: all is done. In constant time on average, however many there are. */
  next(): LabelItem | null;
  /** The one that follows if the one now asked for gets this verdict; for reading ahead. */
  upcoming(verdict?: CotVerdict): LabelItem | null;
  /** Tells of a label that was set, corrected, or (with `null`) taken back. An item of another queue is passed over. */
  record(item: ItemId, verdict: CotVerdict | null): void;
  /** Not now: it is asked for again when nothing else is left. */
  skip(item: ItemId): void;
  /** Items that were skipped and have no label yet. */
  readonly skipped: number;
}

/** At most so many of a problem before the rest comes at random. */
const mostPerProblem = 6;

/** `labels`: what this rater has said so far. */
export function labelQueue(
  runs: readonly RunItems[],
  spec: QueueSpec,
  labels: Iterable<readonly [ItemId, CotVerdict]> = [],
): LabelQueue {
  const stock = queueStock(runs, spec);
  const queue = new PlannedQueue(spec, stock, slotsOf(stock, spec));
  for (const [item, verdict] of labels) queue.record(item, verdict);
  return queue;
}

/** An item at a place in the order. `unit`: asked for only while no item of that problem was found right. */
interface Slot {
  readonly item: ItemId;
  readonly unit: number | null;
}

function slotsOf({ units, items, own }: QueueStock, spec: QueueSpec): readonly Slot[] {
  const random = new SeededRandom(spec.seed, 23);
  const isOwn = ({ item }: Slot): boolean => own.has(items.get(item)?.problemKey ?? "");
  const anyTime = (item: ItemId): Slot => ({ item, unit: null });
  const atRandom = shuffled([...items.keys()], random)
    .map(anyTime)
    .filter(isOwn);
  if (spec.order === "hardFirst") return [...hardFirst(units, random).filter(isOwn), ...atRandom];
  const chosen = spec.size === null ? atRandom : atRandom.slice(0, spec.size);
  if (spec.order === "random") return chosen;
  const wanted = new Set(chosen.map(({ item }) => item));
  return [...items.keys()].filter((item) => wanted.has(item)).map(anyTime);
}

/** Rounds over the problems in rising c, those of equal c in random order. */
function hardFirst(units: readonly QueueUnit[], random: SeededRandom): readonly Slot[] {
  const order = shuffled([...units.keys()], random).sort((a, b) => (units[a]?.c ?? 0) - (units[b]?.c ?? 0));
  return Array.from({ length: mostPerProblem }, (_, round) =>
    order.flatMap((unit): Slot[] => {
      const item = units[unit]?.items[round];
      return item === undefined ? [] : [{ item, unit }];
    }),
  ).flat();
}

function repeatsAmong(items: Iterable<LabelItem>, { correctOnly }: QueueSpec): number {
  let repeats = 0;
  for (const { places } of items) {
    repeats -= 1;
    for (const { correct, count } of places) repeats += correctOnly ? correct : count;
  }
  return repeats;
}

class PlannedQueue implements LabelQueue {
  readonly spec: QueueSpec;
  readonly total: number;
  readonly repeats: number;
  readonly problems: number;
  readonly items: ReadonlyMap<ItemId, LabelItem>;
  readonly #shared: ReadonlySet<string>;
  readonly #slots: readonly Slot[];
  /** For each unit: how many of its items were found right. */
  readonly #right: Int32Array;
  readonly #unitsOf = new Map<ItemId, readonly number[]>();
  /** Where an item, or a unit, first stands: from there it may have to be asked for again. */
  readonly #firstOfItem = new Map<ItemId, number>();
  readonly #firstOfUnit: Int32Array;
  readonly #verdicts = new Map<ItemId, CotVerdict>();
  readonly #skipped = new Set<ItemId>();
  /** No slot before it is to be asked for. */
  #at = 0;

  constructor(spec: QueueSpec, { units, items, shared, own }: QueueStock, slots: readonly Slot[]) {
    this.spec = spec;
    this.items = new Map([...items].filter(([, { problemKey }]) => own.has(problemKey)));
    this.#shared = shared;
    this.#slots = slots;
    this.repeats = repeatsAmong(this.items.values(), spec);
    this.problems = units.filter(({ problemKey }) => own.has(problemKey)).length;
    this.total = Math.min(spec.size ?? Infinity, this.items.size);
    this.#right = new Int32Array(units.length);
    this.#firstOfUnit = new Int32Array(units.length).fill(slots.length);
    for (const [unit, { items: ofUnit }] of units.entries()) {
      for (const item of ofUnit) this.#unitsOf.set(item, [...(this.#unitsOf.get(item) ?? []), unit]);
    }
    for (const [at, { item, unit }] of slots.entries()) {
      if (!this.#firstOfItem.has(item)) this.#firstOfItem.set(item, at);
      if (unit !== null) this.#firstOfUnit[unit] = Math.min(this.#firstOfUnit[unit] as number, at);
    }
  }

  get done(): number {
    return Math.min(this.#verdicts.size, this.total);
  }

  isShared(item: ItemId): boolean {
    const problemKey = this.items.get(item)?.problemKey;
    return problemKey !== undefined && this.#shared.has(problemKey);
  }

  next(): LabelItem | null {
    if (this.#verdicts.size >= this.total) return null;
    const slot = this.#openSlot() ?? this.#skippedSlot();
    return slot === null ? null : (this.items.get(slot.item) ?? null);
  }

  skip(item: ItemId): void {
    if (this.#firstOfItem.has(item) && !this.#verdicts.has(item)) this.#skipped.add(item);
  }

  get skipped(): number {
    return this.#skipped.size;
  }

  upcoming(verdict: CotVerdict = "correct"): LabelItem | null {
    const current = this.next();
    if (current === null) return null;
    const at = this.#at;
    const skipped = [...this.#skipped];
    this.record(current.id, verdict);
    const following = this.next();
    this.record(current.id, null);
    this.#at = at;
    for (const item of skipped) this.#skipped.add(item);
    return following;
  }

  record(item: ItemId, verdict: CotVerdict | null): void {
    if (!this.#firstOfItem.has(item)) return;
    const before = this.#verdicts.get(item) ?? null;
    if (before === verdict) return;
    this.#skipped.delete(item);
    if (verdict === null) this.#verdicts.delete(item);
    else this.#verdicts.set(item, verdict);
    const change = Number(verdict === "correct") - Number(before === "correct");
    for (const unit of this.#unitsOf.get(item) ?? []) {
      this.#right[unit] = (this.#right[unit] as number) + change;
      if (change < 0) this.#at = Math.min(this.#at, this.#firstOfUnit[unit] as number);
    }
    if (verdict === null) this.#at = Math.min(this.#at, this.#firstOfItem.get(item) as number);
  }

  #openSlot(): Slot | null {
    while (this.#at < this.#slots.length && !this.#isOpen(this.#slots[this.#at] as Slot)) this.#at++;
    return this.#slots[this.#at] ?? null;
  }

  /** All others had their turn: the skipped ones come again, from the first. */
  #skippedSlot(): Slot | null {
    if (this.#skipped.size === 0) return null;
    this.#skipped.clear();
    this.#at = 0;
    return this.#openSlot();
  }

  #isOpen({ item, unit }: Slot): boolean {
    return (
      !this.#verdicts.has(item) && !this.#skipped.has(item) && (unit === null || this.#right[unit] === 0)
    );
  }
}

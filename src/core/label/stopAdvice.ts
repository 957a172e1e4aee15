import { cotDifference } from "../estimate/cot/cotDifference.ts";
import type { CotPassOptions } from "../estimate/cot/cotPass.ts";
import type { Bounds } from "../estimate/meanInterval.ts";
import { pairedProblems } from "./cotProblems.ts";
import type { LabelSet } from "./labelSet.ts";
import type { ItemId, RunItems } from "./model.ts";

/** One look at the first so many labels, in order of time. */
export interface StopLook {
  readonly labels: number;
  /** Share of the imputations in which the first run leads, and in which the second does. */
  readonly leads: number;
  readonly trails: number;
}

/** When more labels will not change which run leads at k, had every right answer been read. Says nothing of other problems. */
export interface StopAdvice {
  readonly k: number;
  /**
   * `certain`: whatever the unread ones are. `probable` (only below the largest k): in 99 % of the imputations, with the
   * same sign, at two successive doublings of the labels.
   */
  readonly kind: "certain" | "probable" | "goOn";
  /** Which run leads; `null` while it is open, and where it is certain that none does. */
  readonly leader: string | null;
  /** At 20, 40, 80, ... labels, to the one at which the rule stopped. */
  readonly looks: readonly StopLook[];
}

const firstLook = 20;
const sure = 0.99;
/** 99 % wants a fine count, but only where a coarse one comes near. */
const coarseDraws = 100;
const coarselySure = 0.95;
const fineDraws = 1000;

const tie = 1e-12;

/** The rule at each of `ks` (default: the largest k that the pair can estimate); larger ones are taken as that. */
export function stopAdvice(
  pair: readonly [RunItems, RunItems],
  labels: LabelSet,
  options: CotPassOptions & { readonly ks?: readonly number[] | undefined } = {},
): readonly StopAdvice[] {
  const all = pairedProblems(pair, labels);
  const most = all.reduce((max, [a, b]) => Math.max(max, Math.min(a.n, b.n)), 0);
  const ks = [...new Set((options.ks ?? [most]).map((k) => Math.min(k, most)))].sort((a, b) => a - b);
  const looks = looksAt(pair, labels, { ...options, ks });
  const now = cotDifference(all, ks, { draws: 1 });
  return ks.map((k) => {
    const certain = now.find((point) => point.k === k)?.certain ?? { low: -1, high: 1 };
    return advice(pair, { k, most, certain, looks: looks.get(k) ?? [] });
  });
}

interface Seen {
  readonly k: number;
  readonly most: number;
  readonly certain: Bounds;
  readonly looks: readonly StopLook[];
}

function advice([a, b]: readonly [RunItems, RunItems], { k, most, certain, looks }: Seen): StopAdvice {
  const { low, high } = certain;
  if (low > tie) return { k, kind: "certain", leader: a.runId, looks };
  if (high < -tie) return { k, kind: "certain", leader: b.runId, looks };
  if (high - low <= tie) return { k, kind: "certain", leader: null, looks };
  const sign = stopped(looks);
  if (k === most || sign === 0) return { k, kind: "goOn", leader: null, looks };
  return { k, kind: "probable", leader: sign > 0 ? a.runId : b.runId, looks };
}

type LooksByK = ReadonlyMap<number, readonly StopLook[]>;

/** By k: the looks at the first 20, 40, 80, ... labels, to the one at which the rule stopped. */
function looksAt(
  pair: readonly [RunItems, RunItems],
  labels: LabelSet,
  { ks, ...options }: CotPassOptions & { readonly ks: readonly number[] },
): LooksByK {
  const order = labelledInOrder(pair, labels);
  const looks = new Map(ks.map((k): [number, StopLook[]] => [k, []]));
  for (let count = firstLook; count <= order.length; count *= 2) {
    const open = ks.filter((k) => stopped(looks.get(k) ?? []) === 0);
    if (open.length === 0) break;
    const read = new Set(order.slice(0, count));
    const pairs = pairedProblems(pair, labels, (item) => read.has(item));
    const coarse = cotDifference(pairs, open, { ...options, draws: coarseDraws });
    const near = coarse.filter(({ leads, trails }) => Math.max(leads, trails) >= coarselySure);
    const fine = cotDifference(
      pairs,
      near.map(({ k }) => k),
      { ...options, draws: fineDraws },
    );
    for (const point of [...coarse.filter((other) => !near.includes(other)), ...fine]) {
      looks.get(point.k)?.push({ labels: count, leads: point.leads, trails: point.trails });
    }
  }
  return looks;
}

/** Right-answer items of the pair that have a label, by the time at which it was settled. */
function labelledInOrder(pair: readonly [RunItems, RunItems], labels: LabelSet): readonly ItemId[] {
  const times = new Map<ItemId, number>();
  for (const { problems } of pair) {
    for (const { items } of problems) {
      for (const { id, correct } of items) {
        const agreed = correct > 0 ? labels.agreed(id) : null;
        if (agreed?.kind === "agreed") times.set(id, agreed.at);
      }
    }
  }
  return [...times].sort(([idA, a], [idB, b]) => a - b || (idA < idB ? -1 : 1)).map(([id]) => id);
}

/** 1: the first run leads at the last two looks, -1: the second does, 0: go on. */
function stopped(looks: readonly StopLook[]): -1 | 0 | 1 {
  const [before, last] = looks.slice(-2);
  if (before === undefined || last === undefined) return 0;
  if (before.leads >= sure && last.leads >= sure) return 1;
  return before.trails >= sure && last.trails >= sure ? -1 : 0;
}

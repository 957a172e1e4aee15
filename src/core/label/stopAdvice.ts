import { type CotDifferencePoint, type CotPair, cotDifference } from "../estimate/cot/cotDifference.ts";
import type { CotPassOptions } from "../estimate/cot/cotPass.ts";
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
const coarseDraws = 200;
const coarselySure = 0.95;
const fineDraws = 1000;

/** The rule at `stopK` (default: the largest k of the pair). */
export function stopAdvice(
  pair: readonly [RunItems, RunItems],
  labels: LabelSet,
  options: CotPassOptions & { readonly stopK?: number } = {},
): StopAdvice {
  const all = pairedProblems(pair, labels);
  const most = all.reduce((max, [a, b]) => Math.max(max, Math.min(a.n, b.n)), 0);
  const k = Math.min(options.stopK ?? most, most);
  const pointAt = (pairs: readonly CotPair[], draws: number): CotDifferencePoint | undefined =>
    cotDifference(pairs, [k], { ...options, draws })[0];
  const looks = looksOf(pair, labels, (isRead) => {
    const pairs = pairedProblems(pair, labels, isRead);
    const coarse = pointAt(pairs, coarseDraws);
    const isNear = coarse !== undefined && Math.max(coarse.leads, coarse.trails) >= coarselySure;
    return isNear ? pointAt(pairs, fineDraws) : coarse;
  });
  const [a, b] = [pair[0].runId, pair[1].runId];
  const now = pointAt(all, 1);
  if (now === undefined) return { k, kind: "goOn", leader: null, looks };
  const { low, high } = now.certain;
  if (low > tie) return { k, kind: "certain", leader: a, looks };
  if (high < -tie) return { k, kind: "certain", leader: b, looks };
  if (high - low <= tie) return { k, kind: "certain", leader: null, looks };
  const sign = stopped(looks);
  if (k === most || sign === 0) return { k, kind: "goOn", leader: null, looks };
  return { k, kind: "probable", leader: sign > 0 ? a : b, looks };
}

const tie = 1e-12;

function looksOf(
  pair: readonly [RunItems, RunItems],
  labels: LabelSet,
  look: (isRead: (item: ItemId) => boolean) => CotDifferencePoint | undefined,
): readonly StopLook[] {
  const order = labelledInOrder(pair, labels);
  const looks: StopLook[] = [];
  for (let count = firstLook; count <= order.length; count *= 2) {
    const read = new Set(order.slice(0, count));
    const point = look((item) => read.has(item));
    if (point !== undefined) looks.push({ labels: count, leads: point.leads, trails: point.trails });
    if (stopped(looks) !== 0) break;
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

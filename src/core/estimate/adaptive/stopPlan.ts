import { SeededRandom } from "../seededRandom.ts";

/**
 * How one problem's samples end, fixed before the first of them: at its r-th success, or at nMax. The same for all problems
 * of a run and written into its header.
 */
export interface StopPlan {
  /** Successes to stop at; 1 is cheapest, 2 keeps the intervals of the solvable set, 4 those of the whole curve. */
  readonly r: number;
  readonly nMax: number;
  /** Off by default. */
  readonly tail?: RandomTail | null;
}

/**
 * Random continuation of the unsolved ("Russian roulette"): a problem without success in its first n0 draws goes on to nMax
 * only with this probability, by a coin of its own that is known beforehand.
 */
export interface RandomTail {
  readonly n0: number;
  readonly probability: number;
}

/** A problem as the plan left it: `draws` samples, `correct` of them right. */
export interface EndPoint {
  readonly draws: number;
  readonly correct: number;
  /** The coin of the random tail said stop: nothing is known beyond n0. */
  readonly cutOff: boolean;
}

/**
 * What to do after this problem's draws so far, in order of their request index (not of their return: a fast wrong answer
 * must not jump the queue). `heads`: the problem's coin (tailCoin), looked at only by plans with a tail.
 */
export function afterDraws(
  { r, nMax, tail }: StopPlan,
  soFar: readonly boolean[],
  heads = true,
): "continue" | "stop" {
  const correct = soFar.filter(Boolean).length;
  if (correct >= r || soFar.length >= nMax) return "stop";
  return tail && correct === 0 && soFar.length >= tail.n0 && !heads ? "stop" : "continue";
}

/**
 * The end point of a problem from all draws that came back for it, ordered by request index: what parallel requests
 * returned after the stop is discarded. `null`: the plan would have gone on, so the problem is not finished yet.
 */
export function endPoint(plan: StopPlan, ordered: readonly boolean[], heads = true): EndPoint | null {
  let correct = 0;
  for (let draws = 0; ; draws++) {
    if (correct >= plan.r || draws >= plan.nMax) return { draws, correct, cutOff: false };
    if (plan.tail && correct === 0 && draws >= plan.tail.n0 && !heads)
      return { draws, correct, cutOff: true };
    if (draws >= ordered.length) return null;
    if (ordered[draws] === true) correct++;
  }
}

/**
 * How many further draws may be requested at once without ever wasting one: no stop can come before them. A plan that asks
 * for more in parallel pays for what it discards, and stays unbiased.
 */
export function drawsAhead(plan: StopPlan, soFar: readonly boolean[]): number {
  return aheadOf(plan, { draws: soFar.length, correct: soFar.filter(Boolean).length });
}

/** The same from counts. */
export function aheadOf(
  { r, nMax, tail }: StopPlan,
  { draws, correct }: Pick<EndPoint, "draws" | "correct">,
): number {
  const toEnd = nMax - draws;
  const toCoin = tail && correct === 0 && draws < tail.n0 ? tail.n0 - draws : toEnd;
  return Math.max(0, Math.min(r - correct, toEnd, toCoin));
}

/** The coin of the problem at `index`: the same whoever asks, before any draw. True (go on) with the tail's probability. */
export function tailCoin(tail: RandomTail, seed: number, index: number): boolean {
  return new SeededRandom(seed, coinStream + index).uniform() < tail.probability;
}

const coinStream = 4096;

/** Samples that uniform sampling would have taken, and that this plan took. */
export function samplesSaved(
  { nMax }: StopPlan,
  ends: readonly EndPoint[],
): { readonly spent: number; readonly uniform: number } {
  return { spent: ends.reduce((sum, { draws }) => sum + draws, 0), uniform: ends.length * nMax };
}

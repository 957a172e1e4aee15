import { studentTail } from "../studentTail.ts";
import { SeededRandom } from "../seededRandom.ts";

/**
 * Which of two runs is better at one k, with the fewest problems: problems in random order, up to five looks, a paired t
 * test at each with Lan and DeMets' (1983) O'Brien-Fleming bounds, so that looking again costs no error.
 */
export interface SignLook {
  /** Problems to be finished before this look. */
  readonly problems: number;
  /** What a standard normal must exceed. */
  readonly bound: number;
}

export interface SignVerdict {
  /** 1: the first run is better, -1: the second; `null`: look on, or not decided after the last look. */
  readonly sign: 1 | -1 | null;
  readonly difference: number;
  /** Repeated interval: valid at whichever look one stops (a plain 95 % interval after stopping is not). */
  readonly low: number;
  readonly high: number;
  /** Two-sided p of this look's t test. */
  readonly p: number;
}

const bounds = [4.877, 3.357, 2.68, 2.29, 2.031];
const leastProblems = 12;

/** Looks at 20, 40 ... 100 % of the problems; early ones with fewer than 12 problems are left out. */
export function signLooks(problems: number): SignLook[] {
  return bounds
    .map((bound, i) => ({ bound, problems: Math.ceil((problems * (i + 1)) / bounds.length) }))
    .filter((look) => look.problems >= Math.min(leastProblems, problems));
}

/** The order to take the problems in: a seeded shuffle (Fisher and Yates) of 0..problems-1. */
export function signOrder(problems: number, seed: number): number[] {
  const random = new SeededRandom(seed, 9);
  const order = Array.from({ length: problems }, (_, i) => i);
  for (let i = problems - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

/** `differences`: unbiased pass@k of the first minus the second run, for the problems finished so far in signOrder. */
export function atLook(differences: readonly number[], { bound }: SignLook): SignVerdict {
  const m = differences.length;
  const mean = differences.reduce((sum, d) => sum + d, 0) / m;
  const squares = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0);
  const error = Math.sqrt(squares / (m - 1) / m);
  // All alike: no spread to test against, and a handful of equal signs is no proof.
  if (!(error > 1e-12)) return { sign: null, difference: mean, low: -1, high: 1, p: 1 };
  const p = 2 * studentTail(Math.abs(mean) / error, m - 1);
  const decided = p <= 2 * normalTail(bound);
  return {
    sign: decided ? (mean > 0 ? 1 : -1) : null,
    difference: mean,
    low: Math.max(-1, mean - bound * error),
    high: Math.min(1, mean + bound * error),
    p,
  };
}

/** P(Z > z): Student's law with very many degrees of freedom. */
function normalTail(z: number): number {
  return studentTail(z, 1e7);
}

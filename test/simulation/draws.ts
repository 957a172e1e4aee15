// Verdicts in the order of the draws, and what the simulations of adaptive sampling do with them.
import { atLook, signLooks } from "../../src/core/estimate/adaptive/signTest.ts";
import type { EndPoint } from "../../src/core/estimate/adaptive/stopPlan.ts";
import type { Random } from "./shapes.ts";

/** Verdicts of one run, problem by problem, in order of the draws. */
export type Draws = readonly (readonly boolean[])[];

/** The sign test on differences in the order of the problems: where it stops, and what it says. */
export function looked(differences: readonly number[]): {
  readonly problems: number;
  readonly sign: 1 | -1 | null;
} {
  for (const look of signLooks(differences.length)) {
    const { sign } = atLook(differences.slice(0, look.problems), look);
    if (sign !== null) return { problems: look.problems, sign };
  }
  return { problems: differences.length, sign: null };
}

export function plainEnd(draws: readonly boolean[]): EndPoint {
  return { draws: draws.length, correct: draws.filter(Boolean).length, cutOff: false };
}

export function flips(random: Random, n: number, p: number): boolean[] {
  return Array.from({ length: n }, () => random() < p);
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
export const rateOf = (draws: readonly boolean[]): number => draws.filter(Boolean).length / draws.length;

export function shuffled<T>(values: readonly T[], random: Random): T[] {
  const out = [...values];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j] as T, out[i] as T];
  }
  return out;
}

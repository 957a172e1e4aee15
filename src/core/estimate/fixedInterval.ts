import type { FixedMoments } from "./fixedVariance.ts";
import type { Bounds } from "./meanInterval.ts";

/** 97.5 % point of the standard normal. */
export const z = 1.959964;

/**
 * 95 % interval of pass@k for the fixed target, "these very problems, new samples", from fixedMoments.
 * pad = min(1/2, u) keeps it open where every problem is solved; the Poisson score shift hs = u z^2/2 + z sqrt(V + u^2 z^2/4)
 * guards the upper end, and the lower one where few problems are unsolved (f0 <= 8, f1 >= 1, k > n/2).
 */
export function fixedInterval({ problems, unsolved, variance, depth, f0, f1 }: FixedMoments): Bounds {
  const estimate = 1 - unsolved;
  const plain = z * Math.sqrt(variance + fixedPad(depth));
  const shifted = (depth * z * z) / 2 + z * Math.sqrt(variance + (depth * depth * z * z) / 4);
  const wide = Math.max(plain, shifted);
  const guarded = f0 <= 8 && f1 >= 1 && depth > 0.5;
  return {
    low: Math.max(0, estimate - (guarded ? wide : plain) / problems),
    high: Math.min(1, estimate + wide / problems),
  };
}

/** Variance of at least half a problem at k = n, less where k is small. */
function fixedPad(depth: number): number {
  return Math.min(0.5, depth);
}

/**
 * The same for the difference a - b over the same problems: +-z sqrt(V_a + V_b + pads) / P. Where a run has at most 8
 * problems solved or at most 8 unsolved, MOVER from the runs' own intervals (Zou and Donner 2008).
 */
export function fixedDifferenceInterval(a: FixedMoments, b: FixedMoments): Bounds {
  const difference = b.unsolved - a.unsolved;
  if (isExtreme(a) || isExtreme(b)) {
    const [ia, ib] = [fixedInterval(a), fixedInterval(b)];
    const [xa, xb] = [1 - a.unsolved, 1 - b.unsolved];
    return {
      low: Math.max(-1, difference - Math.hypot(xa - ia.low, ib.high - xb)),
      high: Math.min(1, difference + Math.hypot(ia.high - xa, xb - ib.low)),
    };
  }
  const half = (z * Math.sqrt(a.variance + b.variance + fixedPad(a.depth) + fixedPad(b.depth))) / a.problems;
  return { low: Math.max(-1, difference - half), high: Math.min(1, difference + half) };
}

function isExtreme({ problems, f0 }: FixedMoments): boolean {
  return f0 <= 8 || problems - f0 <= 8;
}

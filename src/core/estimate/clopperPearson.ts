import type { Bounds } from "./meanInterval.ts";
import { betaCdf } from "./betaCdf.ts";

/**
 * Exact two-sided interval of the solve rate from c correct of n (Clopper and Pearson 1934): the Beta(c, n-c+1) quantile
 * at (1-level)/2 and the Beta(c+1, n-c) one at (1+level)/2, by bisection to 1e-15. [0, 1] for n = 0.
 */
export function clopperPearson(c: number, n: number, level = 0.95): Bounds {
  const tail = (1 - level) / 2;
  return {
    low: c === 0 ? 0 : betaQuantile(tail, c, n - c + 1),
    high: c >= n ? 1 : betaQuantile(1 - tail, c + 1, n - c),
  };
}

function betaQuantile(p: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 200 && high - low > 1e-15 * high; i++) {
    const middle = (low + high) / 2;
    if (betaCdf(middle, a, b) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

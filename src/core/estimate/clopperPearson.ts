import type { Bounds } from "./meanInterval.ts";
import { betaCdf } from "./betaCdf.ts";
import { logGamma } from "./logGamma.ts";

/**
 * Exact two-sided interval of the solve rate from c correct of n (Clopper and Pearson 1934): the Beta(c, n-c+1) quantile
 * at (1-level)/2 and the Beta(c+1, n-c) one at (1+level)/2, relative error about 1e-13. [0, 1] for n = 0.
 */
export function clopperPearson(c: number, n: number, level = 0.95): Bounds {
  const tail = (1 - level) / 2;
  return {
    low: c === 0 ? 0 : betaQuantile(tail, c, n - c + 1),
    high: c >= n ? 1 : betaQuantile(1 - tail, c + 1, n - c),
  };
}

/** Newton's steps from the mean, halving where one would leave what is known to hold the quantile. */
function betaQuantile(p: number, a: number, b: number): number {
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b);
  let [low, high, x] = [0, 1, a / (a + b)];
  for (let i = 0; i < 200 && high - low > 1e-15 * high; i++) {
    const over = betaCdf(x, a, b) - p;
    if (over < 0) low = x;
    else high = x;
    const density = Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - logBeta);
    const newton = x - over / density;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - x) <= 1e-15 * x) return next;
    x = next;
  }
  return x;
}

import { clopperPearson } from "./clopperPearson.ts";
import type { ProblemCount } from "./names.ts";
import { unsolvedBound } from "./unsolvedBound.ts";

/**
 * 95 % interval of one problem's solve rate: Clopper and Pearson's exact one; with nothing right the one-sided bound of n
 * samples. Of a problem stopped by its r-th right sample at draw T by the same inversion, exact as well: at most T draws
 * means at least r right among T, at least T draws means at most r-1 right among T-1.
 */
export function rateInterval({ n, c, stop }: ProblemCount): { readonly low: number; readonly high: number } {
  if (c === 0) return { low: 0, high: unsolvedBound(n) };
  const { low, high } = clopperPearson(c, n);
  if (stop === undefined || c < stop.r) return { low, high };
  return { low, high: n === 1 ? 1 : clopperPearson(c - 1, n - 1).high };
}

import { solvedAfter } from "./adaptive/solvedAfter.ts";
import type { EndPoint } from "./adaptive/stopPlan.ts";
import type { ProblemCount } from "./names.ts";
import { unsolvedRow } from "./unsolvedRow.ts";

/** The largest k that a problem can estimate: its n, or its stop plan's nMax; 0 without samples. */
export function reachOf({ n, stop }: ProblemCount): number {
  return n === 0 ? 0 : (stop?.nMax ?? n);
}

/** The unbiased U(k) = 1 - pass@k of one problem at ascending ks, as far as it reaches; plain samples and stopped ones. */
export function unsolvedOf(count: ProblemCount, ks: readonly number[]): Float64Array {
  const reach = reachOf(count);
  const used = ks.filter((k) => k <= reach);
  if (count.stop === undefined) return unsolvedRow(count.n, count.c, used);
  return solvedAfter(count.stop, endOf(count), used).map((solved) => 1 - solved);
}

/** `null` beyond its reach. */
export function solvedOf(count: ProblemCount, k: number): number | null {
  const [unsolved] = unsolvedOf(count, [k]);
  return unsolved === undefined ? null : 1 - unsolved;
}

/** Of a stopped problem. */
export function endOf({ n, c, stop }: ProblemCount): EndPoint {
  return { draws: n, correct: c, cutOff: isCutOff({ n, c, stop }) };
}

/** The coin of the plan's random tail ended it: whether more samples would solve it was not looked at. */
export function isCutOff({ n, c, stop }: ProblemCount): boolean {
  return c === 0 && n > 0 && stop?.tail?.n0 === n && n < stop.nMax;
}

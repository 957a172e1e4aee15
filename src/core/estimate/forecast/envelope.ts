import type { ProblemCount } from "../names.ts";
import { quantile } from "../quantile.ts";
import { resample } from "../resample.ts";
import { SeededRandom } from "../seededRandom.ts";
import { unsolvedRow } from "../unsolvedRow.ts";
import { scoreTable } from "../valueTable.ts";
import { halfGamma } from "../variates.ts";

/** What pass@k can be beyond n, whatever the law of the solve rates. */
export interface EnvelopePoint {
  readonly k: number;
  /** From the estimates alone: pass@n, and the bound above. */
  readonly least: number;
  readonly most: number;
  /** The same with sampling noise: 2.5 % end of the one, 97.5 % end of the other. */
  readonly low: number;
  readonly high: number;
}

/**
 * Bounds of pass@k for k >= n, all problems having at least n samples: pass@n <= pass@k <= 1 - m_n (m_n / m_(n-1))^(k-n)
 * with m_j = E (1-p)^j, since ln m_j is convex in j. Noise by the Jeffreys-Bayesian bootstrap over problems, with half a
 * pseudo-problem that is never solved and half a one that was solved exactly once.
 */
export function envelope(
  counts: readonly ProblemCount[],
  { n, ks }: { readonly n: number; readonly ks: readonly number[] },
  { draws = 1000, seed = 1 }: { readonly draws?: number; readonly seed?: number } = {},
): EnvelopePoint[] {
  const before = Math.max(1, n - 1);
  const rows = counts
    .filter((count) => count.n >= n)
    .map((count) => unsolvedRow(count.n, count.c, [before, n]));
  const table = scoreTable(rows, [before, n]);
  const [mBefore, mN] = [table.means[0] as number, table.means[1] as number];
  const drawn = resample(table, { law: "gamma", draws, seed });
  const random = new SeededRandom(seed, 12);
  const [atN, atBefore] = [new Float64Array(draws), new Float64Array(draws)];
  for (let i = 0; i < draws; i++) {
    const [never, once] = [halfGamma(random), halfGamma(random)];
    const total = (drawn.totals[i] as number) + never + once;
    atBefore[i] = ((drawn.sums[i] as number) + never + once / n) / total;
    atN[i] = ((drawn.sums[draws + i] as number) + never) / total;
  }
  const least = 1 - mN;
  const low = Math.min(
    least,
    quantile(
      Float64Array.from(atN, (m) => 1 - m),
      0.025,
    ),
  );
  return ks.map((k) => {
    const most = bound(mN, mBefore, k - n);
    const bounds = Float64Array.from(atN, (m, i) => bound(m, atBefore[i] as number, k - n));
    return { k, least, most, low, high: Math.max(most, quantile(bounds, 0.975)) };
  });
}

function bound(mN: number, mBefore: number, beyond: number): number {
  return mN <= 0 ? 1 : 1 - mN * Math.min(1, mN / mBefore) ** beyond;
}

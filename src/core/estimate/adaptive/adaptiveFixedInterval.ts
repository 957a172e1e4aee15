import { z } from "../fixedInterval.ts";
import { solvedAfter } from "./solvedAfter.ts";
import type { EndPoint, StopPlan } from "./stopPlan.ts";

/**
 * 95 % interval of pass@k for "these very problems, new samples" under a stop plan without a random tail; `null` at a k
 * above nMax. Variance as in fixedMoments with U from the end points: P (mean U(k)^2 - m_2k), m_2k = mean U(2k) up to nMax
 * and beyond it at least m_N (m_N / m_(N-1))^(2k-N). The pad min(1/2, max(k/N, 1/(r+1))) is wider than for plain samples,
 * as few successes are seen; with r = 1 it is not enough (no problem shows how often it nearly failed): use r >= 2.
 */
export function adaptiveFixedInterval(
  { plan, ends }: { readonly plan: StopPlan; readonly ends: readonly EndPoint[] },
  k: number,
): { readonly passAtK: number; readonly low: number; readonly high: number } | null {
  const { nMax, r } = plan;
  if (k > nMax || ends.length === 0) return null;
  const column = (at: number) => ends.map((end) => 1 - (solvedAfter(plan, end, [at])[0] as number));
  const meanOf = (values: readonly number[]) => values.reduce((sum, u) => sum + u, 0) / values.length;
  const unsolved = column(k);
  const [mN, before] = [meanOf(column(nMax)), meanOf(column(Math.max(1, nMax - 1)))];
  const twice =
    2 * k <= nMax ? meanOf(column(2 * k)) : mN === 0 ? 0 : mN * Math.min(1, mN / before) ** (2 * k - nMax);
  const variance = Math.max(0, meanOf(unsolved.map((u) => u * u)) - twice) * ends.length;
  const pad = Math.min(0.5, Math.max(k / nMax, 1 / (r + 1)));
  const passAtK = 1 - meanOf(unsolved);
  const half = (z * Math.sqrt(variance + pad)) / ends.length;
  return { passAtK, low: Math.max(0, passAtK - half), high: Math.min(1, passAtK + half) };
}

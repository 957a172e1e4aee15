import { unsolvedRow } from "../unsolvedRow.ts";
import type { EndPoint, StopPlan } from "./stopPlan.ts";

/**
 * Unbiased pass@k of one problem that was sampled under a stop plan, at ascending ks up to nMax (also beyond the draws made:
 * no extrapolation, the plan would have gone on). Later ks are left out. `plan` null: plain samples, up to their number.
 *
 * The end point is sufficient, so the estimate is the share of paths to it that begin with k failures (Girshick, Mosteller
 * and Savage 1946; Haldane 1945): stopped by the r-th success at draw T, U = C(T-1-k, r-1) / C(T-1, r-1), that is the
 * ordinary estimate without the last success, 0 for k > T-r; at nMax the ordinary one. The naive estimate on (T, r) is
 * badly biased (.80 for a true .57 at r = 1).
 *
 * With a random tail of probability q after n0 failures the paths that begin with n0 failures are kept with chance q only:
 * X = (1 - U(k)) / (1 - (1-q) U(n0)), 0 where the coin cut the problem off. It is Horvitz and Thompson's X/q averaged over
 * the paths to the end point (Rao-Blackwell), so it needs no record of the coin and varies less; it can exceed 1.
 */
export function solvedAfter(plan: StopPlan | null, end: EndPoint, ks: readonly number[]): Float64Array {
  const used = ks.filter((k) => k <= (plan?.nMax ?? end.draws));
  const row = new Float64Array(used.length);
  if (end.cutOff) return row;
  const unsolved = unsolvedAtEnd(plan, end, used);
  const kept = plan?.tail ? keptShare(plan, end) : 1;
  for (let i = 0; i < row.length; i++) row[i] = (1 - (unsolved[i] as number)) / kept;
  return row;
}

function unsolvedAtEnd(plan: StopPlan | null, end: EndPoint, ks: readonly number[]): Float64Array {
  if (plan === null || end.correct < plan.r) return unsolvedRow(end.draws, end.correct, ks);
  const before = end.draws - 1;
  const row = new Float64Array(ks.length);
  row.set(
    unsolvedRow(
      before,
      plan.r - 1,
      ks.filter((k) => k <= before),
    ),
  );
  return row;
}

/** 1 - (1-q) U(n0): of the paths to this end point, the share that the coin let through. */
function keptShare(plan: StopPlan, end: EndPoint): number {
  const { tail } = plan;
  // A problem on its way to n0 (read while it is sampled) has not met its coin yet.
  if (!tail || (end.correct < plan.r && end.draws < tail.n0)) return 1;
  const [unsolved] = unsolvedAtEnd(plan, end, [tail.n0]);
  return 1 - (1 - tail.probability) * (unsolved ?? 0);
}

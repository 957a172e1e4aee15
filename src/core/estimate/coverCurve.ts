import { coverAtTau } from "./coverAtTau.ts";
import type { ProblemCount } from "./names.ts";
import { type ScoreOptions, scoreIntervals, type ScorePoint } from "./scoreIntervals.ts";

export interface CoverPoint extends ScorePoint {
  readonly tau: number;
  /** Problems whose accuracy c/n is at least tau. */
  readonly count: number;
}

/**
 * Cover@tau (arXiv 2510.08325): the share of problems solved at least with rate tau, at each of `taus` in (0, 1], as a
 * complementary distribution of the MEASURED accuracies c/n, with 95 % intervals over problems (Jeffreys'). c/n is a noisy
 * p: a tau between two multiples of 1/n is that of the next one, and with few samples the curve is flatter than the true one.
 * pass@k of the same accuracies is the integral of Cover(tau) k (1 - tau)^(k-1).
 */
export function coverCurve(
  counts: readonly ProblemCount[],
  taus: readonly number[],
  options: ScoreOptions = {},
): CoverPoint[] {
  const used = counts.filter(({ n }) => n > 0);
  if (used.length === 0) return [];
  const rows = used.map((count) => taus.map((tau) => coverAtTau([count], tau)));
  return scoreIntervals(rows, taus.length, options).map((point, i) => {
    const tau = taus[i] as number;
    return { tau, count: coverAtTau(used, tau), ...point };
  });
}

/** Steps of 1/n up to n = 100, of 1 % above: what n samples can tell apart. */
export function coverGrid(counts: readonly ProblemCount[]): number[] {
  const steps = Math.min(
    100,
    counts.reduce((most, { n }) => Math.max(most, n), 1),
  );
  return Array.from({ length: steps }, (_, i) => (i + 1) / steps);
}

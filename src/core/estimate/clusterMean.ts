import { quantile } from "./quantile.ts";
import { SeededRandom } from "./seededRandom.ts";
import { exponential } from "./variates.ts";

/** A mean over samples with its 95 % interval for other problems like these; no interval with fewer than 6 problems. */
export interface ClusterMean {
  readonly value: number;
  readonly samples: number;
  readonly problems: number;
  readonly interval: { readonly low: number; readonly high: number } | null;
}

const draws = 1000;
const leastProblems = 6;
const seed = 20_504_13838;

/**
 * Mean over samples that belong to problems: samples of one problem are alike, so problems are resampled, not samples.
 * Bayesian bootstrap over problems (Rubin 1981) of the ratio sum / count, one Exp(1) weight a problem. `null` for no samples.
 * @param groups one a problem: how many samples, and the sum of their values
 */
export function clusterMean(
  groups: readonly { readonly count: number; readonly sum: number }[],
): ClusterMean | null {
  const known = groups.filter(({ count }) => count > 0);
  const samples = known.reduce((all, { count }) => all + count, 0);
  if (samples === 0) return null;
  const value = known.reduce((all, { sum }) => all + sum, 0) / samples;
  if (known.length < leastProblems) return { value, samples, problems: known.length, interval: null };
  const random = new SeededRandom(seed);
  const means = Float64Array.from({ length: draws }, () => {
    let [over, under] = [0, 0];
    for (const { count, sum } of known) {
      const weight = exponential(random);
      over += weight * sum;
      under += weight * count;
    }
    return over / under;
  });
  const [low, high] = [quantile(Float64Array.from(means), 0.025), quantile(means, 0.975)];
  return {
    value,
    samples,
    problems: known.length,
    interval: { low: Math.min(low, value), high: Math.max(high, value) },
  };
}

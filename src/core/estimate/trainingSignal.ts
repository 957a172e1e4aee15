import { logFactorial } from "./logFactorial.ts";
import type { ProblemCount } from "./names.ts";

/** What training by group-relative rewards would get from one problem at the model's present accuracy. */
export interface TrainingSignal {
  /** p(1-p), the variance of a 0/1 reward: c(n-c) / (n(n-1)), unbiased; `null` for n < 2. */
  readonly rewardVariance: number | null;
  /** Chance that a group of G samples has both rewards: groups of one reward have zero advantage; `null` for n < G. */
  readonly mixedGroups: number | null;
}

/**
 * `mixedGroups` = 1 - C(n-c, G)/C(n, G) - C(c, G)/C(n, G): the share of groups of G of these samples that are neither all
 * wrong nor all right, unbiased for 1 - (1-p)^G - p^G. GRPO (arXiv 2402.03300, eq. 4) normalises rewards within a group, so
 * the other groups train nothing; DAPO's dynamic sampling (arXiv 2503.14476, eq. 11) drops them.
 */
export function trainingSignal({ n, c }: ProblemCount, groupSize: number): TrainingSignal {
  return {
    rewardVariance: n < 2 ? null : (c * (n - c)) / (n * (n - 1)),
    mixedGroups: n < groupSize ? null : 1 - shareOf(n - c, n, groupSize) - shareOf(c, n, groupSize),
  };
}

/** C(m, g) / C(n, g). */
function shareOf(m: number, n: number, g: number): number {
  if (m < g) return 0;
  return Math.exp(logFactorial(m) - logFactorial(m - g) - logFactorial(n) + logFactorial(n - g));
}

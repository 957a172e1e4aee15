// Beta and binomial draws of any shape.
import type { SeededRandom } from "./seededRandom.ts";
import { gammaAboveOne } from "./variates.ts";

/** ln of a Gamma(shape, 1) draw for any shape > 0 (Marsaglia and Tsang 2000; below 1 boosted, in logs as U^(1/shape) may be 0). */
function logGammaDraw(random: SeededRandom, shape: number): number {
  if (shape < 1) return logGammaDraw(random, shape + 1) + Math.log(random.uniform()) / shape;
  return Math.log(gammaAboveOne(random, shape));
}

/** Beta(a, b) for a, b > 0. */
export function betaDraw(random: SeededRandom, a: number, b: number): number {
  const difference = logGammaDraw(random, b) - logGammaDraw(random, a);
  return 1 / (1 + Math.exp(difference));
}

/** Below this many trials they are drawn one by one. */
const fewTrials = 48;

/** Binomial(trials, p): many trials are halved at a drawn order statistic (Relles 1972; Devroye 1986, X.4.3). */
export function binomialDraw(random: SeededRandom, trials: number, p: number): number {
  let [left, chance, successes] = [trials, p, 0];
  while (left > fewTrials && chance > 0 && chance < 1) {
    // The middle one of `left` uniforms: all below it are below `chance` too, or all above it are above.
    const rank = (left + 1) >> 1;
    const middle = betaDraw(random, rank, left + 1 - rank);
    if (middle <= chance) {
      successes += rank;
      left -= rank;
      chance = (chance - middle) / (1 - middle);
    } else {
      left = rank - 1;
      chance /= middle;
    }
  }
  for (let i = 0; i < left; i++) if (random.uniform() < chance) successes++;
  return successes;
}

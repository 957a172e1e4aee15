import { ascending, type CurveOptions } from "./curve.ts";
import { difference, pairN, type ProblemPair } from "./difference.ts";
import { quantile } from "./quantile.ts";
import type { DifferencePoint } from "./report.ts";
import { resample } from "./resample.ts";
import { SeededRandom } from "./seededRandom.ts";
import { differenceTable } from "./valueTable.ts";
import { halfGamma } from "./variates.ts";

export interface BandPoint extends DifferencePoint {
  /** Ends of a band that holds the whole true difference curve at once (95 %). */
  readonly bandLow: number;
  readonly bandHigh: number;
}

export interface SimultaneousBand {
  readonly points: readonly BandPoint[];
  /** Half-width of the band in standard errors (1.96 would be pointwise; 0 for one run compared with itself). */
  readonly factor: number;
  /** k at which the first (second) run leads by the band: what may be said of a k that was found by looking. */
  readonly firstAhead: readonly number[];
  readonly secondAhead: readonly number[];
}

const bandDraws = 4000;

/**
 * Paired difference of pass@k over k with its pointwise 95 % interval and, for "they differ at SOME k", a simultaneous
 * (sup-t) band: joint draws of the Jeffreys-Bayesian bootstrap (meanIntervals), standardised at each k; c is the .95
 * quantile over draws of the largest deviation on either side, and the band is estimate -+ c standard errors, never
 * narrower than the pointwise interval. For k fixed beforehand (1, n) the pointwise interval is the right one.
 */
export function simultaneousBand(
  pairs: readonly ProblemPair[],
  ks: readonly number[],
  options: Omit<CurveOptions, "interval"> = {},
): SimultaneousBand {
  const reach = pairs.reduce((most, pair) => Math.max(most, pairN(pair)), 0);
  const used = ascending(ks, reach);
  const pointwise = difference(pairs, used, { ...options, interval: "jbb" });
  const drawn = jointDraws(pairs, used, options.draws ?? bandDraws, options.seed ?? 1);
  const spread = drawn.map(standardError);
  const centre = drawn.map(mean);
  const largest = new Float64Array(drawn[0]?.length ?? 0);
  drawn.forEach((row, r) => {
    const error = spread[r] as number;
    if (error === 0) return;
    for (let i = 0; i < row.length; i++) {
      const deviation = Math.abs((row[i] as number) - (centre[r] as number)) / error;
      if (deviation > (largest[i] as number)) largest[i] = deviation;
    }
  });
  const factor = largest.length === 0 ? 0 : quantile(largest, 0.95);
  const points = pointwise.map((point, row) => {
    const half = factor * (spread[row] as number);
    return {
      ...point,
      bandLow: Math.max(-1, Math.min(point.low, point.difference - half)),
      bandHigh: Math.min(1, Math.max(point.high, point.difference + half)),
    };
  });
  return {
    points,
    factor,
    firstAhead: points.filter(({ bandLow }) => bandLow > 0).map(({ k }) => k),
    secondAhead: points.filter(({ bandHigh }) => bandHigh < 0).map(({ k }) => k),
  };
}

/** [row][draw]: (sum w d + h1 - h0) / (sum w + h0 + h1), h ~ Gamma(1/2, 1), the same weights at every k. */
function jointDraws(
  pairs: readonly ProblemPair[],
  ks: readonly number[],
  draws: number,
  seed: number,
): Float64Array[] {
  const table = differenceTable(pairs, ks);
  const { sums, totals } = resample(table, { law: "gamma", draws, seed });
  const random = new SeededRandom(seed, 3);
  const h0 = Float64Array.from({ length: draws }, () => halfGamma(random));
  const h1 = Float64Array.from({ length: draws }, () => halfGamma(random));
  return ks.map((_, row) =>
    Float64Array.from({ length: draws }, (_, i) => {
      const [below, above, at] = [h0[i] as number, h1[i] as number, row * draws + i];
      return ((sums[at] as number) + above - below) / ((totals[at] as number) + below + above);
    }),
  );
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function standardError(values: Float64Array): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length);
}

import { ascending } from "../curve.ts";
import type { Bounds } from "../meanInterval.ts";
import { around, type CotPassOptions, type CotProblem, leastRight, meanCurve, mostRight } from "./cotPass.ts";
import { drawnCurves } from "./drawnCurves.ts";

/** First run minus second at one k, over the problems that both have. */
export interface CotDifferencePoint {
  readonly k: number;
  readonly difference: number;
  /** 95 % for the difference if every right answer were read. */
  readonly low: number;
  readonly high: number;
  /** 95 % for other problems like these. */
  readonly population: Bounds;
  /** Without any assumption on what was not read. */
  readonly certain: Bounds;
  /** Share of the imputations in which the first run leads, and in which the second does, had every right answer been read. */
  readonly leads: number;
  readonly trails: number;
  /** The same for other problems like these. */
  readonly populationLeads: number;
  readonly populationTrails: number;
  readonly problems: number;
}

export type CotPair = readonly [CotProblem, CotProblem];

/** CoT-Pass@k of the first run minus the second's, paired over problems: both are imputed in every draw. */
export function cotDifference(
  pairs: readonly CotPair[],
  ks: readonly number[],
  { draws = 500, seed = 1 }: CotPassOptions = {},
): readonly CotDifferencePoint[] {
  const sampled = pairs.filter(([a, b]) => Math.min(a.n, b.n) > 0);
  const used = ascending(
    ks,
    sampled.reduce((max, [a, b]) => Math.max(max, Math.min(a.n, b.n)), 0),
  );
  const runs = [sampled.map(([a]) => a), sampled.map(([, b]) => b)] as const;
  const drawn = drawnCurves({ runs, low: -1 }, { ks: used, draws, seed });
  return used.map((k, row): CotDifferencePoint => {
    const ofRow = (values: Float64Array) => values.slice(row * draws, (row + 1) * draws);
    const full = ofRow(drawn.full);
    const population = ofRow(drawn.bootstrap);
    const share = (values: Float64Array, sign: 1 | -1) => values.filter((x) => sign * x > tie).length / draws;
    const difference = full.reduce((sum, x) => sum + x, 0) / draws;
    const [leads, trails] = [share(full, 1), share(full, -1)];
    const [populationLeads, populationTrails] = [share(population, 1), share(population, -1)];
    const eligible = sampled.filter(([a, b]) => Math.min(a.n, b.n) >= k);
    return {
      k,
      difference,
      ...around(difference, [full]),
      population: around(difference, [population, ofRow(drawn.jeffreys)]),
      certain: certainAt(eligible, k),
      leads,
      trails,
      populationLeads,
      populationTrails,
      problems: eligible.length,
    };
  });
}

/** Means of equal values may differ in their last bits. */
const tie = 1e-12;

function certainAt(pairs: readonly CotPair[], k: number): Bounds {
  const [a, b] = [
    meanCurve(
      pairs.map(([first]) => first),
      [k],
    ),
    meanCurve(
      pairs.map(([, second]) => second),
      [k],
    ),
  ];
  const [low, high] = [a(leastRight)[0] as number, a(mostRight)[0] as number];
  return { low: low - (b(mostRight)[0] as number), high: high - (b(leastRight)[0] as number) };
}

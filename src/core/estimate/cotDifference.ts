import type { CotPassOptions, CotProblem } from "./cotPass.ts";
import type { Bounds } from "./meanInterval.ts";

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
  /** Chance, over the imputations, that the first run leads if every right answer were read; and for the population. */
  readonly leads: number;
  readonly populationLeads: number;
  readonly problems: number;
}

export function cotDifference(
  pairs: readonly (readonly [CotProblem, CotProblem])[],
  ks: readonly number[],
  options: CotPassOptions = {},
): readonly CotDifferencePoint[] {
  throw new Error(`not there yet ${pairs.length} ${ks.length} ${options.draws}`);
}

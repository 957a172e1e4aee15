import type { Coverage } from "./coverage.ts";
import { quantile } from "./quantile.ts";
import { SeededRandom } from "./seededRandom.ts";
import { gamma, halfGamma } from "./variates.ts";

export interface Ends {
  readonly low: number;
  readonly high: number;
}

/** 95 % ends of the four rates; `null` where the rate itself is. */
export interface CoverageIntervals {
  readonly srr: Ends | null;
  readonly ndr: Ends | null;
  readonly sds: Ends | null;
  readonly nscr: Ends | null;
}

export interface CoverageIntervalOptions {
  /** Default 4000. */
  readonly draws?: number;
  /** Default 1. */
  readonly seed?: number;
}

/**
 * Intervals for "other problems like these": the four cells are multinomial counts of problems, their shares drawn from
 * Jeffreys' posterior Dirichlet(count + 1/2) and the rates computed from each draw, all from the same one. For srr and
 * ndr alone that is the Jeffreys interval Beta(P + 1/2, S + 1/2) (Brown, Cai and DasGupta 2001), and as there an end
 * that would leave out the estimate is moved to it.
 */
export function coverageIntervals(
  cells: Coverage,
  { draws = 4000, seed = 1 }: CoverageIntervalOptions = {},
): CoverageIntervals {
  const random = new SeededRandom(seed, 3);
  const [kept, lost, gained] = [cells.both.length, cells.aOnly.length, cells.bOnly.length];
  const drawn = { srr: values(draws), ndr: values(draws), sds: values(draws), nscr: values(draws) };
  for (let i = 0; i < draws; i++) {
    const both = gamma(random, kept) + halfGamma(random);
    const aOnly = gamma(random, lost) + halfGamma(random);
    const bOnly = gamma(random, gained) + halfGamma(random);
    const srr = both / (both + aOnly);
    const ndr = bOnly / (both + bOnly);
    drawn.srr[i] = srr;
    drawn.ndr[i] = ndr;
    drawn.sds[i] = (2 * srr * ndr) / (srr + ndr);
    drawn.nscr[i] = (bOnly - aOnly) / (both + aOnly + bOnly);
  }
  const ends = (name: keyof CoverageIntervals): Ends | null => {
    const estimate = cells[name];
    if (estimate === null) return null;
    const [low, high] = [quantile(drawn[name], 0.025), quantile(drawn[name], 0.975)];
    return { low: Math.min(low, estimate), high: Math.max(high, estimate) };
  };
  return { srr: ends("srr"), ndr: ends("ndr"), sds: ends("sds"), nscr: ends("nscr") };
}

const values = (length: number): Float64Array => new Float64Array(length);

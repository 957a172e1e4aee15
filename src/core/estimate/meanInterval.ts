import { normalResample, normalRows } from "./normalResample.ts";
import { quantile } from "./quantile.ts";
import { resample, type Resample } from "./resample.ts";
import { SeededRandom } from "./seededRandom.ts";
import { mergeZeroCells, pickRows } from "./tableRows.ts";
import type { ValueTable } from "./valueTable.ts";
import { exponential, halfGamma } from "./variates.ts";

/** The methods for the population target, "other problems like these": they resample problems. */
export type PopulationMethod = "jbb" | "percentile" | "gaffke";

export interface DrawOptions {
  /** Default 1000. */
  readonly draws?: number;
  /** Default 1. */
  readonly seed?: number;
}

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

interface MeanIntervalOptions extends DrawOptions {
  readonly method: PopulationMethod;
  /** The values' range: [0, 1] for one run, [-1, 1] for a difference. */
  readonly range: readonly [number, number];
}

/** Above this many cells the exact weights are drawn only at the k where a normal law is not good enough. */
const exactCells = 600;
const [lowerTail, upperTail] = [0.025, 0.975];

/**
 * Two-sided 95 % intervals of the population means at each k of a table; they contain the sample mean. NaN where no
 * problem is eligible. With weights w_j ~ Gamma(m_j, 1) over cells of value x_j, range [lo, hi]:
 * - `jbb` (Jeffreys-Bayesian bootstrap): (sum w x + h0 lo + h1 hi) / (sum w + h0 + h1), h ~ Gamma(1/2): half a
 *   pseudo-problem at either end, which on 0/1 values IS the Jeffreys interval; united with the Bayesian bootstrap
 *   sum w x / sum w (Rubin 1981; Brown, Cai, DasGupta 2001).
 * - `gaffke`: (sum w x + e lo) / (sum w + e) below and the same with hi above, e ~ Exp(1): on 0/1 values this IS
 *   Clopper-Pearson (Gaffke 2005; Learned-Miller and Thomas, arXiv 1905.06208).
 * - `percentile`: Efron's bootstrap. Kept by name to reproduce other tools; it fails near 0 and 1.
 */
export function meanIntervals(table: ValueTable, options: MeanIntervalOptions): Bounds[] {
  const { method, range, draws = 1000, seed = 1 } = options;
  if (method === "percentile") {
    const drawn = resample(table, { law: "multinomial", draws, seed });
    return table.ks.map((_, row) => around(table.means[row] as number, boundsOf([rowMeans(drawn, row)])));
  }
  const approximated = table.cells > exactCells ? normalRows(table) : [];
  const byRow = new Map<number, Bounds>();
  const exactRows = table.ks.map((_, row) => row).filter((row) => !approximated.includes(row));
  if (exactRows.length > 0) {
    const rows = approximated.length > 0 ? mergeZeroCells(pickRows(table, exactRows)) : table;
    const drawn = resample(rows, { law: "gamma", draws, seed });
    const intervals = method === "jbb" ? jeffreys(drawn, { range, seed }) : gaffke(drawn, { range, seed });
    exactRows.forEach((row, i) => byRow.set(row, intervals[i] as Bounds));
  }
  if (approximated.length > 0) {
    const intervals = normalIntervals(pickRows(table, approximated), { method, range, draws, seed });
    approximated.forEach((row, i) => byRow.set(row, intervals[i] as Bounds));
  }
  return table.ks.map((_, row) => around(table.means[row] as number, byRow.get(row) as Bounds));
}

interface Ends {
  readonly range: readonly [number, number];
  readonly seed: number;
}

function jeffreys(drawn: Resample, { range: [lo, hi], seed }: Ends): Bounds[] {
  const random = new SeededRandom(seed, 3);
  const h0 = Float64Array.from({ length: drawn.draws }, () => halfGamma(random));
  const h1 = Float64Array.from({ length: drawn.draws }, () => halfGamma(random));
  return mapRows(drawn, (row) => {
    const mixed = rowMeans(drawn, row, (sum, total, draw) => {
      const [below, above] = [h0[draw] as number, h1[draw] as number];
      return (sum + below * lo + above * hi) / (total + below + above);
    });
    return boundsOf([mixed, rowMeans(drawn, row)]);
  });
}

function gaffke(drawn: Resample, { range: [lo, hi], seed }: Ends): Bounds[] {
  const random = new SeededRandom(seed, 4);
  const e = Float64Array.from({ length: drawn.draws }, () => exponential(random));
  const withEnd = (row: number, end: number) =>
    rowMeans(
      drawn,
      row,
      (sum, total, draw) => (sum + (e[draw] as number) * end) / (total + (e[draw] as number)),
    );
  return mapRows(drawn, (row) => ({
    low: quantile(withEnd(row, lo), lowerTail),
    high: quantile(withEnd(row, hi), upperTail),
  }));
}

/** The same laws with the weighted mean drawn as a normal vector: `ends` are pseudo-problems and their weight. */
function normalIntervals(
  table: ValueTable,
  { method, range: [lo, hi], draws, seed }: Required<MeanIntervalOptions>,
): Bounds[] {
  const law = (...ends: readonly (readonly [number, number])[]) =>
    normalResample(table, { ends, draws, seed });
  if (method === "gaffke") {
    const [below, above] = [law([lo, 1]), law([hi, 1])];
    return table.ks.map((_, row) => ({
      low: quantile(rowMeans(below, row), lowerTail),
      high: quantile(rowMeans(above, row), upperTail),
    }));
  }
  const [mixed, plain] = [law([lo, 0.5], [hi, 0.5]), law()];
  return table.ks.map((_, row) => boundsOf([rowMeans(mixed, row), rowMeans(plain, row)]));
}

function mapRows<T>(drawn: Resample, map: (row: number) => T): T[] {
  return Array.from({ length: drawn.sums.length / drawn.draws }, (_, row) => map(row));
}

type Combine = (sum: number, total: number, draw: number) => number;

/** The drawn means of one k; draws without any eligible problem (percentile with mixed n) are left out. */
function rowMeans(
  { sums, totals, draws }: Resample,
  row: number,
  combine: Combine = (sum, total) => sum / total,
): Float64Array {
  const out = new Float64Array(draws);
  let kept = 0;
  for (let draw = 0, at = row * draws; draw < draws; draw++, at++) {
    const total = totals[at] as number;
    if (total > 0) out[kept++] = combine(sums[at] as number, total, draw);
  }
  return out.subarray(0, kept);
}

function boundsOf(samples: readonly Float64Array[]): Bounds {
  return {
    low: Math.min(...samples.map((values) => quantile(values, lowerTail))),
    high: Math.max(...samples.map((values) => quantile(values, upperTail))),
  };
}

function around(mean: number, { low, high }: Bounds): Bounds {
  return { low: Math.min(low, mean), high: Math.max(high, mean) };
}

import type { Bounds, DrawOptions } from "./meanInterval.ts";
import { quantile } from "./quantile.ts";
import { SeededRandom } from "./seededRandom.ts";

/** Squared difference of two levels: 0 or 1, or by how many values lie between them. */
export type AlphaMetric = "nominal" | "ordinal";

/**
 * Krippendorff's alpha, 1 - Do / De, for any number of raters and missing values (Krippendorff 2011, "Computing
 * Krippendorff's Alpha-Reliability"). `units[u][v]`: how many raters gave unit u the level v; units with fewer than two
 * values say nothing about agreement and are left out. `null` where it is not defined: no such unit, or one level only.
 */
export function krippendorffAlpha(units: readonly (readonly number[])[], metric: AlphaMetric): number | null {
  return alphaOf(coincidences(units), metric);
}

/**
 * alpha with a 95 % interval: units drawn with replacement, percentiles (Zapf et al. 2016, BMC Med. Res. Methodol. 16:93).
 * A draw in which alpha is not defined counts as 1: all of its values agree.
 */
export function krippendorffInterval(
  units: readonly (readonly number[])[],
  metric: AlphaMetric,
  { draws = 1000, seed = 1 }: DrawOptions = {},
): ({ readonly value: number } & Bounds) | null {
  const pairable = units.filter((unit) => sumOf(unit) >= 2);
  const value = krippendorffAlpha(pairable, metric);
  if (value === null) return null;
  const random = new SeededRandom(seed, 31);
  const perUnit = pairable.map((unit) => coincidences([unit]));
  const alphas = Float64Array.from({ length: draws }, () => {
    const sum = emptyTable(perUnit[0]?.length ?? 0);
    for (let i = 0; i < perUnit.length; i++) addTable(sum, perUnit[random.below(perUnit.length)] ?? []);
    return alphaOf(sum, metric) ?? 1;
  });
  const [low, high] = [quantile(alphas, 0.025), quantile(alphas, 0.975)];
  return { value, low: Math.min(low, value), high: Math.max(high, value) };
}

/** o[c][k]: ordered pairs of values within units, each unit's weighted by 1 / (its values - 1). */
function coincidences(units: readonly (readonly number[])[]): number[][] {
  const table = emptyTable(Math.max(0, ...units.map((unit) => unit.length)));
  for (const unit of units) {
    const values = sumOf(unit);
    if (values < 2) continue;
    for (const [c, row] of table.entries()) {
      for (const k of row.keys()) {
        const pairs = (unit[c] ?? 0) * ((unit[k] ?? 0) - Number(c === k));
        row[k] = (row[k] ?? 0) + pairs / (values - 1);
      }
    }
  }
  return table;
}

function alphaOf(table: readonly (readonly number[])[], metric: AlphaMetric): number | null {
  const totals = table.map(sumOf);
  const all = sumOf(totals);
  let [observed, expected] = [0, 0];
  for (const [c, row] of table.entries()) {
    for (const [k, pairs] of row.entries()) {
      const difference = metric === "nominal" ? Number(c !== k) : ordinal(totals, c, k);
      observed += pairs * difference;
      expected += (totals[c] ?? 0) * (totals[k] ?? 0) * difference;
    }
  }
  return expected === 0 ? null : 1 - ((all - 1) * observed) / expected;
}

/** (n_c / 2 + the n between + n_k / 2)^2. */
function ordinal(totals: readonly number[], c: number, k: number): number {
  const between = sumOf(totals.slice(Math.min(c, k), Math.max(c, k) + 1));
  return (between - ((totals[c] ?? 0) + (totals[k] ?? 0)) / 2) ** 2;
}

const emptyTable = (levels: number): number[][] =>
  Array.from({ length: levels }, () => Array.from({ length: levels }, () => 0));

function addTable(sum: number[][], table: readonly (readonly number[])[]): void {
  for (const [c, row] of table.entries()) {
    const into = sum[c] as number[];
    for (const [k, pairs] of row.entries()) into[k] = (into[k] as number) + pairs;
  }
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

import { clopperPearson } from "./clopperPearson.ts";
import type { Bounds } from "./meanInterval.ts";

/** Credit for a disagreement by d of at most D levels: none, 1 - d/D (Cicchetti and Allison), 1 - (d/D)^2 (Fleiss and Cohen). */
export type KappaWeights = "none" | "linear" | "quadratic";

export interface Kappa extends Bounds {
  readonly value: number;
  readonly standardError: number;
}

/**
 * Cohen's kappa of two raters (Cohen 1960; weighted: Cohen 1968): (po - pe) / (1 - pe), with the large-sample standard
 * error of Fleiss, Cohen and Everitt 1969 (Psychol. Bull. 72, 323-327, eq. 9 and 13) and value +- 1.96 of it inside [-1, 1].
 * `counts[i][j]`: items that the first put at level i and the second at level j; square. `null` where it is not
 * defined: no item, or both always said the same one thing (pe = 1).
 */
export function cohenKappa(
  counts: readonly (readonly number[])[],
  weights: KappaWeights = "none",
): Kappa | null {
  const levels = counts.length;
  const total = counts.flat().reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const p = counts.map((row) => row.map((count) => count / total));
  const w = counts.map((_, i) => counts.map((__, j) => credit(i, j, { levels, weights })));
  const rows = p.map(sumOf);
  const columns = p.map((_, j) => sumOf(p.map((row) => row[j] ?? 0)));
  const sumCells = (value: (i: number, j: number) => number) =>
    sumOf(p.flatMap((row, i) => row.map((_, j) => value(i, j))));
  const cell = (i: number, j: number) => p[i]?.[j] ?? 0;
  const weight = (i: number, j: number) => w[i]?.[j] ?? 0;
  const expected = sumCells((i, j) => weight(i, j) * (rows[i] ?? 0) * (columns[j] ?? 0));
  if (1 - expected < 1e-12) return null;
  const value = (sumCells((i, j) => weight(i, j) * cell(i, j)) - expected) / (1 - expected);
  // Mean credit of a rater's level against the other's marginal law.
  const rowMean = w.map((row) => sumOf(row.map((credited, j) => credited * (columns[j] ?? 0))));
  const columnMean = w.map((_, j) => sumOf(w.map((row, i) => (row[j] ?? 0) * (rows[i] ?? 0))));
  const spread = sumCells((i, j) => {
    const deviation = weight(i, j) - ((rowMean[i] ?? 0) + (columnMean[j] ?? 0)) * (1 - value);
    return cell(i, j) * deviation ** 2;
  });
  const variance = (spread - (value - expected * (1 - value)) ** 2) / (total * (1 - expected) ** 2);
  const standardError = Math.sqrt(Math.max(0, variance));
  const half = 1.959963984540054 * standardError;
  // Where they never differed the formula gives a width of 0, however few the items: Clopper-Pearson bounds po instead.
  const low = value === 1 ? (clopperPearson(total, total).low - expected) / (1 - expected) : value - half;
  return { value, standardError, low: Math.max(-1, low), high: Math.min(1, value + half) };
}

function credit(
  i: number,
  j: number,
  { levels, weights }: { levels: number; weights: KappaWeights },
): number {
  if (i === j) return 1;
  const share = Math.abs(i - j) / (levels - 1);
  if (weights === "none") return 0;
  return weights === "linear" ? 1 - share : 1 - share ** 2;
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

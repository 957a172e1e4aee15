import type { ProblemCount } from "./names.ts";

/** The paper's 12 accuracy bins (arXiv 2504.13837, figure 13): {0}, (0,.1], (.1,.2] ... (.8,.9], (.9,1), {1}. */
export const binLabels: readonly string[] = [
  "0",
  "(0, 0.1]",
  "(0.1, 0.2]",
  "(0.2, 0.3]",
  "(0.3, 0.4]",
  "(0.4, 0.5]",
  "(0.5, 0.6]",
  "(0.6, 0.7]",
  "(0.7, 0.8]",
  "(0.8, 0.9]",
  "(0.9, 1)",
  "1",
];

/** Bin 0..11 of accuracy c/n; `null` for n = 0, and where c/n means nothing: samples ended by a stop. Integers only at the edges: 10c/n is exact where it is an integer. */
export function binOf({ n, c, stop }: ProblemCount): number | null {
  if (n <= 0 || stop !== undefined) return null;
  if (c >= n) return 11;
  return Math.ceil((10 * c) / n);
}

/** Problems per bin; problems without samples are in none. */
export function histogram(counts: readonly ProblemCount[]): number[] {
  const bins = Array.from<number>({ length: binLabels.length }).fill(0);
  for (const count of counts) {
    const bin = binOf(count);
    if (bin !== null) bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins;
}

/**
 * Problems by their bin in run `a` (row) and in run `b` (column), 12 x 12. `a` and `b` are parallel;
 * problems without samples in either are left out.
 */
export function binTransitions(a: readonly ProblemCount[], b: readonly ProblemCount[]): number[][] {
  const matrix = binLabels.map(() => Array.from<number>({ length: binLabels.length }).fill(0));
  a.forEach((count, i) => {
    const other = b[i];
    const from = binOf(count);
    const to = other === undefined ? null : binOf(other);
    const row = from === null ? undefined : matrix[from];
    if (row !== undefined && to !== null) row[to] = (row[to] ?? 0) + 1;
  });
  return matrix;
}

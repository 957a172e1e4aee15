import type { ProblemCount } from "./names.ts";

export type CoverageCell = "both" | "aOnly" | "bOnly" | "neither";
/** In the order of a list. */
export const coverageCells: readonly CoverageCell[] = ["both", "aOnly", "bOnly", "neither"];

/** The solvable-set 2x2 of two runs (analysis A3 of the paper) and the figures drawn from it; indexes into the pairs. */
export interface Coverage {
  readonly threshold: number;
  readonly problems: number;
  readonly both: readonly number[];
  readonly aOnly: readonly number[];
  readonly bOnly: readonly number[];
  readonly neither: readonly number[];
  /** Share of a's solved problems that b keeps, P/(P+S); `null` where a solves none. P both, S a only, E b only. */
  readonly srr: number | null;
  /** Share of b's solved problems that are new, E/(P+E); `null` where b solves none. */
  readonly ndr: number | null;
  /** Harmonic mean of srr and ndr; `null` where either is, 0 where both are 0. */
  readonly sds: number | null;
  /** Net change (E-S)/(P+E+S); `null` where neither solves any. */
  readonly nscr: number | null;
}

/**
 * Counts problems by whether a and b solve them; "solved" is c >= threshold (default 1). Pairs without samples in either
 * run are left out. `a` is the base in the paper's formulas, `b` the RL model.
 */
export function coverage(pairs: readonly (readonly [ProblemCount, ProblemCount])[], threshold = 1): Coverage {
  const cells: Record<CoverageCell, number[]> = { both: [], aOnly: [], bOnly: [], neither: [] };
  pairs.forEach(([a, b], i) => {
    if (a.n === 0 || b.n === 0) return;
    cells[coverageCell(a.c >= threshold, b.c >= threshold)].push(i);
  });
  const [kept, lost, gained] = [cells.both.length, cells.aOnly.length, cells.bOnly.length];
  const srr = share(kept, kept + lost);
  const ndr = share(gained, kept + gained);
  return {
    threshold,
    problems: kept + lost + gained + cells.neither.length,
    ...cells,
    srr,
    ndr,
    sds: harmonicMean(srr, ndr),
    nscr: share(gained - lost, kept + gained + lost),
  };
}

function coverageCell(a: boolean, b: boolean): CoverageCell {
  if (a) return b ? "both" : "aOnly";
  return b ? "bOnly" : "neither";
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function harmonicMean(x: number | null, y: number | null): number | null {
  if (x === null || y === null) return null;
  return x + y === 0 ? 0 : (2 * x * y) / (x + y);
}

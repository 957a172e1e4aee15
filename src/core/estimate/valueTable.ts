import type { ProblemCount } from "./names.ts";
import { unsolvedRow } from "./unsolvedRow.ts";

/**
 * Problems with equal counts share a cell: what the bootstrap draws weights for. Row-major: `values[row * cells + cell]`,
 * one row per k, cells ordered by falling n, so that the cells that are estimable at a k are a prefix.
 */
export interface ValueTable {
  readonly ks: readonly number[];
  readonly cells: number;
  /** Problems in each cell. */
  readonly multiplicity: Float64Array;
  readonly values: Float64Array;
  /** For each k: how many leading cells, and how many problems in them, have n >= k. */
  readonly eligibleCells: Int32Array;
  readonly eligibleProblems: Int32Array;
  /** For each k: the leading cells' weighted mean value; NaN where no problem is eligible. */
  readonly means: Float64Array;
}

/** Values U_i(k) in [0, 1] of one run: the share not solved, 1 - pass@k. Problems with n = 0 are dropped. */
export function unsolvedTable(counts: readonly ProblemCount[], ks: readonly number[]): ValueTable {
  const cells = new Map<number, Cell>();
  for (const { n, c } of counts) {
    if (n > 0) add(cells, n * 2 ** 26 + c, () => ({ n, rows: [{ n, c }], multiplicity: 0 }));
  }
  return tableOf([...cells.values()], ks);
}

/** Values X_a(k) - X_b(k) in [-1, 1] of paired problems. Pairs where either n = 0 are dropped. */
export function differenceTable(
  pairs: readonly (readonly [ProblemCount, ProblemCount])[],
  ks: readonly number[],
): ValueTable {
  const cells = new Map<string, Cell>();
  for (const [a, b] of pairs) {
    const n = Math.min(a.n, b.n);
    if (n > 0) add(cells, `${a.n},${a.c},${b.n},${b.c}`, () => ({ n, rows: [a, b], multiplicity: 0 }));
  }
  return tableOf([...cells.values()], ks);
}

/**
 * Any values per problem: `rows[i][column]` for the columns named by `ks`. A row that is shorter cannot be estimated at
 * the later columns; an empty one is dropped. Problems with equal rows share a cell.
 */
export function scoreTable(rows: readonly ArrayLike<number>[], ks: readonly number[]): ValueTable {
  const cells = new Map<string, RowCell>();
  for (const row of rows) {
    if (row.length > 0) add(cells, Array.from(row).join(), () => ({ row, multiplicity: 0 }));
  }
  return rowTable(
    [...cells.values()].sort((a, b) => b.row.length - a.row.length),
    ks,
  );
}

/** `rows`: one count (value U), or the two of a pair (value U_b - U_a = X_a - X_b). */
interface Cell {
  readonly n: number;
  readonly rows: readonly ProblemCount[];
  multiplicity: number;
}

interface RowCell {
  readonly row: ArrayLike<number>;
  multiplicity: number;
}

function add<K, C extends { multiplicity: number }>(cells: Map<K, C>, key: K, make: () => C): void {
  let cell = cells.get(key);
  if (!cell) cells.set(key, (cell = make()));
  cell.multiplicity++;
}

function tableOf(cells: readonly Cell[], ks: readonly number[]): ValueTable {
  const ordered = [...cells].sort((a, b) => b.n - a.n || (a.rows[0]?.c ?? 0) - (b.rows[0]?.c ?? 0));
  const rowOf = rememberedRows(ks);
  return rowTable(
    ordered.map(({ rows: [a, b], multiplicity }) => {
      const first = a ? rowOf(a) : new Float64Array();
      return { row: b ? minus(rowOf(b), first) : first, multiplicity };
    }),
    ks,
  );
}

/** Element by element, as far as both go. */
function minus(a: Float64Array, b: Float64Array): Float64Array {
  return Float64Array.from(
    { length: Math.min(a.length, b.length) },
    (_, i) => (a[i] as number) - (b[i] as number),
  );
}

/** Cells in order of falling row length. */
function rowTable(ordered: readonly RowCell[], ks: readonly number[]): ValueTable {
  const count = ordered.length;
  const values = new Float64Array(ks.length * count);
  ordered.forEach(({ row }, i) => {
    for (let k = 0; k < row.length; k++) values[k * count + i] = row[k] as number;
  });
  const multiplicity = Float64Array.from(ordered, (cell) => cell.multiplicity);
  return { ks, cells: count, multiplicity, values, ...eligibility(ordered, { ks, values }) };
}

/** The row of a count up to its own n; equal counts are computed once. */
function rememberedRows(ks: readonly number[]): (count: ProblemCount) => Float64Array {
  const rows = new Map<number, Float64Array>();
  return ({ n, c }) => {
    const key = n * 2 ** 26 + c;
    let row = rows.get(key);
    if (!row)
      rows.set(
        key,
        (row = unsolvedRow(
          n,
          c,
          ks.filter((k) => k <= n),
        )),
      );
    return row;
  };
}

function eligibility(
  ordered: readonly RowCell[],
  { ks, values }: { ks: readonly number[]; values: Float64Array },
) {
  const eligibleCells = new Int32Array(ks.length);
  const eligibleProblems = new Int32Array(ks.length);
  const means = new Float64Array(ks.length);
  ks.forEach((_, row) => {
    let [cells, problems, sum] = [0, 0, 0];
    for (const cell of ordered) {
      if (cell.row.length <= row) break;
      sum += cell.multiplicity * (values[row * ordered.length + cells] as number);
      problems += cell.multiplicity;
      cells++;
    }
    eligibleCells[row] = cells;
    eligibleProblems[row] = problems;
    means[row] = sum / problems;
  });
  return { eligibleCells, eligibleProblems, means };
}

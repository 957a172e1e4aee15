import type { StopPlan } from "./adaptive/stopPlan.ts";
import { reachOf, unsolvedOf } from "./countValues.ts";
import type { ProblemCount } from "./names.ts";

/**
 * Problems with equal counts share a cell: what the bootstrap draws weights for. Row-major: `values[row * cells + cell]`,
 * one row per k, cells ordered by falling reach, so that the cells that are estimable at a k are a prefix.
 */
export interface ValueTable {
  readonly ks: readonly number[];
  readonly cells: number;
  /** Problems in each cell. */
  readonly multiplicity: Float64Array;
  readonly values: Float64Array;
  /** For each k: how many leading cells, and how many problems in them, reach k. */
  readonly eligibleCells: Int32Array;
  readonly eligibleProblems: Int32Array;
  /** For each k: the leading cells' weighted mean value; NaN where no problem is eligible. */
  readonly means: Float64Array;
}

/** Values U_i(k) in [0, 1] of one run: the share not solved, 1 - pass@k. Problems with n = 0 are dropped. */
export function unsolvedTable(counts: readonly ProblemCount[], ks: readonly number[]): ValueTable {
  const cells = new ByCount<Cell>();
  for (const count of counts) {
    if (count.n === 0) continue;
    const cell = cells.at(count, () => ({ reach: reachOf(count), rows: [count], multiplicity: 0 }));
    cell.multiplicity++;
  }
  return tableOf(cells.values(), ks);
}

/** Values X_a(k) - X_b(k) in [-1, 1] of paired problems. Pairs where either n = 0 are dropped. */
export function differenceTable(
  pairs: readonly (readonly [ProblemCount, ProblemCount])[],
  ks: readonly number[],
): ValueTable {
  const cells = new ByCount<ByCount<Cell>>();
  const all: Cell[] = [];
  for (const [a, b] of pairs) {
    const reach = Math.min(reachOf(a), reachOf(b));
    if (reach === 0) continue;
    const cell = cells.at(a, () => new ByCount()).at(b, () => newCell(all, { reach, rows: [a, b] }));
    cell.multiplicity++;
  }
  return tableOf(all, ks);
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
  readonly reach: number;
  readonly rows: readonly ProblemCount[];
  multiplicity: number;
}

interface RowCell {
  readonly row: ArrayLike<number>;
  multiplicity: number;
}

/** Values by equal counts: n and c under the same plan. */
class ByCount<T> {
  readonly #byPlan = new Map<StopPlan | undefined, Map<number, T>>();

  at({ n, c, stop }: ProblemCount, make: () => T): T {
    let values = this.#byPlan.get(stop);
    if (!values) this.#byPlan.set(stop, (values = new Map<number, T>()));
    const key = n * 2 ** 26 + c;
    let value = values.get(key);
    if (value === undefined) values.set(key, (value = make()));
    return value;
  }

  values(): T[] {
    return [...this.#byPlan.values()].flatMap((values) => [...values.values()]);
  }
}

function newCell(all: Cell[], parts: Omit<Cell, "multiplicity">): Cell {
  const cell = { ...parts, multiplicity: 0 };
  all.push(cell);
  return cell;
}

function add<K, C extends { multiplicity: number }>(cells: Map<K, C>, key: K, make: () => C): void {
  let cell = cells.get(key);
  if (!cell) cells.set(key, (cell = make()));
  cell.multiplicity++;
}

function tableOf(cells: readonly Cell[], ks: readonly number[]): ValueTable {
  const ordered = [...cells].sort((a, b) => b.reach - a.reach || (a.rows[0]?.c ?? 0) - (b.rows[0]?.c ?? 0));
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
  const out = new Float64Array(Math.min(a.length, b.length));
  for (let i = 0; i < out.length; i++) out[i] = (a[i] as number) - (b[i] as number);
  return out;
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

/** The row of a count as far as it reaches; equal counts are computed once. */
function rememberedRows(ks: readonly number[]): (count: ProblemCount) => Float64Array {
  const rows = new ByCount<Float64Array>();
  return (count) => rows.at(count, () => unsolvedOf(count, ks));
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

import type { ValueTable } from "./valueTable.ts";

/** The table of some of its rows (k). */
export function pickRows(table: ValueTable, rows: readonly number[]): ValueTable {
  const values = new Float64Array(rows.length * table.cells);
  rows.forEach((row, i) => values.set(rowOf(table, row), i * table.cells));
  const at = <T>(list: ArrayLike<T>) => rows.map((row) => list[row] as T);
  return {
    ks: at(table.ks),
    cells: table.cells,
    multiplicity: table.multiplicity,
    values,
    eligibleCells: Int32Array.from(at(table.eligibleCells)),
    eligibleProblems: Int32Array.from(at(table.eligibleProblems)),
    means: Float64Array.from(at(table.means)),
  };
}

/** A value that moves no mean by more than this is taken for 0. */
const negligible = 1e-12;

/**
 * The same table with all cells that are 0 in every row made one (a sum of Gamma(m) weights is Gamma(sum m)).
 * Left as it is where the rows differ in which problems are eligible.
 */
export function mergeZeroCells(table: ValueTable): ValueTable {
  const { ks, cells, values, multiplicity } = table;
  if (table.eligibleCells.some((count) => count !== cells)) return table;
  const kept: number[] = [];
  let zeros = 0;
  for (let cell = 0; cell < cells; cell++) {
    if (ks.some((_, row) => Math.abs(values[row * cells + cell] as number) > negligible)) kept.push(cell);
    else zeros += multiplicity[cell] as number;
  }
  if (zeros === 0) return table;
  const count = kept.length + 1;
  const merged = new Float64Array(ks.length * count);
  ks.forEach((_, row) =>
    kept.forEach((cell, i) => (merged[row * count + i] = values[row * cells + cell] as number)),
  );
  return {
    ...table,
    cells: count,
    values: merged,
    multiplicity: Float64Array.of(...kept.map((cell) => multiplicity[cell] as number), zeros),
    eligibleCells: table.eligibleCells.map(() => count),
  };
}

function rowOf({ values, cells }: ValueTable, row: number): Float64Array {
  return values.subarray(row * cells, (row + 1) * cells);
}

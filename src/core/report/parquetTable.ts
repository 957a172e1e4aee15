import { parquetWriteBuffer } from "hyparquet-writer";

export interface DataTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** Into the file's key-value metadata. */
  readonly notes: Readonly<Record<string, string>>;
}

/** A table as a Parquet file: a column of numbers alone is DOUBLE (INT32 where all are whole), any other is text. */
export function parquetTable({ head, rows, notes }: DataTable): Uint8Array {
  const names = distinct(head);
  const columnData = names.map((name, column) => {
    const cells = rows.map((row) => row[column] ?? null);
    const type = typeOf(cells);
    const data = type === "STRING" ? cells.map((cell) => (cell === null ? null : String(cell))) : cells;
    return { name, data, type, nullable: true };
  });
  const kvMetadata = Object.entries(notes).map(([key, value]) => ({ key, value }));
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata }));
}

const mostInt32 = 2 ** 31;

function typeOf(cells: readonly (string | number | null)[]): "STRING" | "INT32" | "DOUBLE" {
  const known = cells.filter((cell) => cell !== null);
  const numbers = known.filter((cell) => typeof cell === "number");
  if (known.length === 0 || numbers.length < known.length) return "STRING";
  return numbers.every((cell) => Number.isInteger(cell) && Math.abs(cell) < mostInt32) ? "INT32" : "DOUBLE";
}

/** Two runs may have one name: a column's may not. */
function distinct(head: readonly string[]): string[] {
  const taken = new Set<string>();
  return head.map((name) => {
    let free = name;
    for (let i = 2; taken.has(free); i++) free = `${name} ${i}`;
    taken.add(free);
    return free;
  });
}

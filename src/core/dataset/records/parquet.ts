import type { FileMetaData } from "hyparquet/src/index.js";
import type { ByteSource } from "../../ports.ts";
import type { EachOptions, RecordFile, RecordVisitor } from "./recordFile.ts";
// The package's main entry adds functions over node:fs; its own index does not.
import { parquetMetadataAsync, parquetReadObjects } from "hyparquet/src/index.js";
import { compressors } from "hyparquet-compressors";
import { LensError } from "../../errors.ts";
import { isRecord } from "../../parse.ts";
import { throwIfCancelled } from "./chunks.ts";

/** Token columns of evaluation logs: huge, and nothing here reads them. */
const skippedColumns: ReadonlySet<string> = new Set([
  "input_tokens",
  "output_tokens",
  "token_ids",
  "token_loss_mask",
  "prompt_tokens_ids",
]);

/** Rows of a Parquet file, a row group at a time. Wide integers come as numbers where that is exact, else as text. */
export function parquet(source: ByteSource): RecordFile {
  let metadata: FileMetaData | null = null;
  return {
    kind: "parquet",
    async each(visitor, options = {}) {
      try {
        metadata = await parquetMetadataAsync(source);
      } catch (error) {
        visitor.issue({ line: null, field: null, message: await footerProblem(source, error) });
        return null;
      }
      await eachRow({ source, metadata }, visitor, options);
      return null;
    },
    async read(start, end) {
      metadata ??= await parquetMetadataAsync(source);
      const [row] = await rowsOf({ source, metadata }, start, end);
      if (row === undefined) {
        throw new LensError("stale", `${source.name} has changed since it was opened. Open it again.`);
      }
      return row;
    },
    async readMany(starts, take) {
      metadata ??= await parquetMetadataAsync(source);
      await manyRows({ source, metadata }, starts, take);
    },
  };
}

interface OpenParquet {
  readonly source: ByteSource;
  readonly metadata: FileMetaData;
}

async function eachRow(file: OpenParquet, visitor: RecordVisitor, options: EachOptions): Promise<void> {
  let left = options.limit ?? Infinity;
  let start = 0;
  for (const group of file.metadata.row_groups) {
    throwIfCancelled(options);
    const end = start + Number(group.num_rows);
    for (const [i, row] of (await groupRows(file, { start, end }, visitor)).entries()) {
      const waiting = visitor.record(row, { start: start + i, end: start + i + 1, line: null });
      if (waiting !== undefined) await waiting;
      left--;
      if (left <= 0) return;
    }
    start = end;
    options.onProgress?.(
      Math.floor((start / Number(file.metadata.num_rows)) * file.source.byteLength),
      file.source.byteLength,
    );
  }
}

/** A group at a time, from the first row wanted in it to the last. */
async function manyRows(
  file: OpenParquet,
  starts: readonly number[],
  take: (value: unknown, start: number) => void,
): Promise<void> {
  let groupEnd = 0;
  let at = 0;
  for (const group of file.metadata.row_groups) {
    groupEnd += Number(group.num_rows);
    const from = at;
    while (at < starts.length && (starts[at] ?? 0) < groupEnd) at++;
    const wanted = starts.slice(from, at);
    const [first, last] = [wanted[0], wanted.at(-1)];
    if (first === undefined || last === undefined) continue;
    const rows = await rowsOf(file, first, last + 1);
    for (const start of wanted) take(rows[start - first], start);
  }
}

/** A damaged group is an issue; the others are read. */
async function groupRows(
  file: OpenParquet,
  range: { readonly start: number; readonly end: number },
  visitor: RecordVisitor,
): Promise<readonly unknown[]> {
  try {
    return await rowsOf(file, range.start, range.end);
  } catch (error) {
    if (error instanceof LensError) throw error;
    const message = `rows ${range.start + 1} to ${range.end} could not be read (${text(error)}); the rest is shown`;
    visitor.issue({ line: null, field: null, message });
    return [];
  }
}

async function rowsOf(
  { source, metadata }: OpenParquet,
  rowStart: number,
  rowEnd: number,
): Promise<readonly unknown[]> {
  const rows = await parquetReadObjects({
    file: source,
    metadata,
    columns: topColumns(metadata).filter((column) => !skippedColumns.has(column)),
    compressors,
    rowStart,
    rowEnd,
    useOffsetIndex: true,
  });
  return rows.map(plain);
}

function topColumns(metadata: FileMetaData): readonly string[] {
  const columns: string[] = [];
  // The schema is a flattened tree: skip the descendants of each top-level column.
  for (let i = 1; i < metadata.schema.length;) {
    columns.push(metadata.schema[i]?.name ?? "");
    let open = 1;
    while (open > 0) {
      open += (metadata.schema[i]?.num_children ?? 0) - 1;
      i++;
    }
  }
  return columns;
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>, plain);
  if (Array.isArray(value)) return value.map(plain);
  if (isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  return value;
}

const mark = "PAR1";

async function footerProblem(source: ByteSource, error: unknown): Promise<string> {
  const tail = new TextDecoder().decode(await source.slice(Math.max(0, source.byteLength - 4)));
  if (tail !== mark) {
    return "the file is cut off: the list of its columns stands at the end, which is missing. Nothing of it can be read; copy it again";
  }
  return `the list of its columns could not be read (${text(error)})`;
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

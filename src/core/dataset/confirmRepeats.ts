import type { CancelSignal } from "../ports.ts";
import type { RecordFile } from "./records/recordFile.ts";
import type { ReadRun, RolloutReader } from "./rolloutReader.ts";
import { breaths } from "./breaths.ts";
import { hashText } from "./hash.ts";
import { throwIfCancelled } from "./records/chunks.ts";
import type { SpanSource } from "./records/spanSource.ts";

interface Confirming {
  /** What `opened` reads from. */
  readonly span: SpanSource;
  readonly opened: RecordFile;
  readonly reader: RolloutReader;
  readonly run: ReadRun;
  readonly rowsOf: (problem: number) => Uint32Array;
  readonly signal?: CancelSignal | undefined;
  readonly breathe?: (() => Promise<void>) | undefined;
}

/**
 * Hashes whole texts where fingerprints agree, by reading those records again: in most files there are few, and
 * hashing every text would take longer than parsing it.
 */
export async function confirmRepeats(confirming: Confirming): Promise<void> {
  const { opened, reader, run, signal, span } = confirming;
  const records = byRecord(run, await alikeRows(confirming));
  const confirm = (value: unknown, rows: readonly PlacedRow[]): void => {
    const samples = reader.samplesIn(value);
    for (const { row, ordinal } of rows) run.table.setTextHash(row, hashText(samples[ordinal]?.text ?? ""));
  };
  if (opened.readMany !== undefined) {
    throwIfCancelled({ signal });
    const rowsAt = new Map(records);
    await opened.readMany([...rowsAt.keys()], (value, start) => confirm(value, rowsAt.get(start) ?? []));
    return;
  }
  for (const [i, [, rows]] of records.entries()) {
    throwIfCancelled({ signal });
    const [first] = rows;
    if (first === undefined) continue;
    if (!span.holds(first.start, first.end)) await span.hold(first.start, endOfSpan(records, i));
    confirm(await opened.read(first.start, first.end), rows);
  }
}

async function alikeRows({ reader, run, rowsOf, breathe }: Confirming): Promise<readonly number[]> {
  const breath = breaths(breathe);
  const alike: number[] = [];
  for (const problem of reader.problems.problems.keys()) {
    const rows = rowsOf(problem);
    for (const row of run.table.likeOthers(rows)) alike.push(row);
    const waiting = breath(rows.length + 1);
    if (waiting !== undefined) await waiting;
  }
  return alike;
}

interface PlacedRow {
  readonly row: number;
  readonly start: number;
  readonly end: number;
  readonly ordinal: number;
}

/** Records closer together than this are read in one go, up to so many bytes. */
const nearBytes = 64 * 1024;
const spanBytes = 1024 * 1024;

/** Where to stop reading from the record at `from` on. */
function endOfSpan(records: readonly (readonly [number, readonly PlacedRow[]])[], from: number): number {
  const start = records[from]![0];
  let end = start;
  for (let i = from; i < records.length; i++) {
    const [next, rows] = records[i]!;
    const nextEnd = rows[0]?.end ?? next;
    if (i > from && (next - end > nearBytes || nextEnd - start > spanBytes)) break;
    end = nextEnd;
  }
  return end;
}

/** By the record's place, in file order. */
function byRecord(
  run: ReadRun,
  rows: Iterable<number>,
): readonly (readonly [number, readonly PlacedRow[]])[] {
  const records = new Map<number, PlacedRow[]>();
  for (const row of rows) {
    const { at, ordinal } = run.table.facts(row);
    const placed = { row, start: at.start, end: at.end, ordinal };
    const known = records.get(at.start);
    if (known === undefined) records.set(at.start, [placed]);
    else known.push(placed);
  }
  return [...records].sort(([a], [b]) => a - b);
}

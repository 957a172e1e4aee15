import type { CancelSignal } from "../../ports.ts";

/** Where a record stands: bytes [start, end) of the file, rows [start, end) in Parquet. */
export interface RecordAt {
  readonly start: number;
  readonly end: number;
  /** 1-based, of the record's first byte; `null` where the format has no lines. */
  readonly line: number | null;
}

/** Something that could not be read; the file's name is added by whoever asked. */
export interface RecordIssue {
  readonly line: number | null;
  readonly field: string | null;
  readonly message: string;
}

/** Told of each record in file order. A promise is waited for before the next record. */
export interface RecordVisitor {
  record(value: unknown, at: RecordAt): void | Promise<void>;
  issue(issue: RecordIssue): void;
}

/** Where a record would begin: a byte and its 1-based line. */
export interface Place {
  readonly byte: number;
  readonly line: number;
}

export interface EachOptions {
  /** Goes on at a place that an earlier `each` gave back. */
  readonly from?: Place | null | undefined;
  readonly signal?: CancelSignal | undefined;
  readonly onProgress?: ((bytesRead: number, total: number) => void) | undefined;
  /** Stops after that many records. */
  readonly limit?: number | undefined;
}

/** A file as a sequence of records that can each be read again alone. Memory is bounded by a few records. */
export interface RecordFile {
  readonly kind: "jsonl" | "json" | "csv" | "parquet";
  /**
   * Gives back where it would go on if records were added; `null` where that cannot be said. Rejects with code `cancelled`
   * when the signal aborts, or with what the source rejects with.
   */
  each(visitor: RecordVisitor, options?: EachOptions): Promise<Place | null>;
  /** The record at a place that `each` told. Rejects with code `stale` when none is there (any more). */
  read(start: number, end: number): Promise<unknown>;
  /**
   * Where reading one record means unpacking many: those at these places, ascending by start, which are unpacked once.
   * Rejects as `read`.
   */
  readMany?(starts: readonly number[], take: (value: unknown, start: number) => void): Promise<void>;
}

/** A longer record is skipped and reported: a string of JavaScript ends near 512 MiB. */
export const longestRecordBytes = 256 * 1024 * 1024;

import type { ByteSource } from "../../ports.ts";
import type { EachOptions } from "./recordFile.ts";
import { LensError } from "../../errors.ts";

const firstChunkBytes = 64 * 1024;
const chunkBytes = 2 * 1024 * 1024;

export interface Chunk {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Offset of the first byte in the source. */
  readonly start: number;
}

/** Chunks being read while one is worked on; two, so that a slow one does not stop the work. */
const readAhead = 2;

/** The source from its begin (or from a place in it), a few chunks ahead. The first is small, and with a limit none is ahead: sniffing reads little. */
export async function* chunks(
  source: ByteSource,
  options: EachOptions,
): AsyncGenerator<Chunk, void, undefined> {
  const total = source.byteLength;
  const ahead: Reading[] = [];
  const begin = options.from?.byte ?? 0;
  let asked = begin;
  const ask = (most: number): void => {
    while (ahead.length < most && asked < total) {
      const end = Math.min(total, asked + (asked === begin ? firstChunkBytes : chunkBytes));
      ahead.push(reading(source, asked, end));
      asked = end;
    }
  };
  for (let start = begin; start < total;) {
    throwIfCancelled(options);
    ask(1);
    const next = ahead.shift();
    if (next === undefined) return;
    const bytes = new Uint8Array(await next.bytes);
    // A source that became shorter gives nothing: end there rather than for ever.
    if (bytes.byteLength === 0) return;
    const end = start + bytes.byteLength;
    if (end < next.end) {
      // It gave less than was asked for: go on from there.
      ahead.length = 0;
      asked = end;
    }
    if (options.limit === undefined) ask(readAhead);
    yield { bytes, start };
    options.onProgress?.(end, total);
    start = end;
  }
}

interface Reading {
  readonly bytes: Promise<ArrayBuffer>;
  readonly end: number;
}

function reading(source: ByteSource, start: number, end: number): Reading {
  const bytes = source.slice(start, end);
  bytes.catch(() => undefined); // the reader may have stopped before it asks for this one
  return { bytes, end };
}

export function throwIfCancelled(options: EachOptions): void {
  if (options.signal?.aborted === true) throw new LensError("cancelled", "Cancelled.");
}

/** Parts of one record that lay in several chunks. */
export function joinBytes(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const only = parts[0];
  if (parts.length === 1 && only !== undefined) return only;
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.byteLength;
  }
  return joined;
}

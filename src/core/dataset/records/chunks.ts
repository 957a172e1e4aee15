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

/** The source from its begin, the next chunk being read while one is worked on. The first is small: sniffing reads little. */
export async function* chunks(
  source: ByteSource,
  options: EachOptions,
): AsyncGenerator<Chunk, void, undefined> {
  const total = source.byteLength;
  const read = (start: number): Promise<ArrayBuffer> => {
    const size = start === 0 ? firstChunkBytes : chunkBytes;
    const reading = source.slice(start, Math.min(total, start + size));
    reading.catch(() => undefined); // the reader may have stopped before it asks for this one
    return reading;
  };
  let next = read(0);
  for (let start = 0; start < total;) {
    throwIfCancelled(options);
    const bytes = new Uint8Array(await next);
    const end = start + bytes.byteLength;
    // A source that became shorter gives nothing: end there rather than for ever.
    if (bytes.byteLength === 0) return;
    if (end < total && options.limit === undefined) next = read(end);
    yield { bytes, start };
    options.onProgress?.(end, total);
    if (end < total && options.limit !== undefined) next = read(end);
    start = end;
  }
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

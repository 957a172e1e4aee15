import type { ByteSource } from "../ports.ts";

/** Bytes in memory as a source: an unsaved document, a virtual file, a test. */
export function memorySource(name: string, content: string | Uint8Array<ArrayBuffer>): ByteSource {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    name,
    byteLength: bytes.byteLength,
    // slice() copies, so the view's own offset does not matter and a caller cannot change our bytes.
    slice: (start, end = bytes.byteLength) => Promise.resolve(bytes.slice(start, end).buffer),
  };
}

import { inflateSync } from "node:zlib";

/** A few kB of zlib can stand for any number of zeros. */
const maxOutputLength = 512 * 1024 * 1024;

/** base64 of zlib -> bytes: LiveCodeBench's private tests. Throws where it is neither, or too large. */
export const unpackTests = (base64: string): Uint8Array =>
  inflateSync(Buffer.from(base64, "base64"), { maxOutputLength });

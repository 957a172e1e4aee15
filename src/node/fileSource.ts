import type { FileHandle } from "node:fs/promises";
import type { ByteSource } from "../core/ports.ts";
import { open } from "node:fs/promises";
import { LensError } from "../core/errors.ts";
import { gunzipFile, isGzip } from "./gunzip.ts";

/** A file on disk. `close` gives its handle back; a closed source rejects. */
export interface FileSource extends ByteSource {
  close(): Promise<void>;
}

/**
 * Opens a file (gzip is seen by its first bytes and read decompressed).
 * Rejects with a LensError: `notFound`, `isDirectory`, `noPermission`, else `unreadable`.
 */
export async function fileSource(path: string, name = path): Promise<FileSource> {
  const handle = await unpacked(await openFile(path, name), name);
  const { size } = await handle.stat();
  return {
    name,
    byteLength: size,
    slice: (start, end = size) => readRange({ handle, name }, start, Math.min(end, size)),
    close: () => handle.close(),
  };
}

async function unpacked(handle: FileHandle, name: string): Promise<FileHandle> {
  let keep = false;
  try {
    keep = !(await isGzip(handle));
    return keep ? handle : await gunzipFile(handle, name);
  } catch (cause) {
    throw cause instanceof LensError ? cause : fileError(cause, name);
  } finally {
    if (!keep) await handle.close();
  }
}

async function openFile(path: string, name: string): Promise<FileHandle> {
  try {
    const handle = await open(path, "r");
    if (!(await handle.stat()).isDirectory()) return handle;
    await handle.close();
  } catch (cause) {
    throw fileError(cause, name);
  }
  throw new LensError("isDirectory", `${name} is a folder. Choose a file in it.`);
}

/** A file error as data: what failed and what to do. */
function fileError(cause: unknown, name: string): LensError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code === "ENOENT" || code === "ENOTDIR")
    return new LensError("notFound", `${name} was not found.`, { cause });
  if (code === "EISDIR")
    return new LensError("isDirectory", `${name} is a folder. Choose a file in it.`, { cause });
  if (code === "EACCES" || code === "EPERM") {
    return new LensError("noPermission", `${name} may not be read. Check its permissions.`, { cause });
  }
  return new LensError("unreadable", `${name} could not be read (${code === "" ? "unknown error" : code}).`, {
    cause,
  });
}

async function readRange(
  { handle, name }: { readonly handle: FileHandle; readonly name: string },
  start: number,
  end: number,
): Promise<ArrayBuffer> {
  // Not zeroed first: every byte that is given out has been read.
  const bytes = Buffer.allocUnsafeSlow(Math.max(0, end - start));
  let filled = 0;
  while (filled < bytes.byteLength) {
    const { bytesRead } = await readSome({ handle, name }, bytes.subarray(filled), start + filled);
    if (bytesRead === 0) break; // the file became shorter
    filled += bytesRead;
  }
  return filled === bytes.byteLength ? bytes.buffer : bytes.buffer.slice(0, filled);
}

async function readSome(
  { handle, name }: { readonly handle: FileHandle; readonly name: string },
  into: Uint8Array,
  position: number,
): Promise<{ readonly bytesRead: number }> {
  try {
    return await handle.read(into, 0, into.byteLength, position);
  } catch (cause) {
    throw fileError(cause, name);
  }
}

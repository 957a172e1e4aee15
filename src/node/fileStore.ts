import { type FileHandle, mkdir, open, readdir, readFile, rename, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { LensError } from "../core/errors.ts";
import type { AppendFile, ByteSource, FileStore } from "../core/ports.ts";
import { lockFolder } from "./folderLock.ts";

/** Run folders on this machine's file system. */
export const nodeFileStore: FileStore = {
  read: (path) => guarded("read", path, () => orNull(() => readFile(path))),
  open: (path) => guarded("read", path, () => orNull(() => rangesOf(path))),
  replace: (path, bytes) => guarded("write", path, () => replaceFile(path, bytes)),
  openAppend: (path, truncateTo) => guarded("write", path, () => appendFile(path, truncateTo)),
  list: (folder) => guarded("read", folder, async () => (await orNull(() => readdir(folder))) ?? []),
  lock: (folder, owner) =>
    guarded("write", folder, async () => {
      await mkdir(folder, { recursive: true });
      return lockFolder(folder, owner);
    }),
};

const fullCodes = new Set(["ENOSPC", "EDQUOT", "EROFS"]);
const advice: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full. Free some space",
  EDQUOT: "The disk quota is used up. Free some space",
  EROFS: "The file system is read-only. Choose another folder",
};

/** Gives every failure of the file system a code and words. */
async function guarded<T>(verb: "read" | "write", path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof LensError) throw cause;
    const code = codeOf(cause);
    if (code === null) throw cause;
    if (fullCodes.has(code)) {
      throw new LensError("diskFull", `Could not ${verb} ${path} (${code}). ${advice[code]}.`, { cause });
    }
    throw new LensError("storeFailed", `Could not ${verb} ${path} (${code}).`, { cause });
  }
}

function codeOf(error: unknown): string | null {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code ?? null;
}

async function orNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

async function rangesOf(path: string): Promise<ByteSource> {
  const { size } = await stat(path);
  return {
    name: path,
    byteLength: size,
    slice: (start, end = size) =>
      guarded("read", path, async () => {
        const handle = await open(path, "r");
        try {
          return await readRange(handle, start, Math.min(end, size));
        } finally {
          await handle.close();
        }
      }),
  };
}

async function readRange(handle: FileHandle, start: number, end: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(Math.max(0, end - start));
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.buffer.slice(0, filled);
}

/** Beside, sync, rename: a reader sees the old file or the new one, never a part. */
async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.tmp`;
  try {
    const handle = await open(beside, "w");
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, path);
  } catch (error) {
    await unlink(beside).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes the rename itself durable; not every system can sync a folder, and none needs it to go on. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

async function appendFile(path: string, truncateTo?: number): Promise<AppendFile> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, "a");
  try {
    if (truncateTo !== undefined) await handle.truncate(truncateTo);
    let end = (await handle.stat()).size;
    return {
      append: (bytes) =>
        guarded("write", path, async () => {
          try {
            await writeWhole(handle, bytes);
            end += bytes.length;
          } catch (error) {
            // What did get written is half a line: cut it off, so that the file ends with a whole one.
            await handle.truncate(end).catch(() => undefined);
            throw error;
          }
        }),
      close: () =>
        guarded("write", path, async () => {
          await handle.sync().catch(() => undefined);
          await handle.close();
        }),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function writeWhole(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    written += (await handle.write(bytes, written, bytes.length - written)).bytesWritten;
  }
}

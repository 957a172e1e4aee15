import type { FileHandle } from "node:fs/promises";
import { createWriteStream } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGunzip } from "node:zlib";
import { LensError } from "../core/errors.ts";

/** A few kB of gzip can stand for any number of zeros: stop before the disk is full. */
const mostBytes = 8 * 1024 ** 3;

export async function isGzip(handle: FileHandle): Promise<boolean> {
  const magic = new Uint8Array(2);
  const { bytesRead } = await handle.read(magic, 0, 2, 0);
  return bytesRead === 2 && magic[0] === 0x1f && magic[1] === 0x8b;
}

/**
 * Unpacks into a file of the temporary folder that has no name any more: it is gone when the handle is closed,
 * also by a crash. Memory stays bounded. A file that was cut off gives what can be unpacked of it.
 * Rejects with a LensError: `unreadable` (damaged), `tooLarge`.
 */
export async function gunzipFile(packed: FileHandle, name: string): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), "rollout-lens-"));
  try {
    const path = join(folder, "unpacked");
    await pipeline(
      packed.createReadStream({ start: 0, autoClose: false }),
      // The sync flush takes what a cut-off stream holds; its torn last record is reported by the reader.
      createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }),
      limited(name),
      createWriteStream(path),
    );
    return await open(path, "r");
  } catch (cause) {
    if (cause instanceof LensError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LensError("unreadable", `${name} could not be unpacked (${why}).`, { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function limited(name: string): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      bytes += chunk.byteLength;
      if (bytes <= mostBytes) return done(null, chunk);
      return done(
        new LensError("tooLarge", `${name} holds more than 8 GB when unpacked. Unpack it and open a part.`),
      );
    },
  });
}

import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";

export interface KeptFilesOptions {
  readonly folder: string;
  /** Of all files together; the one that was used the longest ago goes first. */
  readonly mostBytes: number;
}

const magic = 0x4b4c_4c52;
/** The magic number, the checksum of the content, its length (8 bytes). */
const headBytes = 16;
const suffix = ".kept";
/** What a window that was killed left behind is older than this. */
const abandonedMs = 3_600_000;

/**
 * Files that can all be made again: what cannot be read or is not whole is not there, and what cannot be written is not
 * kept. Any number of windows may share the folder.
 */
export class KeptFiles {
  private readonly folder: string;
  private readonly mostBytes: number;

  constructor({ folder, mostBytes }: KeptFilesOptions) {
    this.folder = folder;
    this.mostBytes = mostBytes;
  }

  /** The content, beginning at a multiple of 8 in its buffer; `null` where there is none that is whole. */
  async read(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const path = this.pathOf(name);
    try {
      const { buffer, byteOffset, byteLength } = await readFile(path);
      const bytes = byteOffset % 8 === 0 ? new Uint8Array(buffer, byteOffset, byteLength) : null;
      const content = bytes === null ? null : contentOf(bytes);
      if (content !== null) await utimes(path, new Date(), new Date());
      return content;
    } catch {
      return null;
    }
  }

  /** Was it kept? The parts follow each other, and are in their place at once, so that no reader sees half of them. */
  async write(name: string, parts: readonly Uint8Array[]): Promise<boolean> {
    if (headBytes + lengthOf(parts) > this.mostBytes) return false;
    const path = this.pathOf(name);
    const beside = `${path}.${randomBytes(6).toString("hex")}`;
    try {
      await mkdir(this.folder, { recursive: true });
      await writeFile(beside, [headOf(parts), ...parts], { mode: 0o600 });
      await rename(beside, path);
      await this.prune();
      return true;
    } catch {
      await rm(beside, { force: true }).catch(() => undefined);
      return false;
    }
  }

  /** Where it cannot be removed it stays, to be pruned in its turn. */
  async remove(name: string): Promise<void> {
    await rm(this.pathOf(name), { force: true }).catch(() => undefined);
  }

  private async prune(): Promise<void> {
    const found = (await Promise.all((await readdir(this.folder)).map((name) => this.stated(name)))).flat();
    found.sort((a, b) => b.usedMs - a.usedMs);
    let bytes = 0;
    for (const { path, size, usedMs } of found) {
      const isAbandoned = !path.endsWith(suffix) && usedMs < Date.now() - abandonedMs;
      bytes += size;
      if (bytes > this.mostBytes || isAbandoned) await rm(path, { force: true });
    }
  }

  private async stated(name: string) {
    const path = join(this.folder, name);
    // Another window may have removed it meanwhile.
    const known = await stat(path).catch(() => null);
    return known?.isFile() === true ? [{ path, size: known.size, usedMs: known.mtimeMs }] : [];
  }

  private pathOf(name: string): string {
    return join(this.folder, `${name}${suffix}`);
  }
}

const lengthOf = (parts: readonly Uint8Array[]): number =>
  parts.reduce((sum, { byteLength }) => sum + byteLength, 0);

function headOf(parts: readonly Uint8Array[]): Uint8Array {
  const head = new DataView(new ArrayBuffer(headBytes));
  head.setUint32(0, magic, true);
  head.setUint32(
    4,
    parts.reduce((sum, part) => crc32(part, sum), 0),
    true,
  );
  head.setFloat64(8, lengthOf(parts), true);
  return new Uint8Array(head.buffer);
}

function contentOf(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  if (bytes.byteLength < headBytes) return null;
  const head = new DataView(bytes.buffer, bytes.byteOffset, headBytes);
  const content = bytes.subarray(headBytes);
  if (head.getUint32(0, true) !== magic || head.getFloat64(8, true) !== content.byteLength) return null;
  return head.getUint32(4, true) === crc32(content) ? content : null;
}

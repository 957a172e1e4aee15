import { type FileHandle, open } from "node:fs/promises";
import type * as vscode from "vscode";
import { hashHex } from "../core/dataset/hash.ts";
import type { OpenedReading } from "../core/dataset/kept/keptReading.ts";
import type { Reading, RolloutFile, RolloutOptions } from "../core/dataset/readRollouts.ts";
import type { KeptFiles } from "../node/keptFiles.ts";
import { displayName, isUnsaved } from "./files.ts";
import { sha256 } from "../node/sha256.ts";
import type { Log } from "./log.ts";
import { messageOf } from "./report.ts";
import { stampOf } from "./runData.ts";

export interface KeptReadingsPorts {
  readonly files: () => Promise<KeptFiles>;
  /** Of the extension: another one may read files in another way. */
  readonly version: string;
  readonly log: Log;
  /** Smaller files are read anew, which takes no longer. */
  readonly leastBytes?: number;
}

/** A file that is to be read. */
export interface AskedFile {
  readonly uri: vscode.Uri;
  readonly stamp: string;
  /** Id of the verifier that judges what the file did not grade; `null`: nobody does. */
  readonly judge: string | null;
  readonly options: RolloutOptions;
  /** Is it only ever appended to? Then what is new is read alone. */
  readonly grows: boolean;
}

/** What a kept reading is of. */
interface Note {
  /** Of everything besides the file that a reading hangs on. */
  readonly by: string;
  readonly stamp: string;
  readonly size: number;
  readonly ends: string;
}

const usualLeastBytes = 1_000_000;
const endBytes = 4096;

/**
 * Readings of large files, kept from one window to the next in the extension's own storage. One is used only where the
 * file's time, size, begin and end, the verifier and the extension's version are still those that it was made with.
 */
export class KeptReadings {
  private readonly ports: KeptReadingsPorts;
  /** Readings being written, one after the other. */
  private writing: Promise<void> = Promise.resolve();

  constructor(ports: KeptReadingsPorts) {
    this.ports = ports;
  }

  /** As `read` gives it: kept from before, or read now, on from an earlier reading where there is one. */
  async of(asked: AskedFile, read: (from: Reading | null) => Promise<RolloutFile>): Promise<RolloutFile> {
    if (!this.isWorth(asked)) return read(null);
    const kept = await this.find(asked);
    const name = displayName(asked.uri);
    if (kept?.note.stamp === asked.stamp) return kept.opened.file(name, asked.options);
    const from = asked.grows ? (kept?.opened.reading(name) ?? null) : null;
    const file = await read(from);
    this.writing = this.writing
      .then(() => this.keep(asked, file))
      .catch((error: unknown) =>
        this.ports.log.warn(`${name}: its counts were not kept: ${messageOf(error)}`),
      );
    return file;
  }

  /** Of a file that is gone nothing is kept: its questions and answers go with it. */
  async forget(uri: vscode.Uri): Promise<void> {
    await this.writing;
    await (await this.ports.files()).remove(nameOf(uri));
  }

  /** Everything that was read so far is on disk, or was given up. */
  written(): Promise<void> {
    return this.writing;
  }

  private isWorth({ uri, stamp }: AskedFile): boolean {
    const { leastBytes = usualLeastBytes } = this.ports;
    return uri.scheme === "file" && sizeIn(stamp) >= leastBytes && !isUnsaved(uri);
  }

  /** Of the file as it is now, or of its begin where it grew since. */
  private async find(asked: AskedFile): Promise<{ opened: OpenedReading; note: Note } | null> {
    const bytes = await (await this.ports.files()).read(nameOf(asked.uri));
    if (bytes === null) return null;
    const { openReading } = await import("../core/dataset/kept/keptReading.ts");
    const opened = openReading(bytes);
    const note = opened === null ? null : noteIn(opened.note);
    if (opened === null || note?.by !== this.by(asked)) return null;
    const mayFit = note.stamp === asked.stamp || (asked.grows && note.size < sizeIn(asked.stamp));
    return mayFit && (await endsOf(asked.uri.fsPath, note.size)) === note.ends ? { opened, note } : null;
  }

  private async keep(asked: AskedFile, file: RolloutFile): Promise<void> {
    const { uri, stamp } = asked;
    const size = sizeIn(stamp);
    const ends = await endsOf(uri.fsPath, size);
    const { keptReading } = await import("../core/dataset/kept/keptReading.ts");
    const note: Note = { by: this.by(asked), stamp, size, ends: ends ?? "" };
    const parts = keptReading(file, JSON.stringify(note));
    // A file that changed while it was read was read as nobody knows what.
    if (parts === null || ends === null || (await stampOf(uri)) !== stamp) return;
    const done = await (await this.ports.files()).write(nameOf(uri), parts);
    if (!done) this.ports.log.warn(`${displayName(uri)}: its counts could not be kept on disk.`);
  }

  private by({ judge, options: { grader, problems } }: AskedFile): string {
    const ofProblems = problems === undefined ? null : hashHex(JSON.stringify(problems));
    return JSON.stringify([this.ports.version, judge, grader ?? null, ofProblems]);
  }
}

const nameOf = (uri: vscode.Uri): string => sha256(new TextEncoder().encode(uri.toString())).slice(0, 32);

/** Of a stamp; 0 where the file is not there. */
const sizeIn = (stamp: string): number => Number(stamp.split(":")[1] ?? 0);

function noteIn(text: string): Note | null {
  try {
    return JSON.parse(text) as Note;
  } catch {
    return null;
  }
}

/** A hash of the first and the last bytes of the file's first `size`; `null` where they cannot be read. */
async function endsOf(path: string, size: number): Promise<string | null> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(path, "r");
    const [head, tail] = [Buffer.alloc(endBytes), Buffer.alloc(endBytes)];
    const begin = await handle.read(head, 0, Math.min(endBytes, size), 0);
    const end = await handle.read(tail, 0, Math.min(endBytes, size), Math.max(0, size - endBytes));
    const isThere = begin.bytesRead + end.bytesRead === 2 * Math.min(endBytes, size);
    return isThere ? sha256(Buffer.concat([head, tail])) : null;
  } catch {
    return null;
  } finally {
    await handle?.close();
  }
}

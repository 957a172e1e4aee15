import { LensError } from "../../errors.ts";
import { FieldError } from "../../parse.ts";
import type { AppendFile, ByteSource, FileStore } from "../../ports.ts";
import { forEachLine } from "../../run/scan.ts";
import {
  decodeStoredLine,
  encodeDoneLine,
  encodeHeaderLine,
  encodeVerdictLine,
  type StoredLine,
  type VerdictLine,
} from "./verdictLine.ts";
import { VerdictTable } from "./verdictTable.ts";

/** A verdict set as it lies on disk. */
export interface StoredVerdicts {
  /** Id of the verifier. */
  readonly verifier: string;
  readonly table: VerdictTable;
  /** What the judged file was like when all of it had been judged; `null`: never so far. */
  readonly stamp: string | null;
}

/** A set opened for appending. What was written stays, whenever the process ends. */
export interface VerdictLog extends StoredVerdicts {
  /** Kept in memory until `flush`. */
  add(line: VerdictLine): void;
  /** Resolves when the lines were handed to the operating system. Rejects with `diskFull` or `storeFailed`. */
  flush(): Promise<void>;
  /** Everything in the file is judged. */
  finish(stamp: string): Promise<void>;
  close(): Promise<void>;
}

/** `null` where there is no set. Throws `newerSchema` for one of a newer version, `storeFailed`. */
export async function readVerdictLog(path: string, files: FileStore): Promise<StoredVerdicts | null> {
  const source = await files.open(path);
  return source === null ? null : ((await scan(source)).stored ?? null);
}

/** Whose set it is, from its first line; `null` where it is none. */
export async function verifierOfLog(path: string, files: FileStore): Promise<string | null> {
  const source = await files.open(path);
  if (source === null) return null;
  const text = new TextDecoder().decode(await source.slice(0, Math.min(4096, source.byteLength)));
  const first = lineIn(text.split("\n", 1)[0] ?? "");
  return first?.type === "header" ? first.verifier : null;
}

/** Opens or begins the set of a verifier; a torn last line is cut. Throws as `readVerdictLog`, and `otherVerdicts`. */
export async function openVerdictLog(path: string, verifier: string, files: FileStore): Promise<VerdictLog> {
  const source = await files.open(path);
  const { stored, wholeBytes } = source === null ? { stored: null, wholeBytes: 0 } : await scan(source);
  if (stored === null && wholeBytes > 0) throw new LensError("otherVerdicts", `${path} is no verdict set.`);
  if (stored !== null && stored.verifier !== verifier)
    throw new LensError("otherVerdicts", `${path} holds the verdicts of ${stored.verifier}. It is kept.`);
  const file = await files.openAppend(path, wholeBytes);
  const log = new AppendedVerdicts(file, stored ?? { verifier, table: new VerdictTable(), stamp: null });
  if (stored === null) await log.begin();
  return log;
}

class AppendedVerdicts implements VerdictLog {
  readonly verifier: string;
  readonly table: VerdictTable;
  stamp: string | null;
  readonly #file: AppendFile;
  #lines: string[] = [];

  constructor(file: AppendFile, { verifier, table, stamp }: StoredVerdicts) {
    this.#file = file;
    this.verifier = verifier;
    this.table = table;
    this.stamp = stamp;
  }

  begin(): Promise<void> {
    this.#lines.push(encodeHeaderLine(this.verifier));
    return this.flush();
  }

  add(line: VerdictLine): void {
    this.table.add(line);
    this.#lines.push(encodeVerdictLine(line));
  }

  async flush(): Promise<void> {
    if (this.#lines.length === 0) return;
    const bytes = new TextEncoder().encode(this.#lines.join(""));
    this.#lines = [];
    await this.#file.append(bytes);
  }

  async finish(stamp: string): Promise<void> {
    if (this.stamp === stamp) return;
    this.#lines.push(encodeDoneLine(stamp, this.table.length));
    await this.flush();
    this.stamp = stamp;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Some milliseconds of work at a time, so that a large set holds nothing up. */
const pieceBytes = 256 * 1024;

/** Lines that cannot be read are passed over: their samples are judged again. */
async function scan(
  source: ByteSource,
): Promise<{ readonly stored: StoredVerdicts | null; readonly wholeBytes: number }> {
  const table = new VerdictTable();
  let verifier: string | null = null;
  let stamp: string | null = null;
  const take = (text: string): void => {
    const line = lineIn(text, source.name);
    if (line?.type === "header") verifier ??= line.verifier;
    else if (line?.type === "done") stamp = line.stamp;
    else if (line?.type === "verdict") table.add(line.line);
  };
  const wholeBytes = await forEachLine(source, take, pieceBytes);
  return { stored: verifier === null ? null : { verifier, table, stamp }, wholeBytes };
}

function lineIn(text: string, name = "verdicts"): StoredLine | null {
  if (text === "") return null;
  try {
    return decodeStoredLine(JSON.parse(text));
  } catch (error) {
    if (error instanceof FieldError && error.field === "v")
      throw new LensError("newerSchema", `${name}: ${error.message}. Nothing was changed.`, { cause: error });
    return null;
  }
}

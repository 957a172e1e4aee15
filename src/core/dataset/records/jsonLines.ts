import type { ByteSource } from "../../ports.ts";
import type { EachOptions, Place, RecordFile, RecordVisitor } from "./recordFile.ts";
import { LensError } from "../../errors.ts";
import { chunks, joinBytes } from "./chunks.ts";
import { jsonProblem, parseJson } from "./parseJson.ts";
import { longestRecordBytes } from "./recordFile.ts";

const newline = 10;

/** One JSON value a line; CRLF, a BOM and blank lines are no matter. A broken line is an issue, the rest is read. */
export function jsonLines(source: ByteSource): RecordFile {
  return {
    kind: "jsonl",
    each: (visitor, options = {}) => new LineRead(visitor, options).run(source),
    read: (start, end) => readJson(source, start, end),
  };
}

/** One JSON value that lies at a known place. */
export async function readJson(source: ByteSource, start: number, end: number): Promise<unknown> {
  try {
    return parseJson(new TextDecoder().decode(await source.slice(start, end)));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new LensError("stale", `${source.name} has changed since it was opened. Open it again.`, { cause });
  }
}

/** About so many bytes are decoded at once where they are ASCII: few enough that one other character spoils little. */
const blockBytes = 16 * 1024;

class LineRead {
  readonly #visitor: RecordVisitor;
  readonly #options: EachOptions;
  readonly #decoder = new TextDecoder();
  /** The begin of a line whose end lies in a later chunk. */
  #parts: Uint8Array<ArrayBuffer>[] = [];
  #partBytes = 0;
  #lineStart: number;
  #line: number;
  #left: number;

  constructor(visitor: RecordVisitor, options: EachOptions) {
    this.#visitor = visitor;
    this.#options = options;
    this.#left = options.limit ?? Infinity;
    this.#lineStart = options.from?.byte ?? 0;
    this.#line = options.from?.line ?? 1;
  }

  async run(source: ByteSource): Promise<Place | null> {
    for await (const { bytes } of chunks(source, this.#options)) {
      const from = await this.#finishCarried(bytes);
      const to = bytes.lastIndexOf(newline) + 1;
      if (from < to && this.#left > 0) await this.#wholeLines(bytes.subarray(from, to));
      if (this.#left <= 0) return null;
      this.#carry(bytes.slice(Math.max(from, to)));
    }
    // What is added to a line without an end would belong to it.
    if (this.#partBytes === 0) return { byte: this.#lineStart, line: this.#line };
    await this.#gathered(true);
    return null;
  }

  #carry(part: Uint8Array<ArrayBuffer>): void {
    this.#partBytes += part.byteLength;
    if (this.#partBytes > longestRecordBytes) this.#parts = [];
    else if (part.byteLength > 0) this.#parts.push(part);
  }

  /** The end of a line begun in an earlier chunk; gives back where the next begins. */
  async #finishCarried(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    if (this.#partBytes === 0) return 0;
    const end = bytes.indexOf(newline);
    if (end === -1) return 0;
    this.#carry(bytes.slice(0, end));
    await this.#gathered(false);
    this.#endLine();
    return end + 1;
  }

  #gathered(last: boolean): void | Promise<void> {
    const length = this.#partBytes;
    const bytes = length > longestRecordBytes ? null : joinBytes(this.#parts);
    this.#parts = [];
    this.#partBytes = 0;
    if (bytes !== null) return this.#read(this.#decoder.decode(bytes), length, last);
    const message = `longer than ${longestRecordBytes / 1048576} MB, skipped`;
    this.#visitor.issue({ line: this.#line, field: null, message });
    this.#lineStart += length;
    return undefined;
  }

  /** Bytes that end with a newline and begin where a line does. */
  async #wholeLines(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    for (let from = 0; from < bytes.length && this.#left > 0;) {
      // To the end of the line in which the block ends; searching forwards is much the faster.
      const newlineAt = bytes.indexOf(newline, Math.min(bytes.length - 1, from + blockBytes));
      const to = newlineAt + 1;
      const text = this.#decoder.decode(bytes.subarray(from, to));
      const waiting =
        text.length === to - from ? this.#asciiLines(text, 0) : this.#otherLines(bytes.subarray(from, to));
      if (waiting !== undefined) await waiting;
      from = to;
    }
  }

  /** One unit is one byte: lines are cut from the text. */
  #asciiLines(text: string, start: number): void | Promise<void> {
    let from = start;
    for (let to = text.indexOf("\n", from); to !== -1 && this.#left > 0; to = text.indexOf("\n", from)) {
      const waiting = this.#read(text.slice(from, to), to - from, false);
      this.#endLine();
      const next = (from = to + 1);
      if (waiting !== undefined) return waiting.then(() => this.#asciiLines(text, next));
    }
    return undefined;
  }

  async #otherLines(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    let from = 0;
    for (let to = bytes.indexOf(newline); to !== -1 && this.#left > 0; to = bytes.indexOf(newline, from)) {
      const waiting = this.#read(this.#decoder.decode(bytes.subarray(from, to)), to - from, false);
      if (waiting !== undefined) await waiting;
      this.#endLine();
      from = to + 1;
    }
  }

  /** One line; afterwards `#lineStart` stands at its end. */
  #read(text: string, byteLength: number, last: boolean): void | Promise<void> {
    const start = this.#lineStart;
    this.#lineStart += byteLength;
    let value: unknown;
    try {
      value = parseJson(text);
    } catch (error) {
      if (text.trim() === "") return undefined;
      const message = last && cutOff(text) ? "the last line is cut off" : jsonProblem(error);
      this.#visitor.issue({ line: this.#line, field: null, message });
      return undefined;
    }
    this.#left--;
    return this.#visitor.record(value, { start, end: this.#lineStart, line: this.#line });
  }

  #endLine(): void {
    this.#lineStart++;
    this.#line++;
  }
}

/** Does it look like the begin of an object whose end was never written? */
function cutOff(text: string): boolean {
  const trimmed = text.trim();
  return /^[{[]/.test(trimmed) && !/[}\]]$/.test(trimmed);
}

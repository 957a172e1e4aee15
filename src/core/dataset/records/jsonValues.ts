import type { ByteSource } from "../../ports.ts";
import type { EachOptions, RecordFile, RecordVisitor } from "./recordFile.ts";
import { chunks, joinBytes } from "./chunks.ts";
import { readJson } from "./jsonLines.ts";
import { jsonProblem, parseJson } from "./parseJson.ts";
import { longestRecordBytes } from "./recordFile.ts";

/**
 * The elements of one JSON array, or whole JSON objects one after the other (usually one). The bytes are cut at the
 * elements' ends and each is parsed alone, so that a file larger than a string can be read and a sample found again.
 */
export function jsonValues(source: ByteSource): RecordFile {
  return {
    kind: "json",
    async each(visitor, options = {}) {
      await new ValueScan(visitor, options).run(source);
      return null;
    },
    read: (start, end) => readJson(source, start, end),
  };
}

const quote = 34;
const backslash = 92;
const comma = 44;

/** A push scanner over bytes: knows strings, escapes and depth, and nothing else of JSON. */
class ValueScan {
  readonly #visitor: RecordVisitor;
  readonly #options: EachOptions;
  readonly #decoder = new TextDecoder();
  /** 1 inside the array whose elements are the records, 0 when the records are the top-level objects. */
  #base: 0 | 1 | null = null;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #line = 1;
  #left: number;
  #closed = false;
  /** The value being gathered; `start` -1 between values. */
  #start = -1;
  #startLine = 1;
  #parts: Uint8Array<ArrayBuffer>[] = [];
  #bytes = 0;

  constructor(visitor: RecordVisitor, options: EachOptions) {
    this.#visitor = visitor;
    this.#options = options;
    this.#left = options.limit ?? Infinity;
  }

  async run(source: ByteSource): Promise<void> {
    for await (const { bytes, start } of chunks(source, this.#options)) {
      await this.#scan(bytes, start);
      if (this.#left <= 0) return;
    }
    if (this.#start !== -1 && this.#base === 1 && this.#depth === 1 && !this.#inString) {
      // Cut off between elements: the last one is whole.
      await this.#end(new Uint8Array(), source.byteLength);
    }
    if (this.#start !== -1) {
      this.#issue(
        this.#startLine,
        "the file ends inside this value (cut off?); what stands before it is read",
      );
    } else if (this.#base === 1 && !this.#closed) {
      this.#issue(this.#line, "the list is not closed (cut off?); what stands before is read");
    }
  }

  async #scan(bytes: Uint8Array<ArrayBuffer>, offset: number): Promise<void> {
    let from = this.#start === -1 ? -1 : 0;
    let i = 0;
    while (i < bytes.length) {
      if (this.#inString) {
        i = this.#skipString(bytes, i);
        continue;
      }
      const byte = bytes[i] as number;
      i++;
      if (byte === 10) this.#line++;
      if (byte <= 32 || byte === 0xef || byte === 0xbb || byte === 0xbf) continue;
      const atBase = this.#depth === this.#base;
      // The value ends before a comma or the array's bracket...
      if (this.#start !== -1 && atBase && (byte === comma || byte === 93)) {
        await this.#end(bytes.subarray(from, i - 1), offset + i - 1);
        from = -1;
      }
      if (this.#start === -1 && this.#begins(byte, atBase)) {
        from = i - 1;
        this.#start = offset + from;
        this.#startLine = this.#line;
      }
      if (byte === quote) this.#inString = true;
      else if (byte === 123 || byte === 91) this.#depth++;
      else if (byte === 125 || byte === 93) {
        this.#depth--;
        // ... and a top-level object after its brace.
        if (this.#base === 0 && this.#depth === 0 && this.#start !== -1) {
          await this.#end(bytes.subarray(from, i), offset + i);
          from = -1;
        } else if (this.#base === 1 && this.#depth <= 0) this.#closed = true;
      }
      if (this.#left <= 0) return;
    }
    if (this.#start !== -1) this.#gather(bytes.slice(from));
  }

  /** Decides what the records are at the first byte; then: does a value begin here? */
  #begins(byte: number, atBase: boolean): boolean {
    if (this.#base === null) {
      this.#base = byte === 91 ? 1 : 0;
      return this.#base === 0;
    }
    if (this.#closed) return false;
    return atBase && byte !== comma && byte !== 93;
  }

  /** From inside a string to behind its closing quote, or to the chunk's end. */
  #skipString(bytes: Uint8Array, from: number): number {
    const close = bytes.indexOf(quote, from);
    const stop = close === -1 ? bytes.length : close;
    let run = stop;
    while (run > from && bytes[run - 1] === backslash) run--;
    let odd = (stop - run) % 2 === 1;
    if (run === from && this.#escaped) odd = !odd;
    this.#escaped = close === -1 && odd;
    if (close !== -1 && !odd) this.#inString = false;
    return close === -1 ? stop : stop + 1;
  }

  #gather(part: Uint8Array<ArrayBuffer>): void {
    this.#bytes += part.byteLength;
    if (this.#bytes > longestRecordBytes) this.#parts = [];
    else this.#parts.push(part);
  }

  async #end(lastPart: Uint8Array<ArrayBuffer>, end: number): Promise<void> {
    this.#gather(lastPart);
    const start = this.#start;
    const tooLong = this.#bytes > longestRecordBytes;
    const text = tooLong ? "" : this.#decoder.decode(joinBytes(this.#parts));
    this.#start = -1;
    this.#parts = [];
    this.#bytes = 0;
    if (tooLong) {
      this.#issue(this.#startLine, `longer than ${longestRecordBytes / 1048576} MB, skipped`);
      return;
    }
    let value: unknown;
    try {
      value = parseJson(text);
    } catch (error) {
      this.#issue(this.#startLine, jsonProblem(error));
      return;
    }
    this.#left--;
    await this.#visitor.record(value, { start, end, line: this.#startLine });
  }

  #issue(line: number, message: string): void {
    this.#visitor.issue({ line, field: null, message });
  }
}

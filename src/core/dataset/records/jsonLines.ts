import type { ByteSource } from "../../ports.ts";
import type { EachOptions, RecordFile, RecordVisitor } from "./recordFile.ts";
import { LensError } from "../../errors.ts";
import { chunks, joinBytes } from "./chunks.ts";
import { jsonProblem, parseJson } from "./parseJson.ts";
import { longestRecordBytes } from "./recordFile.ts";

const newline = 10;

/** One JSON value a line; CRLF, a BOM and blank lines are no matter. A broken line is an issue, the rest is read. */
export function jsonLines(source: ByteSource): RecordFile {
  return {
    kind: "jsonl",
    each: (visitor, options = {}) => eachLine(source, visitor, options),
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

async function eachLine(source: ByteSource, visitor: RecordVisitor, options: EachOptions): Promise<void> {
  const decoder = new TextDecoder();
  let parts: Uint8Array<ArrayBuffer>[] = [];
  let partBytes = 0;
  let lineStart = 0;
  let line = 1;
  let left = options.limit ?? Infinity;

  const endLine = (end: number, last: boolean): void | Promise<void> => {
    const bytes = partBytes > longestRecordBytes ? null : joinBytes(parts);
    parts = [];
    partBytes = 0;
    if (bytes === null) {
      visitor.issue({
        line,
        field: null,
        message: `longer than ${longestRecordBytes / 1048576} MB, skipped`,
      });
      return undefined;
    }
    const text = decoder.decode(bytes);
    let value: unknown;
    try {
      value = parseJson(text);
    } catch (error) {
      if (text.trim() === "") return undefined;
      const message = last && cutOff(text) ? "the last line is cut off" : jsonProblem(error);
      visitor.issue({ line, field: null, message });
      return undefined;
    }
    left--;
    return visitor.record(value, { start: lineStart, end, line });
  };

  for await (const { bytes, start } of chunks(source, options)) {
    let from = 0;
    for (let to = bytes.indexOf(newline); to !== -1; to = bytes.indexOf(newline, from)) {
      // A line in one chunk, the usual case, is parsed in place; a long one is gathered.
      partBytes += to - from;
      if (partBytes <= longestRecordBytes) parts.push(bytes.subarray(from, to));
      const waiting = endLine(start + to, false);
      if (waiting !== undefined) await waiting;
      if (left <= 0) return;
      line++;
      from = to + 1;
      lineStart = start + from;
    }
    partBytes += bytes.byteLength - from;
    if (partBytes <= longestRecordBytes && from < bytes.byteLength) parts.push(bytes.slice(from));
    else if (partBytes > longestRecordBytes) parts = [];
  }
  if (partBytes > 0) await endLine(lineStart + partBytes, true);
}

/** Does it look like the begin of an object whose end was never written? */
function cutOff(text: string): boolean {
  const trimmed = text.trim();
  return /^[{[]/.test(trimmed) && !/[}\]]$/.test(trimmed);
}

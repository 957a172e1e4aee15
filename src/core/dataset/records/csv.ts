import type { ByteSource } from "../../ports.ts";
import type { EachOptions, RecordFile, RecordVisitor } from "./recordFile.ts";
import Papa from "papaparse";
import { LensError } from "../../errors.ts";
import { chunks } from "./chunks.ts";
import { longestRecordBytes } from "./recordFile.ts";

/** Rows under a header line, separated by comma, semicolon or tab. Every value is a string. */
export function csv(source: ByteSource): RecordFile {
  let dialect: Dialect | null = null;
  return {
    kind: "csv",
    async each(visitor, options = {}) {
      dialect = await new CsvRead(source, visitor, options).run();
      return null;
    },
    async read(start, end) {
      dialect ??= await new CsvRead(source, nobody, { limit: 1 }).run();
      const text = new TextDecoder().decode(await source.slice(start, end));
      const [row] = dialect === null ? [] : rowsOf(text, dialect);
      if (dialect === null || row === undefined || row.cells.length !== dialect.columns.length) {
        throw new LensError("stale", `${source.name} has changed since it was opened. Open it again.`);
      }
      return asObject(dialect.columns, row.cells);
    },
  };
}

const nobody: RecordVisitor = { record: () => undefined, issue: () => undefined };

interface Dialect {
  readonly columns: readonly string[];
  readonly delimiter: string;
  readonly newline: string;
}

interface Row {
  readonly cells: readonly string[];
  readonly cursor: number;
  readonly problem: string | null;
}

function rowsOf(
  text: string,
  dialect: { readonly delimiter: string; readonly newline: string },
): readonly Row[] {
  const rows: Row[] = [];
  // Papa takes a byte-order mark off and does not count it.
  const shift = text.startsWith("\uFEFF") ? 1 : 0;
  Papa.parse(text, {
    delimiter: dialect.delimiter,
    newline: dialect.newline,
    step: ({ data, errors, meta }) =>
      void rows.push({ cells: data, cursor: meta.cursor + shift, problem: errors[0]?.message ?? null }),
  });
  return rows;
}

function asObject(columns: readonly string[], cells: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? ""]));
}

/** One pass. Text is parsed in blocks; a block's last row may go on in the next and is parsed again with it. */
class CsvRead {
  readonly #source: ByteSource;
  readonly #visitor: RecordVisitor;
  readonly #options: EachOptions;
  readonly #encoder = new TextEncoder();
  #dialect: Dialect | null = null;
  /** Place of the first character not yet consumed. */
  #byte = 0;
  #line = 1;
  #left: number;

  constructor(source: ByteSource, visitor: RecordVisitor, options: EachOptions) {
    this.#source = source;
    this.#visitor = visitor;
    this.#options = options;
    this.#left = options.limit ?? Infinity;
  }

  /** Resolves to the dialect; `null` where the file has no header. */
  async run(): Promise<Dialect | null> {
    // The decoder keeps a byte-order mark, so that byte offsets stay true.
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    let text = "";
    // A row of many chunks is tried again only when it has doubled, else its time would grow with its square.
    let tryAt = 0;
    for await (const { bytes } of chunks(this.#source, this.#options)) {
      text += decoder.decode(bytes, { stream: true });
      if (text.length < tryAt) continue;
      text = await this.#consume(text, false);
      tryAt = 2 * text.length;
      if (this.#left <= 0) return this.#dialect;
      if (text.length > longestRecordBytes) break;
    }
    text += decoder.decode();
    if (text.length > longestRecordBytes)
      this.#issue("a quoted value does not end; the rows before it are read");
    else await this.#consume(text, true);
    return this.#dialect;
  }

  /** Parses whole rows; gives back the text that is left. */
  async #consume(text: string, last: boolean): Promise<string> {
    const rows = rowsOf(text, this.#dialect ?? guessDialect(text));
    const whole = last ? rows.length : rows.length - 1;
    let at = 0;
    for (const row of rows.slice(0, Math.max(0, whole))) {
      await this.#row(row, text.slice(at, row.cursor), text);
      at = row.cursor;
      if (this.#left <= 0) break;
    }
    return text.slice(at);
  }

  async #row(row: Row, raw: string, text: string): Promise<void> {
    const start = this.#byte;
    const line = this.#line;
    this.#byte += this.#encoder.encode(raw).byteLength;
    for (let i = raw.indexOf("\n"); i !== -1; i = raw.indexOf("\n", i + 1)) this.#line++;
    if (raw.trim() === "") return;
    if (row.problem !== null) {
      this.#visitor.issue({ line, field: null, message: `not valid CSV (${row.problem})` });
    } else if (this.#dialect === null) {
      const columns = row.cells.map((cell) => cell.trim());
      this.#dialect = { columns, ...guessDialect(text) };
    } else if (row.cells.length !== this.#dialect.columns.length) {
      const message = `expected ${this.#dialect.columns.length} values as in the header, got ${row.cells.length}`;
      this.#visitor.issue({ line, field: null, message });
    } else {
      this.#left--;
      await this.#visitor.record(asObject(this.#dialect.columns, row.cells), {
        start,
        end: this.#byte,
        line,
      });
    }
  }

  #issue(message: string): void {
    this.#visitor.issue({ line: this.#line, field: null, message });
  }
}

function guessDialect(text: string): { readonly delimiter: string; readonly newline: string } {
  const header = /^[^\r\n]*/.exec(text)?.[0] ?? "";
  const separators = [",", "\t", ";"].map((mark) => ({ mark, count: header.split(mark).length }));
  separators.sort((a, b) => b.count - a.count);
  return { delimiter: separators[0]?.mark ?? ",", newline: text.includes("\r\n") ? "\r\n" : "\n" };
}

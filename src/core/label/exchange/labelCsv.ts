import Papa from "papaparse";
import { asOneOf, FieldError } from "../../parse.ts";
import { toCsv } from "../../report/textTable.ts";
import { cotVerdicts, type Label, type LabelEntry } from "../model.ts";

const columns = [
  "item",
  "verdict",
  "first_wrong_step",
  "note",
  "seconds",
  "rater",
  "kind",
  "adjudication",
  "at",
] as const;

/** One row a label; steps count from 1 as on the screen. Cells that a spreadsheet would take for a formula get a `'`. */
export function toLabelCsv(labels: readonly Label[]): string {
  const rows = labels.map((label): Record<(typeof columns)[number], string> => ({
    item: label.item,
    verdict: label.verdict,
    first_wrong_step: label.firstWrongStep === null ? "" : String(label.firstWrongStep + 1),
    note: quoted(label.note),
    seconds: String(label.seconds),
    rater: quoted(label.rater),
    kind: label.raterKind,
    adjudication: label.adjudication ? "yes" : "",
    at: new Date(label.at).toISOString(),
  }));
  return toCsv({ head: columns, rows: rows.map((row) => columns.map((column) => row[column])) });
}

const quoted = (text: string): string => (/^['=+\-@\t\r]/.test(text) ? `'${text}` : text);
const unquoted = (text: string): string => (/^'['=+\-@\t\r]/.test(text) ? text.slice(1) : text);

export interface CsvEntry extends LabelEntry {
  /** Empty where the file does not say. */
  readonly rater: string;
}

/** `field`s of the errors are columns; `row` counts from 2, the header being 1. */
export interface CsvIssue {
  readonly row: number;
  readonly field: string | null;
  readonly message: string;
}

/** Labels of a table with at least the columns `item` and `verdict`. Throws a FieldError where one of them is missing. */
export function fromLabelCsv(text: string): {
  readonly entries: readonly CsvEntry[];
  readonly issues: readonly CsvIssue[];
} {
  const rows: string[][] = [];
  Papa.parse(text.replace(/^\uFEFF/, ""), {
    delimiter: ",",
    newline: newlineOf(text),
    step: ({ data }) => void rows.push([...data]),
  });
  const [head = [], ...body] = rows;
  for (const column of ["item", "verdict"])
    if (!head.includes(column))
      throw new FieldError(column, `expected a column of this name, got ${head.join(", ")}`);
  const entries: CsvEntry[] = [];
  const issues: CsvIssue[] = [];
  for (const [i, row] of body.entries()) {
    if (row.every((cell) => cell.trim() === "")) continue;
    try {
      entries.push(entryOf((column) => row[head.indexOf(column)] ?? ""));
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      issues.push({ row: i + 2, field: error.field, message: error.detail });
    }
  }
  return { entries, issues };
}

const newlineOf = (text: string): string => (text.includes("\r\n") ? "\r\n" : "\n");

function entryOf(cell: (column: (typeof columns)[number]) => string): CsvEntry {
  const item = cell("item");
  if (!/^[0-9a-f]{16}$/.test(item))
    throw new FieldError("item", `expected 16 hex digits, got ${JSON.stringify(item)}`);
  const step = numberIn(cell("first_wrong_step"), "first_wrong_step");
  return {
    item,
    verdict: asOneOf(cell("verdict"), cotVerdicts, "verdict"),
    firstWrongStep: step === null ? null : step - 1,
    note: unquoted(cell("note")),
    seconds: numberIn(cell("seconds"), "seconds") ?? 0,
    rater: unquoted(cell("rater")),
  };
}

function numberIn(text: string, field: string): number | null {
  if (text.trim() === "") return null;
  const number = Number(text);
  const isStep = field === "first_wrong_step";
  if (Number.isFinite(number) && number >= (isStep ? 1 : 0) && (!isStep || Number.isInteger(number)))
    return number;
  throw new FieldError(
    field,
    `expected ${isStep ? "a step from 1" : "a number of seconds"}, got ${JSON.stringify(text)}`,
  );
}

import type { JsonRecord } from "../../parse.ts";
import type { RowFields } from "../fields.ts";
import { atPath, FieldError, kindOf } from "../../parse.ts";
import { firstValue, rowFields } from "../fields.ts";
import { goldText, lastBoxed } from "../goldText.ts";
import { questionText } from "../questionText.ts";

export interface ProblemFields {
  readonly question: string;
  readonly gold: string | null;
  readonly id: string | null;
}

/** The problem of a rollout record. Throws a FieldError when there is neither a question nor an id to group by. */
export function problemFields(record: JsonRecord, fields: RowFields): ProblemFields {
  const question = questionOf(record, fields);
  const id = idOf(record, fields);
  if (question === "" && id === null) {
    const path = fields.question.find((name) => atPath(record, name) !== undefined);
    const value = path === undefined ? undefined : atPath(record, path);
    if (path !== undefined && typeof value !== "string") {
      throw new FieldError(path, `expected string, got ${kindOf(value)}`);
    }
    throw new FieldError(
      fields.question[0] ?? "question",
      "expected a question or an id to group samples by, got neither",
    );
  }
  return { question, gold: goldOf(record, fields), id };
}

/** "" where no column has one. */
export function questionOf(record: JsonRecord, fields: RowFields): string {
  for (const path of fields.question) {
    const text = questionText(atPath(record, path));
    if (text !== null && text.trim() !== "") return text;
  }
  return "";
}

function idOf(record: JsonRecord, fields: RowFields): string | null {
  const value = firstValue(record, fields.id);
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}

export function goldOf(record: JsonRecord, fields: RowFields): string | null {
  for (const path of fields.gold) {
    const value = atPath(record, path);
    if (value === undefined || value === null) continue;
    return typeof value === "string" && isSolution(path) ? lastBoxed(value) : goldText(value, path);
  }
  return null;
}

const isSolution = (path: string): boolean =>
  path.length === "solution".length && path.toLowerCase() === "solution";

/** `rowFields`, remembered for records with the same names in the same order: nearly all of a file's have them. */
export function rememberFields(): (record: JsonRecord) => RowFields {
  const known = new Map<string, RowFields>();
  let lastKeys: readonly string[] = [];
  let last = rowFields([]);
  return (record) => {
    if (hasNames(record, lastKeys)) return last;
    const keys = Object.keys(record);
    const name = keys.join("\n");
    last = known.get(name) ?? rowFields(keys);
    if (known.size < 100) known.set(name, last);
    lastKeys = keys;
    return last;
  };
}

/** Exactly these names in this order; no list is made of them, as this is asked for each record. */
function hasNames(record: JsonRecord, names: readonly string[]): boolean {
  let i = 0;
  for (const key in record) {
    if (key !== names[i]) return false;
    i++;
  }
  return i === names.length;
}

import type { JsonRecord } from "../../parse.ts";
import type { RowFields } from "../fields.ts";
import { FieldError } from "../../parse.ts";
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
    throw new FieldError(
      fields.question[0] ?? "question",
      "expected a question or an id to group samples by, got neither",
    );
  }
  return { question, gold: goldOf(record, fields), id };
}

function questionOf(record: JsonRecord, fields: RowFields): string {
  for (const path of fields.question) {
    const text = questionText(firstValue(record, [path])?.value);
    if (text !== null && text.trim() !== "") return text;
  }
  return "";
}

function idOf(record: JsonRecord, fields: RowFields): string | null {
  const value = firstValue(record, fields.id)?.value;
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}

function goldOf(record: JsonRecord, fields: RowFields): string | null {
  const found = firstValue(record, fields.gold);
  if (found === null) return null;
  if (found.path.toLowerCase() === "solution" && typeof found.value === "string")
    return lastBoxed(found.value);
  return goldText(found.value, found.path);
}

/** `rowFields`, remembered for records with the same names: a file's records nearly always have them. */
export function rememberFields(): (record: JsonRecord) => RowFields {
  const known = new Map<string, RowFields>();
  return (record) => {
    const keys = Object.keys(record);
    const name = keys.join("\n");
    let fields = known.get(name);
    if (fields === undefined) {
      fields = rowFields(keys);
      if (known.size < 100) known.set(name, fields);
    }
    return fields;
  };
}

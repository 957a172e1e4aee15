// One line of a rater's file (JSON lines, appended). Every line says all of itself, so that git may merge lines in any order.
//   {"v": 1, "id": "...", "at": "2026-11-21T07:04:02.000Z", "rater": "anna", "kind": "human",
//    "label": {"item": "0123456789abcdef", "verdict": "wrong", "step": 2, "note": "", "seconds": 3.2}}
//   {..., "adjudication": {the same}}       settles a conflict of raters
//   {..., "undo": "ID"}                      takes the line of that id back
import {
  asInteger,
  asNumber,
  asOneOf,
  asRecord,
  asString,
  FieldError,
  type JsonRecord,
  orNull,
} from "../parse.ts";
import { cotVerdicts, type Label, type LabelEntry, type RaterKind, raterKinds } from "./model.ts";

/** Grows when a line's meaning changes; readers refuse a newer one. */
const version = 1;

export interface StoredLine {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly rater: string;
  readonly kind: RaterKind;
  readonly act:
    | { readonly type: "label" | "adjudication"; readonly entry: LabelEntry }
    | { readonly type: "undo"; readonly line: string };
}

export function encodeLine({ id, at, rater, kind, act }: StoredLine): string {
  const head = { v: version, id, at: new Date(at).toISOString(), rater, kind };
  if (act.type === "undo") return `${JSON.stringify({ ...head, undo: act.line })}\n`;
  const { item, verdict, firstWrongStep, note, seconds } = act.entry;
  const entry = { item, verdict, step: firstWrongStep, note, seconds: Math.round(seconds * 1000) / 1000 };
  return `${JSON.stringify({ ...head, [act.type]: entry })}\n`;
}

/** Throws a `FieldError` for anything that is not written here; its field is `v` for a newer version. */
export function decodeLine(value: unknown): StoredLine {
  const line = asRecord(value, "");
  const found = asInteger(line["v"], "v", 1);
  if (found > version)
    throw new FieldError("v", `expected at most ${version}, got ${found} (written by a newer version)`);
  return {
    id: asWord(line["id"], "id"),
    at: asTime(line["at"], "at"),
    rater: asWord(line["rater"], "rater"),
    kind: asOneOf(line["kind"], raterKinds, "kind"),
    act: actOf(line),
  };
}

function actOf(line: JsonRecord): StoredLine["act"] {
  if ("undo" in line) return { type: "undo", line: asWord(line["undo"], "undo") };
  if ("adjudication" in line)
    return { type: "adjudication", entry: entryOf(line["adjudication"], "adjudication") };
  return { type: "label", entry: entryOf(line["label"], "label") };
}

function entryOf(value: unknown, field: string): LabelEntry {
  const entry = asRecord(value, field);
  return {
    item: asItem(entry["item"], `${field}.item`),
    verdict: asOneOf(entry["verdict"], cotVerdicts, `${field}.verdict`),
    firstWrongStep: orNull(entry["step"], `${field}.step`, asInteger),
    note: orNull(entry["note"], `${field}.note`, asString) ?? "",
    seconds: orNull(entry["seconds"], `${field}.seconds`, asNumber) ?? 0,
  };
}

function asItem(value: unknown, field: string): string {
  const text = asString(value, field);
  if (/^[0-9a-f]{16}$/.test(text)) return text;
  throw new FieldError(field, `expected 16 hex digits, got ${JSON.stringify(text.slice(0, 40))}`);
}

function asWord(value: unknown, field: string): string {
  const text = asString(value, field);
  if (text !== "") return text;
  throw new FieldError(field, "expected a name, got an empty text");
}

function asTime(value: unknown, field: string): number {
  const text = asString(value, field);
  const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new FieldError(
    field,
    `expected a time such as 2026-11-21T07:04:02.000Z, got ${JSON.stringify(text)}`,
  );
}

/** The label of a line that is one. */
export function labelOf(line: StoredLine): Label | null {
  if (line.act.type === "undo") return null;
  return {
    ...line.act.entry,
    lineId: line.id,
    rater: line.rater,
    raterKind: line.kind,
    at: line.at,
    adjudication: line.act.type === "adjudication",
  };
}

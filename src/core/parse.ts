// unknown -> typed, with messages that say what was expected and what stood there. Used wherever bytes of others come in.
import type { InputIssue } from "./model.ts";
import { LensError } from "./errors.ts";

export type JsonRecord = Readonly<Record<string, unknown>>;

/** A value is not what was expected; `field` is its path (`reward_model.ground_truth`, `score[3]`). Code `badInput`. */
export class FieldError extends LensError {
  readonly field: string;
  /** Without the field: `expected string, got number`. */
  readonly detail: string;
  constructor(field: string, detail: string) {
    super("badInput", field === "" ? detail : `${field}: ${detail}`);
    this.name = "FieldError";
    this.field = field;
    this.detail = detail;
  }
}

/** The kind of a JSON value in a person's words: `null`, `list`, `object`, `string`, `number`, `boolean`, `nothing`. */
export function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  return typeof value;
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fail(expected: string, value: unknown, field: string): never {
  throw new FieldError(field, `expected ${expected}, got ${kindOf(value)}`);
}

/** Each `as...` returns the value or throws a `FieldError` that names `field`. */
export function asString(value: unknown, field: string): string {
  return typeof value === "string" ? value : fail("string", value, field);
}

/** A finite number. */
export function asNumber(value: unknown, field: string): number {
  if (typeof value !== "number") return fail("number", value, field);
  if (!Number.isFinite(value)) throw new FieldError(field, `expected a finite number, got ${value}`);
  return value;
}

/** An integer of at least `least`. */
export function asInteger(value: unknown, field: string, least = 0): number {
  const number = asNumber(value, field);
  if (!Number.isSafeInteger(number) || number < least) {
    throw new FieldError(field, `expected an integer of at least ${least}, got ${number}`);
  }
  return number;
}

export function asBoolean(value: unknown, field: string): boolean {
  return typeof value === "boolean" ? value : fail("boolean", value, field);
}

export function asRecord(value: unknown, field: string): JsonRecord {
  return isRecord(value) ? value : fail("object", value, field);
}

export function asList(value: unknown, field: string): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : fail("list", value, field);
}

/** One of a closed list of words. */
export function asOneOf<T extends string>(value: unknown, words: readonly T[], field: string): T {
  const word = asString(value, field);
  const found = words.find((candidate) => candidate === word);
  if (found === undefined)
    throw new FieldError(field, `expected one of ${words.join(", ")}, got ${JSON.stringify(word)}`);
  return found;
}

/** `null` and an absent field are `null`; anything else goes through `parse`. */
export function orNull<T>(
  value: unknown,
  field: string,
  parse: (value: unknown, field: string) => T,
): T | null {
  return value === undefined || value === null ? null : parse(value, field);
}

/** Value at a dotted path of own properties, `undefined` where a step is missing. */
export function atPath(value: unknown, path: string): unknown {
  if (isRecord(value) && Object.hasOwn(value, path)) return value[path];
  if (!path.includes(".")) return undefined;
  let here: unknown = value;
  for (const step of path.split(".")) {
    if (!isRecord(here) || !Object.hasOwn(here, step)) return undefined;
    here = here[step];
  }
  return here;
}

/** `rollouts.jsonl line 17: answer: expected string, got number`, without a full stop: the words around it set one. */
export function issueText(issue: InputIssue): string {
  const message = issue.message.replace(/\.$/, "");
  const where = issue.line === null ? issue.file : `${issue.file} line ${issue.line}`;
  return issue.field === null ? `${where}: ${message}` : `${where}: ${issue.field}: ${message}`;
}

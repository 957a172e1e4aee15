import { FieldError } from "../../parse.ts";

/**
 * The fields of a JSON object as raw text, so that what JavaScript's numbers cannot hold (Infinity, integers above
 * 2^53, both of which Python writes) is handed on as it stands. Throws FieldError where the text is no object.
 */
export function rawFields(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  let at = blanks(text, 0);
  if (text[at] !== "{") throw new FieldError("", "expected a JSON object");
  at = blanks(text, at + 1);
  while (text[at] !== "}") {
    const nameEnd = stringEnd(text, at);
    const name = JSON.parse(text.slice(at, nameEnd)) as string;
    at = blanks(text, nameEnd);
    if (text[at] !== ":") throw new FieldError(name, "expected a JSON object");
    const start = blanks(text, at + 1);
    const end = valueEnd(text, start);
    if (end === start) throw new FieldError(name, "expected a JSON value");
    fields.set(name, text.slice(start, end));
    at = blanks(text, end);
    if (text[at] === ",") at = blanks(text, at + 1);
    else if (text[at] !== "}") throw new FieldError(name, "expected a JSON value");
  }
  if (blanks(text, at + 1) !== text.length) throw new FieldError("", "expected one JSON object");
  return fields;
}

function blanks(text: string, from: number): number {
  let at = from;
  while (" \t\r\n".includes(text[at] ?? "x")) at += 1;
  return at;
}

/** Index after the string that starts at `from`. */
function stringEnd(text: string, from: number): number {
  if (text[from] !== '"') throw new FieldError("", "expected a JSON object");
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
  }
  throw new FieldError("", "expected a JSON object, got an unfinished string");
}

/** Index after the value that starts at `from`: to the comma or brace on its own level. */
function valueEnd(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const char = text[at]!;
    if (char === '"') {
      at = stringEnd(text, at);
      continue;
    }
    if (depth === 0 && (char === "," || char === "}")) break;
    if (char === "[" || char === "{") depth += 1;
    else if (char === "]" || char === "}") depth -= 1;
    at += 1;
  }
  if (depth !== 0) throw new FieldError("", "expected a JSON object, got an unfinished one");
  while (at > from && " \t\r\n".includes(text[at - 1]!)) at -= 1;
  return at;
}

import { isRecord, kindOf, FieldError } from "../parse.ts";

/**
 * A gold answer as text, from what datasets write: `27.0` -> "27", "... #### 1,234" -> "1234" (GSM8K), a last line
 * "A: 18", a list of one, a worked solution with a box (MATH's `solution`). Anything else stays as it is: the
 * verifier reads it ("025", LaTeX). `null` where there is none. Throws a FieldError for an object.
 */
export function goldText(value: unknown, field: string): string | null {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value === "string") return fromText(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) {
    const items = value.map((item, i) => goldText(item, `${field}[${i}]`)).filter((item) => item !== null);
    return items.length === 0 ? null : items.join(", ");
  }
  if (isRecord(value) && "ground_truth" in value)
    return goldText(value["ground_truth"], `${field}.ground_truth`);
  throw new FieldError(field, `expected string, got ${kindOf(value)}`);
}

function fromText(text: string): string | null {
  const marked = text.includes("#") ? text.lastIndexOf("####") : -1;
  if (marked !== -1) return plainInteger(text.slice(marked + 4).trim());
  if (text.includes("\n")) {
    const line = /\nA:[ \t]*([^\n]+?)\s*$/.exec(text)?.[1];
    if (line !== undefined) return plainInteger(line);
  }
  const trimmed = text.trim();
  if (trimmed.startsWith('["') && /^\["[^"]*"\]$/.test(trimmed)) return goldText(JSON.parse(trimmed), "");
  return trimmed === "" ? null : trimmed;
}

/** "1,234" -> "1234": GSM8K's golds are integers. */
function plainInteger(text: string): string {
  return /^-?\d{1,3}(,\d{3})+$/.test(text) ? text.replaceAll(",", "") : text;
}

/** What stands in the last `\boxed{...}` or `\fbox{...}`; `null` without one that closes. */
export function lastBoxed(text: string): string | null {
  const at = Math.max(text.lastIndexOf("\\boxed{"), text.lastIndexOf("\\fbox{"));
  if (at === -1) return null;
  const open = text.indexOf("{", at);
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const unit = text[i];
    if (unit === "\\") i++;
    else if (unit === "{") depth++;
    else if (unit === "}") depth--;
    if (depth === 0) return text.slice(open + 1, i);
  }
  return null;
}

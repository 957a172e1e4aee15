import { exactAndRounded } from "./assignment.ts";
import { unreadable } from "./cursor.ts";
import type { Expression } from "./expression.ts";
import { normalise } from "./normalise.ts";
import { hasAmbiguousCommas } from "./numerals.ts";
import { parse, parseAfterEquals, type Reading } from "./parse.ts";
import type { Rational } from "./rational.ts";
import { spelledOut } from "./text.ts";

/** One answer as text and as what it can be read as, the likelier reading first; no reading where it is only text. */
export interface Answer {
  readonly normalised: string;
  readonly readings: readonly Expression[];
  readonly dropped: readonly string[];
  /** The whole number that a family of solutions runs over: `k`, with its set, of `2k\pi, k \in \mathbb{Z}`. */
  readonly parameter: { readonly name: string; readonly set: string } | null;
  /** 0.33 of 1/3 \approx 0.33 */
  readonly rounded: Rational | null;
}

export interface ReadOptions {
  readonly decimalComma: boolean;
}

/** Reads an answer. Throws `Undecided` where it is too long or nested too deeply. */
export function readAnswer(text: string, options: ReadOptions): Answer {
  const normalised = normalise(text);
  const { head, parameter } = withoutParameter(normalised);
  const source = spelledOut(head) ?? head;
  const first = readingOf(source, "natural");
  if (first === null) return { normalised, readings: [], dropped: [], parameter, rounded: null };
  const second = hasAmbiguousCommas(source) ? readingOf(source, "flipped") : null;
  const third =
    options.decimalComma && decimalComma.test(source) ? readingOf(source.replace(",", "."), "natural") : null;
  const { expression } = first;
  const last =
    expression.kind === "relation" && expression.operators.at(-1) === "~" ? expression.sides.at(-1) : null;
  const readings = [first, second, third]
    .filter((reading) => reading !== null)
    .flatMap((reading) => exactAndRounded(reading.expression));
  const rounded = readings.length > 1 && last?.kind === "number" ? last.value : null;
  return { normalised, readings, dropped: first.dropped, parameter, rounded };
}

const wholeNumbers = /^\\in\s*\\math(?:bb|bf|rm)\s*\{?\s*([ZN])\s*\}?(?:[_^]\{?[+*]\}?)?\s*\)?$/;

/** Without the condition that the one letter of an equation or value is a whole number. Conditions on `x > 2` stay. */
function withoutParameter(text: string): { readonly head: string; readonly parameter: Answer["parameter"] } {
  const at = Math.max(text.lastIndexOf("\\in"), text.length - 60);
  const set = wholeNumbers.exec(text.slice(at))?.[1];
  const before = text.slice(0, at).trimEnd();
  const name = before.at(-1) ?? "";
  const head = withoutEnd(
    withoutEnd(before.slice(0, -1)).replace(/(?:\\q?quad|\\text\{[ ,]*(?:where|for|with)\s*\})$/, ""),
  );
  const bare = head.replace(/\\[a-z]+/gi, (command) =>
    /^\\(?:[lg]eq?|neq?|[lg]t|in|mid)$/.test(command) ? "<" : "",
  );
  const isParameter =
    set !== undefined &&
    /[a-z]/.test(name) &&
    bare.includes(name) &&
    !/[<>|]|\\\{/.test(bare) &&
    !bare.startsWith(`${name}=`);
  return isParameter ? { head, parameter: { name, set } } : { head: text, parameter: null };
}

/** Without the separators and the bracket that stand before a condition. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && " ,;~(".includes(text[end - 1]!)) end -= 1;
  return text.slice(0, end);
}

const decimalComma = /^-?\d+,(?:\d{1,2}|\d{4,})(?!\d)[^,]*$/;

function readingOf(source: string, commas: "natural" | "flipped"): Reading | null {
  return readable(() => parse(source, { commas })) ?? readable(() => parseAfterEquals(source, { commas }));
}

function readable(read: () => Reading | null): Reading | null {
  try {
    return read();
  } catch (error) {
    if (error === unreadable) return null;
    throw error;
  }
}

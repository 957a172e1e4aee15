import { Unreadable } from "./cursor.ts";
import type { Expression } from "./expression.ts";
import { normalise } from "./normalise.ts";
import { hasAmbiguousCommas } from "./numerals.ts";
import { parse, parseAfterEquals, type Reading } from "./parse.ts";
import { numberWord } from "./text.ts";

/** One answer as text and as what it can be read as, the likelier reading first; no reading where it is only text. */
export interface Answer {
  readonly normalised: string;
  readonly readings: readonly Expression[];
  readonly dropped: readonly string[];
}

export interface ReadOptions {
  readonly decimalComma: boolean;
}

/** Reads an answer. Throws `Undecided` where it is too long or nested too deeply. */
export function readAnswer(text: string, options: ReadOptions): Answer {
  const normalised = normalise(text);
  const source = numberWord(normalised) ?? normalised;
  const first = readingOf(source, "natural");
  if (first === null) return { normalised, readings: [], dropped: [] };
  const second = hasAmbiguousCommas(source) ? readingOf(source, "flipped") : null;
  const third =
    options.decimalComma && decimalComma.test(source) ? readingOf(source.replace(",", "."), "natural") : null;
  const readings = [first, second, third]
    .filter((reading) => reading !== null)
    .map((reading) => reading.expression);
  return { normalised, readings, dropped: first.dropped };
}

const decimalComma = /^-?\d+,(?:\d{1,2}|\d{4,})(?!\d)[^,]*$/;

function readingOf(source: string, commas: "natural" | "flipped"): Reading | null {
  return readable(() => parse(source, { commas })) ?? readable(() => parseAfterEquals(source, { commas }));
}

function readable(read: () => Reading | null): Reading | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

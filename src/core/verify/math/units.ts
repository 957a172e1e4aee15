import { type Cursor, unreadable } from "./cursor.ts";
import { type Expression, number, product } from "./expression.ts";
import { power, integer } from "./rational.ts";
import { meaningfulWords, multipliers } from "./vocabulary.ts";

const separators = new Set(["and", "or", "及", "和", "或", "与"]);

export const isSeparatorWord = (text: string): boolean =>
  separators.has(text.toLowerCase().replace(/[^\p{L}]/gu, ""));

/** Words of a text, without punctuation. */
export const wordsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .replace(/\ba\.\s?m\b\.?/g, "am")
    .replace(/\bp\.\s?m\b\.?/g, "pm")
    .split(/[^\p{L}\d'-]+/u)
    .filter((word) => word !== "");

/** A text that says more than a unit does. */
export const isMeaningful = (text: string): boolean =>
  wordsOf(text).some((word) => meaningfulWords.has(word));

const scaleWord = (text: string): boolean => Object.hasOwn(multipliers, wordsOf(text)[0] ?? "");
const percentWord = (text: string): boolean => /^(?:percent|percentage|pct|per cent)\b/i.test(text.trim());

/**
 * After an operand: leaves out unit words with their exponents (`\text{cm}^2`, `ft / s`, `dollars`), which are never
 * compared. A word that changes the meaning ("or more", "less than", "p.m.") makes the answer a text instead.
 */
export function dropUnits(cursor: Cursor): void {
  for (;;) {
    dropUnitFraction(cursor);
    const token = cursor.peek();
    if (
      token?.type !== "word" ||
      isSeparatorWord(token.text) ||
      scaleWord(token.text) ||
      percentWord(token.text)
    )
      return;
    if (/^(?:and|or)\b|\b(?:and|or)$/i.test(token.text.trim()) || / (?:and|or) /i.test(token.text)) return;
    if (/^(?:is|are|to|base)$/.test(token.text)) return;
    if (isMeaningful(token.text)) throw unreadable;
    cursor.dropped.push(cursor.next().text.trim() + dropExponent(cursor));
    dropQuotient(cursor);
  }
}

/** `\frac{\text{m}}{\text{s}}` after an operand */
function dropUnitFraction(cursor: Cursor): void {
  if (!cursor.is("frac", 0, "command") || !cursor.is("{", 1) || cursor.peek(2)?.type !== "word") return;
  cursor.next();
  for (let group = 0; group < 2; group += 1)
    for (let left = cursor.closingAhead("{", "}"); left >= 0; left -= 1) cursor.next();
}

/** `^2`, `^{2}`, `^{-1}` after a unit: left out, and returned. */
function dropExponent(cursor: Cursor): string {
  if (!cursor.is("^")) return "";
  const open = cursor.is("{", 1) ? 1 : 0;
  const sign = cursor.is("-", 1 + open) ? 1 : 0;
  const exponent = cursor.peek(1 + open + sign);
  if (exponent?.type !== "number" || exponent.text.length > 1) return "";
  for (let k = 0; k < 2 + 2 * open + sign; k += 1) if (!cursor.atEnd) cursor.next();
  return `^${sign === 1 ? "-" : ""}${exponent.text}`;
}

/** The same unit to another power (cm^2 and cm^3): the only way in which units can contradict. */
export function unitsContradict(gold: readonly string[], answer: readonly string[]): boolean {
  const powers = (units: readonly string[]): Map<string, string> =>
    new Map(units.map((unit) => [unit.split("^")[0]!.toLowerCase(), unit.split("^")[1] ?? "1"]));
  const [a, b] = [powers(gold), powers(answer)];
  return [...a].some(
    ([unit, exponent]) => b.has(unit) && b.get(unit) !== exponent && exponent !== "1" && b.get(unit) !== "1",
  );
}

function dropQuotient(cursor: Cursor): void {
  if ((cursor.is("/") || cursor.is("*")) && cursor.peek(1)?.type === "word") cursor.next();
  else if (cursor.is("/") && cursor.peek(1)?.type === "letter" && !cursor.is("(", 2)) {
    cursor.next();
    cursor.next();
    dropExponent(cursor);
  }
}

/** `5 percent`, `2 million`: the operand with the word's factor, or `null` where the next word is another. */
export function scaledByWord(cursor: Cursor, operand: Expression): Expression | null {
  const text = cursor.peek()?.text ?? "";
  if (percentWord(text)) {
    cursor.next();
    return { kind: "percent", item: operand };
  }
  if (!scaleWord(text)) return null;
  const zeros = multipliers[wordsOf(cursor.next().text)[0]!]!;
  return product(operand, number(power(integer(10), BigInt(zeros))));
}

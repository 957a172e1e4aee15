import {
  absolute,
  compareRational,
  divide,
  floor,
  integer,
  isInteger,
  multiply,
  type Rational,
  rational,
  sameRational,
  subtract,
} from "../../verify/math/rational.ts";
import { Undecided } from "../../verify/math/limits.ts";
import { evaluate, type Evaluated } from "./evaluate.ts";
import { type ArithmeticToken, lexArithmetic } from "./lexer.ts";

/** `a op b = c` of numbers alone, somewhere in a text. */
export interface ArithmeticClaim {
  /** UTF-16 range of both sides. */
  readonly start: number;
  readonly end: number;
  readonly left: string;
  readonly right: string;
  /** `approximate`: the right side is a rounded value of the left one, or may be. Never called false. */
  readonly verdict: "true" | "approximate" | "false";
  /** What the left side is, for the message: `2024`, `7/3`. */
  readonly value: string;
}

const expressionKinds: ReadonlySet<ArithmeticToken["kind"]> = new Set([
  "number",
  "operator",
  "open",
  "close",
  "fraction",
  "root",
  "binomial",
  "percent",
  "degree",
]);

/** After these a number is not the beginning of what is equal. */
const operatingWords =
  /^(mod|modulo|log|ln|lg|sin|cos|tan|sec|csc|cot|exp|gcd|lcm|max|min|choose|base|of|root|by|times|plus|minus|over|and|or|per|step|case|part|problem|example|day|week|year|question|option|number|than|to|from|times|divided|multiplied|remainder|factorial|sum|product)$/i;
/** Before these the number on the right is not all of it. */
const scalingWords =
  /^(mod|modulo|thousand|million|billion|trillion|hundred|hundreds|dozen|dozens|remainder|rem|with|percent|percentage|times|plus|minus|over|divided|multiplied|choose|cubed|squared|factorial|more|less|base|if|when|for)$/i;
/** Lines in which numbers or "=" mean something else: congruences, other bases. */
const otherArithmetic = /\\[bp]?mod|\bmod(ulo)?\b|\\equiv|≡|\bbase\b|_\{?\d|\bbinary\b|\boctal\b|\bhex/i;
const roundedLine = /≈|\\approx|\babout\b|\bapprox|\bround|\bnearly\b|\broughly\b|\bestimat/i;

/**
 * Every claim of arithmetic in a text whose two sides are numbers alone (sums, products, powers, fractions, roots that
 * come out even, percents, in words of LaTeX or plain), judged exactly. What may be meant otherwise is left out: variables,
 * units between numbers, congruences, other bases, mixed numbers, several readings. Chains are judged link by link.
 */
export function arithmeticClaims(text: string): readonly ArithmeticClaim[] {
  const tokens = lexArithmetic(text);
  const claims: ArithmeticClaim[] = [];
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== "equals") continue;
    const [left, right] = [leftSide(tokens, i), rightSide(tokens, i)];
    if (left === null || right === null) continue;
    const line = lineAround(text, token.start);
    if (otherArithmetic.test(line)) continue;
    const claim = judged({ left, right, line, text });
    if (claim !== null) claims.push(claim);
  }
  return claims;
}

/** Only those that are wrong. */
export const falseClaims = (text: string): readonly ArithmeticClaim[] =>
  arithmeticClaims(text).filter((claim) => claim.verdict === "false");

const longestLine = 2000;

function lineAround(text: string, at: number): string {
  const start = Math.max(text.lastIndexOf("\n", at - 1) + 1, at - longestLine);
  const end = text.indexOf("\n", at);
  return text.slice(start, Math.min(end === -1 ? text.length : end, at + longestLine));
}

const longestSide = 120;

/** The tokens of the expression that ends before `=`; `null` where it is not certain to begin there. */
function leftSide(tokens: readonly ArithmeticToken[], equals: number): readonly ArithmeticToken[] | null {
  let end = equals;
  // A line of its own begins with "=".
  if (tokens[end - 1]?.kind === "line") end -= 1;
  let start = end;
  for (let depth = 0; start > 0 && end - start < longestSide; start -= 1) {
    const token = tokens[start - 1] as ArithmeticToken;
    if (!belongs(tokens, start - 1)) break;
    if (token.kind === "close") depth += 1;
    if (token.kind === "open" && (depth -= 1) < 0) break;
  }
  const side = tokens.slice(start, end);
  const [first, before] = [side[0], tokens[start - 1]];
  if (first === undefined || end - start >= longestSide) return null;
  return beginsAt(first, before, tokens[start - 2]) ? side : null;
}

function belongs(tokens: readonly ArithmeticToken[], i: number): boolean {
  const token = tokens[i] as ArithmeticToken;
  if (token.kind !== "dollar") return expressionKinds.has(token.kind);
  // 5 + $3: the sign of money.
  return (
    tokens[i + 1]?.kind === "number" && !tokens[i + 1]?.spaceBefore && tokens[i - 1]?.kind === "operator"
  );
}

function beginsAt(
  first: ArithmeticToken,
  before: ArithmeticToken | undefined,
  earlier: ArithmeticToken | undefined,
): boolean {
  if (first.kind === "close" || first.kind === "percent" || first.kind === "degree") return false;
  if (first.kind === "operator" && !/^[−-]$/.test(first.text)) return false;
  if (before === undefined || before.kind === "line" || before.kind === "equals") return true;
  if (before.kind === "block") return false;
  if (before.kind === "word") {
    if (first.kind === "operator" || !first.spaceBefore || operatingWords.test(before.text)) return false;
    // (2 + 3) after a name is an argument.
    return first.kind !== "open" || before.text.length > 1;
  }
  if (before.kind === "open") return !isArgument(earlier);
  // 3:4 = 6:8, 12.5.3 = ...
  return before.kind !== "break" || first.spaceBefore || !/^[:.,']$/.test(before.text);
}

/** A bracket after these holds part of something else. */
const isArgument = (before: ArithmeticToken | undefined): boolean =>
  before !== undefined &&
  (before.kind === "operator" ||
    before.kind === "block" ||
    before.kind === "fraction" ||
    before.kind === "root" ||
    before.kind === "close" ||
    before.kind === "number");

/** The tokens of the expression that begins after `=`; `null` where it is not certain to end there. */
function rightSide(tokens: readonly ArithmeticToken[], equals: number): readonly ArithmeticToken[] | null {
  let end = equals + 1;
  const opened: number[] = [];
  for (; end < tokens.length && end - equals < longestSide; end += 1) {
    const token = tokens[end] as ArithmeticToken;
    const money =
      token.kind === "dollar" && tokens[end + 1]?.kind === "number" && !tokens[end + 1]?.spaceBefore;
    const inside = money && (end === equals + 1 || tokens[end - 1]?.kind === "operator");
    if (!inside && !expressionKinds.has(token.kind)) break;
    if (token.kind === "open") opened.push(end);
    if (token.kind === "close" && opened.pop() === undefined) break;
  }
  if (end - equals >= longestSide) return null;
  // "= 41 (since ...": the bracket is a remark.
  const remark = opened[0];
  if (remark !== undefined && tokens[remark]?.spaceBefore && tokens[remark + 1]?.kind === "word")
    end = remark;
  const [last, after] = [tokens[end - 1] as ArithmeticToken, tokens[end]];
  const isDash = last.kind === "operator" && /^[−–-]$/.test(last.text) && last.spaceBefore;
  if (isDash && after?.kind === "word" && after.spaceBefore) end -= 1;
  const side = tokens.slice(equals + 1, end);
  if (side.length === 0) return null;
  return endsAt(after, tokens[end + 1]) ? side : null;
}

function endsAt(after: ArithmeticToken | undefined, later: ArithmeticToken | undefined): boolean {
  if (after === undefined) return true;
  if (after.kind === "block" || after.kind === "operator") return false;
  if (after.kind === "word") {
    const plain = after.text.replace(/^\\\w+\{|\}$/g, "").trim();
    return !scalingWords.test(plain.split(/\s+/)[0] ?? "") && !/^(R|r|k|K|M)$/.test(plain);
  }
  if (after.kind === "break" && /^[.,:']$/.test(after.text)) {
    return later?.kind !== "number" || later.spaceBefore;
  }
  return true;
}

interface Sides {
  readonly left: readonly ArithmeticToken[];
  readonly right: readonly ArithmeticToken[];
  readonly line: string;
  readonly text: string;
}

function judged({ left, right, line, text }: Sides): ArithmeticClaim | null {
  const [a, b] = [evaluate(left), evaluate(right)];
  if (a === null || b === null || a.operations + b.operations === 0) return null;
  if (isOfAWhole(a, b) || isOfAWhole(b, a)) return null;
  const start = left[0]?.start ?? 0;
  const [leftEnd, rightStart] = [left.at(-1)?.end ?? start, right[0]?.start ?? start];
  const end = right.at(-1)?.end ?? rightStart;
  return {
    start,
    end,
    left: text.slice(start, leftEnd),
    right: text.slice(rightStart, end),
    verdict: verdictOf(a, b, line),
    value: spelled(a.value),
  };
}

/** "48 = 100% + 20%" is a sum of shares of something. */
const isOfAWhole = (number: Evaluated, shares: Evaluated): boolean =>
  !number.hasPercent && number.operations === 0 && shares.percents > 1;

function verdictOf(a: Evaluated, b: Evaluated, line: string): ArithmeticClaim["verdict"] {
  if (sameRational(a.value, b.value)) return "true";
  try {
    // 3/4 * 100 = 75 %, 0.15 = 15.
    if (a.hasPercent !== b.hasPercent) {
      const [low, high] = [divide(a.value, integer(100)), multiply(a.value, integer(100))];
      if (sameRational(low, b.value) || sameRational(high, b.value)) return "true";
      if (isRounded(low, b) || isRounded(high, b)) return "approximate";
    }
    if (isRounded(a.value, b) || isRounded(b.value, a)) return "approximate";
    const inexact = roundedLine.test(line) || usesRounded(a) || usesRounded(b);
    return inexact && isNear(a.value, b.value) ? "approximate" : "false";
  } catch (error) {
    if (error instanceof Undecided) return "approximate";
    throw error;
  }
}

/** Is `written`, a number alone, what is left of the value after rounding or cutting to its digits? */
function isRounded(value: Rational, written: Evaluated): boolean {
  if (written.operations > 0) return false;
  const percentDigits = written.hasPercent ? 2 : 0;
  const unit = rational(1n, 10n ** BigInt(written.decimals + percentDigits));
  const off = absolute(subtract(value, written.value));
  if (compareRational(off, unit) >= 0) return false;
  // A whole number for a whole number is no rounding.
  return written.decimals > 0 || !isInteger(percentDigits > 0 ? multiply(value, integer(100)) : value);
}

/** Numbers with three digits or more behind the point, and those known as rounded. */
const usesRounded = (side: Evaluated): boolean =>
  side.decimals >= 3 ||
  side.numbers.some((text) => /^(3\.14|2\.72|1\.41|1\.73|0\.33|0\.67|\d*\.\d*(33|66|67))$/.test(text));

/** Within half a percent. */
const isNear = (a: Rational, b: Rational): boolean =>
  compareRational(absolute(subtract(a, b)), multiply(absolute(a), rational(1n, 200n))) <= 0;

function spelled(value: Rational): string {
  if (isInteger(value)) return value.n.toString();
  let [digits, d] = [0, value.d];
  for (; d % 10n === 0n; d /= 10n) digits += 1;
  let [twos, fives] = [0, 0];
  for (; d % 2n === 0n; d /= 2n) twos += 1;
  for (; d % 5n === 0n; d /= 5n) fives += 1;
  digits += Math.max(twos, fives);
  if (d !== 1n || digits > 6) return `${value.n}/${value.d}`;
  const scaled = floor(absolute(multiply(value, rational(10n ** BigInt(digits)))))
    .toString()
    .padStart(digits + 1, "0");
  return `${value.n < 0n ? "-" : ""}${scaled.slice(0, -digits)}.${scaled.slice(-digits)}`;
}

// Exact rational numbers, and reading them from normalised answers.

/** num / den with den > 0, not always reduced. `decimal`: it was written with a decimal point. */
export interface Rational {
  readonly num: bigint;
  readonly den: bigint;
  readonly decimal: boolean;
}

/** Longer numbers are not read: 1,200 digits are about 4,000 bits. */
const maxDigits = 1200;
const maxExponent = 1000;

/**
 * Integer, decimal, `a/b`, `\frac{a}{b}`, mixed number, percent, scientific notation, thousands separators and leading
 * zeros. `null` for anything else.
 * @param text an answer after `normaliseAnswer`
 */
export function parseRational(text: string): Rational | null {
  if (text.length > maxDigits) return null;
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  const body = stripParentheses(text.slice(sign.length));
  const value = percent(body);
  return value !== null && sign === "-" ? { ...value, num: -value.num } : value;
}

/**
 * Equal as exact numbers; where one side is a decimal, equal to six decimals (1/3 = 0.333333, not 0.3333), which never
 * makes a number equal to zero or to one of another size. The convention of Math-Verify.
 */
export function sameRational(a: Rational, b: Rational): boolean {
  const left = a.num * b.den;
  const right = b.num * a.den;
  if (left === right) return true;
  if (!a.decimal && !b.decimal) return false;
  if (a.num === 0n || b.num === 0n) return false;
  const difference = abs(left - right);
  // |a - b| <= 5e-7, and at most a thousandth of the larger one
  const close = difference * 2_000_000n <= a.den * b.den;
  return close && difference * 1000n <= max(abs(left), abs(right));
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

function stripParentheses(text: string): string {
  return /^\([^()]*\)$/.test(text) ? text.slice(1, -1) : text;
}

function percent(text: string): Rational | null {
  const match = /^(.*?)\\?%$/.exec(text);
  if (match === null) return quotient(text);
  const value = quotient(match[1]!);
  return value === null ? null : { ...value, den: value.den * 100n };
}

function quotient(text: string): Rational | null {
  const fraction = /^(\d*)\\frac\{([^{}]*)\}\{([^{}]*)\}$/.exec(text);
  if (fraction !== null) return mixed(fraction[1]!, fraction[2]!, fraction[3]!);
  const mixedNumber = /^(\d+)_(\d+)\/(\d+)$/.exec(text);
  if (mixedNumber !== null) return mixed(mixedNumber[1]!, mixedNumber[2]!, mixedNumber[3]!);
  const slash = text.indexOf("/");
  if (slash === -1) return scientific(text);
  return mixed("", text.slice(0, slash), text.slice(slash + 1));
}

function mixed(whole: string, above: string, below: string): Rational | null {
  const top = signed(above);
  const bottom = signed(below);
  if (top === null || bottom === null || bottom.num === 0n) return null;
  const flip = bottom.num < 0n ? -1n : 1n;
  const num = top.num * bottom.den * flip;
  const den = top.den * bottom.num * flip;
  const add = whole === "" ? 0n : BigInt(whole) * den;
  return { num: num + add, den, decimal: top.decimal || bottom.decimal };
}

function signed(text: string): Rational | null {
  const value = plain(text.replace(/^[+-]/, ""));
  return value !== null && text.startsWith("-") ? { ...value, num: -value.num } : value;
}

function scientific(text: string): Rational | null {
  const match =
    /^([^\\*eE]+)(?:(?:\\times|\\cdot|\*)10\^(?:\{([+-]?\d{1,4})\}|(\d))|[eE]([+-]?\d{1,4}))$/.exec(text);
  if (match === null) return plain(text);
  const mantissa = plain(match[1]!);
  const exponent = Number(match[2] ?? match[3] ?? match[4]);
  if (mantissa === null || Math.abs(exponent) > maxExponent) return null;
  const power = 10n ** BigInt(Math.abs(exponent));
  return exponent >= 0
    ? { ...mantissa, num: mantissa.num * power }
    : { ...mantissa, den: mantissa.den * power };
}

function plain(text: string): Rational | null {
  const match = /^(\d{1,3}(?:,\d{3})+|\d*)(?:(\.)(\d*))?$/.exec(text);
  if (match === null) return null;
  const whole = match[1]!.replaceAll(",", "");
  const part = match[3] ?? "";
  if (whole === "" && part === "") return null;
  return { num: BigInt(whole + part), den: 10n ** BigInt(part.length), decimal: match[2] !== undefined };
}

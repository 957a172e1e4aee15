import { atom, startsOperand } from "./atoms.ts";
import { type Cursor, unreadable } from "./cursor.ts";
import {
  apply,
  call,
  constant,
  type Expression,
  negative,
  number,
  power,
  product,
  quotient,
  sum,
  symbol,
} from "./expression.ts";
import { maxItems, Undecided } from "./limits.ts";
import { groupArgument, subscriptText } from "./groups.ts";
import type { Token } from "./tokens.ts";
import { dropUnits, scaledByWord } from "./units.ts";
import { numberWords } from "./vocabulary.ts";

/** terms joined by + - and the plus-minus signs */
export function readSum(cursor: Cursor): Expression {
  const terms = [signed(cursor)];
  for (;;) {
    const token = cursor.peek();
    if (token?.type !== "mark" || !"+-±∓".includes(token.text)) return sum(...terms);
    terms.push(signed(cursor));
    if (terms.length > maxItems) throw new Undecided("answer too long");
  }
}

function signed(cursor: Cursor): Expression {
  let sign = 1;
  for (let count = 0; cursor.peek()?.type === "mark"; count += 1) {
    if (count > 8) throw unreadable;
    if (cursor.take("-")) sign = -sign;
    else if (cursor.is("±") || cursor.is("∓")) return plusMinus(cursor, sign);
    else if (!cursor.take("+")) break;
  }
  const term = readProduct(cursor);
  return sign < 0 ? negative(term) : term;
}

function plusMinus(cursor: Cursor, sign: number): Expression {
  const upper = cursor.next().text === "±" ? 1 : -1;
  return { kind: "plusMinus", sign: upper * sign > 0 ? 1 : -1, item: readProduct(cursor) };
}

/** factors joined by * / and mod; factors side by side bind tighter than `/`, except after a fraction of two numbers */
function readProduct(cursor: Cursor): Expression {
  let left = readTight(cursor);
  for (let count = 0; ; count += 1) {
    if (count > maxItems) throw new Undecided("answer too long");
    dropUnits(cursor);
    if (cursor.take("*")) left = product(left, signedTight(cursor));
    else if (cursor.is("/")) left = divided(cursor, left);
    else if (cursor.take("bmod", "command")) left = apply("mod", left, modulus(cursor));
    else if (cursor.take("pmod", "command")) left = call("pmod", left, groupArgument(cursor));
    else if (startsOperand(cursor)) left = product(left, readTight(cursor));
    else return left;
  }
}

function modulus(cursor: Cursor): Expression {
  return cursor.is("{") ? groupArgument(cursor) : readTight(cursor);
}

function divided(cursor: Cursor, left: Expression): Expression {
  const plain = cursor.previous?.type === "number" && left.kind === "number";
  cursor.next();
  const below = plain && cursor.peek()?.type === "number" ? readPower(cursor) : signedTight(cursor);
  return quotient(left, below);
}

function signedTight(cursor: Cursor): Expression {
  if (cursor.take("-")) return negative(readTight(cursor));
  if (cursor.is("±") || cursor.is("∓")) return plusMinus(cursor, 1);
  cursor.take("+");
  return readTight(cursor);
}

/** factors side by side, such as `2x\sqrt{3}` */
export function readTight(cursor: Cursor): Expression {
  return cursor.nested(() => {
    const factors = [readPower(cursor)];
    for (;;) {
      dropUnits(cursor);
      if (!startsOperand(cursor) || twoNumbers(cursor))
        return factors.length === 1 ? factors[0]! : product(...factors);
      factors.push(readPower(cursor));
      if (factors.length > maxItems) throw new Undecided("answer too long");
    }
  });
}

function twoNumbers(cursor: Cursor): boolean {
  if (cursor.previous?.type === "number" && cursor.peek()?.type === "number") throw unreadable;
  return false;
}

/** an operand with its exponents, primes, factorials, percent and degree signs */
export function readPower(cursor: Cursor): Expression {
  let base = atom(cursor);
  for (let count = 0; count < 40; count += 1) {
    if (cursor.is("^")) base = raised(cursor, base);
    else if (cursor.is("!")) base = factorial(cursor, base);
    else if (cursor.take("%")) base = { kind: "percent", item: base };
    else if (cursor.take("°")) base = degrees(cursor, base);
    else if (cursor.is("'") && base.kind === "symbol") base = symbol(base.name + cursor.next().text);
    else if (cursor.is("'")) cursor.next();
    else if (cursor.is("_")) base = subscripted(cursor, base);
    else if (cursor.is("base", 0, "word") && base.kind === "number" && cursor.peek(1) !== undefined)
      base = subscripted(cursor, base);
    else if (cursor.peek()?.type === "word") {
      const scaled = scaledByWord(cursor, base);
      if (scaled === null) return base;
      base = scaled;
    } else return base;
  }
  throw unreadable;
}

function factorial(cursor: Cursor, base: Expression): Expression {
  cursor.next();
  return cursor.take("!") ? apply("doubleFactorial", base) : apply("factorial", base);
}

function raised(cursor: Cursor, base: Expression): Expression {
  cursor.next();
  if (cursor.take("°")) return degrees(cursor, base);
  if (cursor.take("*")) return base;
  if (cursor.is("'")) return primed(cursor, base);
  if (cursor.is("{") && (cursor.is("°", 1) || cursor.is("'", 1))) {
    cursor.next();
    const out = cursor.take("°") ? degrees(cursor, base) : primed(cursor, base);
    cursor.close("}");
    return out;
  }
  if (cursor.is("{") && isOrdinal(cursor.peek(1)) && cursor.is("}", 2)) {
    for (let k = 0; k < 3; k += 1) cursor.next();
    return base;
  }
  const exponent = cursor.is("{") ? groupArgument(cursor) : barePower(cursor);
  return power(base, exponent);
}

const isOrdinal = (token: Token | undefined): boolean =>
  token?.type === "word" && /^(?:st|nd|rd|th|o)$/.test(token.text);

/** An angle of 60 degrees is 60, as in the answers of every benchmark; within `\cos` it is pi/3. */
function degrees(cursor: Cursor, base: Expression): Expression {
  return cursor.inAngle ? product(base, constant("pi"), number({ n: 1n, d: 180n })) : base;
}

function primed(cursor: Cursor, base: Expression): Expression {
  let primes = "";
  while (cursor.is("'")) primes += cursor.next().text;
  return base.kind === "symbol" ? symbol(base.name + primes) : base;
}

/** `x^2`, `x^-1`, `2^{10}`, `e^(2x)`, `2^\pi`: one operand after the roof, right to left */
function barePower(cursor: Cursor): Expression {
  return cursor.nested(() => {
    if (cursor.take("-")) return negative(barePower(cursor));
    cursor.take("+");
    const base = atom(cursor);
    return cursor.is("^") ? raised(cursor, base) : base;
  });
}

function subscripted(cursor: Cursor, base: Expression): Expression {
  cursor.next();
  const below = baseName(subscriptText(cursor));
  if (base.kind === "symbol") return symbol(`${base.name}_${below}`);
  if (base.kind === "constant")
    return symbol(`${base.name === "e" || base.name === "i" ? base.name : `#${base.name}`}_${below}`);
  if (base.kind === "number" && /^\d+$/.test(below))
    return { kind: "based", digits: baseDigits(base), base: Number(below) };
  if (base.kind === "call") return call(`${base.name}_${below}`, ...base.items);
  throw unreadable;
}

/** `3` of `120_{\text{three}}`, `120_{(3)}`; any other subscript as it is. */
function baseName(text: string): string {
  const bare = text.replace(/^(?:base\s*)?\(?(\w+)\)?$/, "$1");
  return Object.hasOwn(numberWords, bare) ? `${numberWords[bare]}` : bare;
}

function baseDigits(base: Extract<Expression, { kind: "number" }>): string {
  if (base.value.d !== 1n) throw unreadable;
  return `${base.value.n}`;
}

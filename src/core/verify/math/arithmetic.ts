import { atom, startsOperand } from "./atoms.ts";
import { type Cursor, Unreadable } from "./cursor.ts";
import {
  apply,
  call,
  type Expression,
  negative,
  power,
  product,
  quotient,
  sum,
  symbol,
} from "./expression.ts";
import { maxItems, Undecided } from "./limits.ts";
import { groupArgument, subscriptText } from "./groups.ts";
import { dropUnits, scaledByWord } from "./units.ts";

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
    if (count > 8) throw new Unreadable("signs");
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
  if (cursor.previous?.type === "number" && cursor.peek()?.type === "number")
    throw new Unreadable("two numbers");
  return false;
}

/** an operand with its exponents, primes, factorials, percent and degree signs */
export function readPower(cursor: Cursor): Expression {
  let base = atom(cursor);
  for (let count = 0; count < 40; count += 1) {
    if (cursor.is("^")) base = raised(cursor, base);
    else if (cursor.is("!")) base = factorial(cursor, base);
    else if (cursor.take("%")) base = { kind: "percent", item: base };
    else if (cursor.take("°")) continue;
    else if (cursor.is("'") && base.kind === "symbol") base = symbol(base.name + cursor.next().text);
    else if (cursor.is("'")) cursor.next();
    else if (cursor.is("_")) base = subscripted(cursor, base);
    else if (cursor.peek()?.type === "word") {
      const scaled = scaledByWord(cursor, base);
      if (scaled === null) return base;
      base = scaled;
    } else return base;
  }
  throw new Unreadable("too many marks");
}

function factorial(cursor: Cursor, base: Expression): Expression {
  cursor.next();
  return cursor.take("!") ? apply("doubleFactorial", base) : apply("factorial", base);
}

function raised(cursor: Cursor, base: Expression): Expression {
  cursor.next();
  if (cursor.take("°") || cursor.take("*")) return base;
  if (cursor.is("'")) return primed(cursor, base);
  if (cursor.is("{") && (cursor.is("°", 1) || cursor.is("'", 1))) {
    cursor.next();
    const degrees = cursor.take("°");
    const out = degrees ? base : primed(cursor, base);
    cursor.close("}");
    return out;
  }
  const exponent = cursor.is("{") ? groupArgument(cursor) : barePower(cursor);
  return power(base, exponent);
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
  const below = subscriptText(cursor);
  if (base.kind === "symbol") return symbol(`${base.name}_${below}`);
  if (base.kind === "constant")
    return symbol(`${base.name === "e" || base.name === "i" ? base.name : `#${base.name}`}_${below}`);
  if (base.kind === "number" && /^\d+$/.test(below))
    return { kind: "based", digits: baseDigits(base), base: Number(below) };
  if (base.kind === "call") return call(`${base.name}_${below}`, ...base.items);
  throw new Unreadable("subscript");
}

function baseDigits(base: Extract<Expression, { kind: "number" }>): string {
  if (base.value.d !== 1n) throw new Unreadable("base of a fraction");
  return `${base.value.n}`;
}

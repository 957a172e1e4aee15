import {
  add,
  divide,
  integer,
  isInteger,
  multiply,
  negate,
  power,
  type Rational,
  rational,
  subtract,
} from "../../verify/math/rational.ts";
import { Undecided } from "../../verify/math/limits.ts";
import type { ArithmeticToken } from "./lexer.ts";

/** The value of an expression of numbers alone. */
export interface Evaluated {
  readonly value: Rational;
  /** Operators, roots and the like in it: 0 for a number that stands alone. */
  readonly operations: number;
  /** Digits behind the point of the only number, or the most of any. */
  readonly decimals: number;
  readonly hasPercent: boolean;
  /** How many percent signs. */
  readonly percents: number;
  readonly hasDivision: boolean;
  /** The numbers as written, without separators. */
  readonly numbers: readonly string[];
}

/** `null` for what is no whole expression, is not rational, or could be read in two ways (mixed numbers, `6/2(3)`, `2^3^2`). */
export function evaluate(tokens: readonly ArithmeticToken[]): Evaluated | null {
  const reader = new ExpressionReader(
    tokens.filter((token) => token.kind !== "dollar" && token.kind !== "degree"),
  );
  try {
    return reader.whole();
  } catch (error) {
    if (error instanceof Unreadable || error instanceof Undecided) return null;
    throw error;
  }
}

class Unreadable extends Error {}
const stop = (): never => {
  throw new Unreadable();
};

const mostDepth = 40;
const mostBinomial = 1000n;
const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

class ExpressionReader {
  private readonly tokens: readonly ArithmeticToken[];
  private at = 0;
  private depth = 0;
  private operations = 0;
  private decimals = 0;
  private percents = 0;
  private hasDivision = false;
  private readonly numbers: string[] = [];

  constructor(tokens: readonly ArithmeticToken[]) {
    this.tokens = tokens;
  }

  whole(): Evaluated {
    const value = this.sum();
    if (this.at !== this.tokens.length) stop();
    const { operations, decimals, percents, hasDivision, numbers } = this;
    return { value, operations, decimals, percents, hasPercent: percents > 0, hasDivision, numbers };
  }

  private get next(): ArithmeticToken | undefined {
    return this.tokens[this.at];
  }

  private takeOperator(...names: readonly string[]): string | null {
    const token = this.next;
    if (token?.kind !== "operator") return null;
    const name = operatorOf(token.text);
    if (!names.includes(name)) return null;
    this.at += 1;
    return name;
  }

  private sum(): Rational {
    this.depth += 1;
    if (this.depth > mostDepth) stop();
    let value = this.product();
    for (;;) {
      const operator = this.takeOperator("+", "-");
      if (operator === null) break;
      this.operations += 1;
      const term = this.product();
      value = operator === "+" ? add(value, term) : subtract(value, term);
    }
    this.depth -= 1;
    return value;
  }

  private product(): Rational {
    let value = this.signed();
    let divided = false;
    for (;;) {
      const operator = this.takeOperator("*", "/");
      if (operator === null && !this.multipliesNext()) return value;
      // 6/2(3) is read both ways.
      if (operator === null && divided) stop();
      this.operations += 1;
      const factor = this.signed();
      if (operator === "/") this.hasDivision = divided = true;
      value = operator === "/" ? divide(value, factor) : multiply(value, factor);
    }
  }

  /** (2)(3), 2(3), 2\sqrt{4}; but not 3\frac{1}{2}, which is a mixed number to most. */
  private multipliesNext(): boolean {
    const [before, next] = [this.tokens[this.at - 1], this.next];
    if (next === undefined) return false;
    if (next.kind === "open") return before?.kind === "close" || before?.kind === "number" || stop();
    if (next.kind === "root" || next.kind === "binomial") return true;
    return next.kind === "close" || next.kind === "operator" ? false : stop();
  }

  private signed(): Rational {
    if (this.takeOperator("-") !== null) return negate(this.signed());
    return this.powered();
  }

  private powered(): Rational {
    const base = this.atom();
    const operator = this.next;
    if (operator?.kind !== "operator" || operatorOf(operator.text) !== "^") return this.percented(base);
    this.at += 1;
    this.operations += 1;
    const exponent =
      operator.text === "²" ? integer(2) : operator.text === "³" ? integer(3) : this.exponent();
    if (!isInteger(exponent)) stop();
    if (this.next?.kind === "operator" && operatorOf(this.next.text) === "^") stop();
    return this.percented(power(base, exponent.n));
  }

  private exponent(): Rational {
    if (this.takeOperator("-") !== null) return negate(this.atom());
    return this.atom();
  }

  private percented(value: Rational): Rational {
    if (this.next?.kind !== "percent") return value;
    this.at += 1;
    this.percents += 1;
    return divide(value, integer(100));
  }

  private atom(): Rational {
    const token = this.next ?? stop();
    this.at += 1;
    if (token.kind === "number") return this.number(token.text);
    if (token.kind === "open") return this.inside(token.text);
    if (token.kind === "fraction") {
      this.operations += 1;
      this.hasDivision = true;
      return divide(this.group(), this.group());
    }
    if (token.kind === "root") {
      this.operations += 1;
      return exactRoot(this.group());
    }
    if (token.kind === "binomial") {
      this.operations += 1;
      return choose(this.group(), this.group());
    }
    return stop();
  }

  private group(): Rational {
    if (this.next?.text !== "{") stop();
    this.at += 1;
    return this.inside("{");
  }

  private inside(bracket: string): Rational {
    const value = this.sum();
    if (this.next?.text !== closing[bracket]) stop();
    this.at += 1;
    return value;
  }

  private number(text: string): Rational {
    const plain = text.replace(/[^\d.]/g, "");
    const [whole = "", part = ""] = plain.split(".");
    if (plain.length > 60) stop();
    this.numbers.push(plain);
    this.decimals = Math.max(this.decimals, part.length);
    return rational(BigInt(`${whole}${part}`), 10n ** BigInt(part.length));
  }
}

function operatorOf(text: string): string {
  if (/^(\\(cdot|times|ast)|[*×·⋅∗])$/.test(text)) return "*";
  if (/^(\\div|[/÷])$/.test(text)) return "/";
  if (/^[−–-]$/.test(text)) return "-";
  return /^[²³]$/.test(text) ? "^" : text;
}

function exactRoot(value: Rational): Rational {
  const [n, d] = [squareRoot(value.n), squareRoot(value.d)];
  return n === null || d === null ? stop() : rational(n, d);
}

function squareRoot(n: bigint): bigint | null {
  if (n < 0n) return null;
  if (n < 2n) return n;
  let x = BigInt(Math.floor(Math.sqrt(Number(n))));
  for (let i = 0; i < 200; i += 1) {
    const better = (x + n / x) >> 1n;
    if (better === x || better === x + 1n || better === x - 1n) {
      for (const root of [better, x, better + 1n]) if (root * root === n) return root;
      return null;
    }
    x = better;
  }
  return null;
}

function choose(n: Rational, k: Rational): Rational {
  if (!isInteger(n) || !isInteger(k) || n.n < 0n || k.n < 0n || n.n > mostBinomial) return stop();
  if (k.n > n.n) return integer(0);
  let value = 1n;
  for (let i = 1n; i <= k.n; i += 1n) value = (value * (n.n - k.n + i)) / i;
  return rational(value);
}

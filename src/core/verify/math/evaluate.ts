import { canonical } from "./canonical.ts";
import {
  absComplex, type Complex, expComplex, isZeroComplex, lnComplex, minus, ofRational, over, plus, powerComplex, real, times,
} from "./complex.ts"; // prettier-ignore
import { exactValue } from "./exact.ts";
import { elementary } from "./elementary.ts";
import { type Expression, number, type Of } from "./expression.ts";
import { expFixed, type Fixed } from "./fixed.ts";
import { hash32 } from "./hash.ts";
import { ifDecided, type StepBudget, Undecided } from "./limits.ts";
import type { Rational } from "./rational.ts";

/** Where an expression is evaluated: a precision, a value for each name, and how much work is left. */
export interface Place {
  readonly field: Fixed;
  readonly valueOf: (name: string) => Rational;
  readonly budget: StepBudget;
}

/** The value of an expression in fixed point. Throws `Undecided` where it has none. */
export function evaluate(node: Expression, place: Place): Complex {
  const { field, budget } = place;
  budget.spend(field.bits > 512n ? 120 : 8);
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- all other kinds are one case
  switch (node.kind) {
    case "number":
      return ofRational(field, node.value);
    case "constant":
      return constantValue(node.name, field);
    case "symbol":
      return ofRational(field, place.valueOf(node.name));
    case "percent":
      return over(field, evaluate(node.item, place), real(100n * field.one));
    case "sum":
      return node.items.map((item) => evaluate(item, place)).reduce(plus);
    case "product":
      return productValue(node.items, place);
    case "power":
      return powerValue(node, place);
    case "call":
      return ofRational(field, place.valueOf(callName(node, place)));
    case "function":
      return functionValue(node, place);
    default:
      throw new Undecided("no value");
  }
}

function constantValue(name: Of<"constant">["name"], field: Fixed): Complex {
  if (name === "pi") return real(field.pi);
  if (name === "e") return real(expFixed(field, field.one));
  if (name === "i") return { re: 0n, im: field.one };
  throw new Undecided("infinity has no value");
}

function productValue(items: readonly Expression[], place: Place): Complex {
  const values = items.map((item) => evaluate(item, place));
  const result = values.reduce((a, b) => times(place.field, a, b));
  if (isZeroComplex(result) && !values.some(isZeroComplex)) throw new Undecided("number too small");
  return result;
}

function powerValue(node: Of<"power">, place: Place): Complex {
  const exponent = evaluate(node.exponent, place);
  if (node.base.kind === "constant" && node.base.name === "e") return expComplex(place.field, exponent);
  return powerComplex(place.field, evaluate(node.base, place), exponent);
}

/** f at equal arguments is equal: the arguments' leading 80 bits name the value. */
function callName(node: Of<"call">, place: Place): string {
  const drop = place.field.bits - 81n;
  const rounded = (part: bigint): bigint => ((part >> drop) + 1n) >> 1n;
  const keys = node.items.map((item) => {
    const value = ifDecided(() => evaluate(item, place));
    return value === null ? canonical(item) : `${rounded(value.re)},${rounded(value.im)}`;
  });
  return `${node.name}(${keys.join(";")})`;
}

function functionValue(node: Of<"function">, place: Place): Complex {
  const { field } = place;
  const exact = exactValue(node, place.budget);
  if (exact !== null) return ofRational(field, exact);
  const values = node.items.map((item) => evaluate(item, place));
  const counted = ofIntegers(node.name, values, place);
  if (counted !== null) return counted;
  const [first, second] = values;
  if (first === undefined) throw new Undecided("function of nothing");
  if (node.name === "log") return over(field, lnComplex(field, second!), lnComplex(field, first));
  if (node.name === "root") return rootValue(field, first, second!);
  if (node.name === "abs" || node.name === "norm") return real(absComplex(field, first));
  if (node.name === "floor" && first.im === 0n) return real((first.re >> field.bits) << field.bits);
  if (node.name === "ceil" && first.im === 0n) return real(-((-first.re >> field.bits) << field.bits));
  if (node.name === "max" || node.name === "min") return extreme(node.name, values);
  return elementary(node.name, first, field);
}

/** Factorials, binomials and their like at whole numbers. */
function ofIntegers(name: string, values: readonly Complex[], { field, budget }: Place): Complex | null {
  const whole = values.every(({ re, im }) => im === 0n && re % field.one === 0n);
  if (!whole || !["factorial", "doubleFactorial", "binomial", "mod", "gcd", "lcm"].includes(name))
    return null;
  const items = values.map(({ re }) => number({ n: re / field.one, d: 1n }));
  const exact = exactValue({ kind: "function", name, items }, budget);
  return exact === null ? null : ofRational(field, exact);
}

/** Odd roots of negative numbers are real, as in school. */
function rootValue(field: Fixed, degree: Complex, x: Complex): Complex {
  const k = degree.im === 0n && degree.re % field.one === 0n ? degree.re / field.one : 0n;
  const inverse = over(field, real(field.one), degree);
  if (isZeroComplex(x)) return x;
  if (k % 2n === 1n && x.im === 0n && x.re < 0n)
    return minus(real(0n), powerComplex(field, minus(real(0n), x), inverse));
  return powerComplex(field, x, inverse);
}

function extreme(name: "max" | "min", values: readonly Complex[]): Complex {
  if (values.some(({ im }) => im !== 0n)) throw new Undecided("no order among complex numbers");
  return values.reduce((a, b) => ((name === "max" ? a.re >= b.re : a.re <= b.re) ? a : b));
}

/** What a name stands for at a point: a fraction of a few digits, its sign and size chosen by the point. */
export function pointValue(name: string, index: number, style: "real" | "integer"): Rational {
  const h = hash32(`${index}:${name}`);
  if (style === "integer") return { n: BigInt(2 + (h % 7)), d: 1n };
  const size = index >= 4 ? 0.05 + (h % 4096) / 20_000 : 0.3 + (h % 4096) / 1700;
  const negative = index === 1 || (index > 1 && ((h >>> 13) & 1) === 1);
  const n = BigInt(Math.round(size * 2 ** 20));
  return { n: negative ? -n : n, d: 1n << 20n };
}

import type { Expression, Of } from "./expression.ts";
import { maxFactorial, type StepBudget, Undecided } from "./limits.ts";
import {
  absolute, add, compareRational, exactRoot, floor, greatestCommonDivisor, integer, isInteger, isZero, multiply, divide,
  one, power, type Rational, rational, subtract, zero,
} from "./rational.ts"; // prettier-ignore

/** The value as an exact fraction, or `null` where it has none (variables, pi, most roots). Throws `Undecided` at a limit. */
export function exactValue(node: Expression, budget: StepBudget): Rational | null {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- all other kinds are one case
  switch (node.kind) {
    case "number":
      return node.value;
    case "percent": {
      const value = exactValue(node.item, budget);
      return value === null ? null : divide(value, integer(100));
    }
    case "sum":
      return fold(node.items, { start: zero, join: add, budget });
    case "product":
      return fold(node.items, { start: one, join: multiply, budget });
    case "power":
      return powerValue(node, budget);
    case "function":
      return functionValue(node, budget);
    case "based":
      return basedValue(node.digits, node.base);
    default:
      return null;
  }
}

interface Fold {
  readonly start: Rational;
  readonly join: (a: Rational, b: Rational) => Rational;
  readonly budget: StepBudget;
}

function fold(items: readonly Expression[], { start, join, budget }: Fold): Rational | null {
  let total = start;
  for (const item of items) {
    const value = exactValue(item, budget);
    if (value === null) return null;
    budget.spend(costOf(total) + costOf(value));
    total = join(total, value);
  }
  return total;
}

/** Reducing a fraction takes time with the square of its length. */
const costOf = ({ n, d }: Rational): number =>
  Math.ceil((n.toString(16).length + d.toString(16).length) / 24) ** 2;

function powerValue(node: Of<"power">, budget: StepBudget): Rational | null {
  const base = exactValue(node.base, budget);
  const exponent = base === null ? null : exactValue(node.exponent, budget);
  if (base === null || exponent === null) return null;
  budget.spend(costOf(base) + costOf(exponent));
  if (isInteger(exponent)) return power(base, exponent.n);
  if (base.n < 0n || exponent.d > 64n) return null;
  const root = exactRoot(base, Number(exponent.d));
  return root === null ? null : power(root, exponent.n);
}

/** Digits of a number written to a base up to 36. Throws `Undecided` for a digit the base does not have. */
function basedValue(digits: string, base: number): Rational {
  if (base < 2 || base > 36) throw new Undecided("base out of range");
  let total = 0n;
  for (const digit of digits.replace("-", "")) {
    const value = Number.parseInt(digit, 36);
    if (!(value < base)) throw new Undecided("digit not of the base");
    total = total * BigInt(base) + BigInt(value);
  }
  return rational(digits.startsWith("-") ? -total : total);
}

type Known = (...values: readonly Rational[]) => Rational | null;

const known: Readonly<Record<string, Known>> = {
  abs: (x) => absolute(x),
  floor: (x) => rational(floor(x)),
  ceil: (x) => rational(-floor({ n: -x.n, d: x.d })),
  sign: (x) => rational(x.n > 0n ? 1n : x.n < 0n ? -1n : 0n),
  factorial: (x) => factorial(x, 1n),
  doubleFactorial: (x) => factorial(x, 2n),
  binomial: (n, k) => binomial(n, k),
  root: (degree, x) => (isInteger(degree) && degree.n > 0n && degree.n <= 64n ? exactRoot(x, Number(degree.n)) : null),
  mod: (a, m) => (isZero(m) ? null : subtract(a, multiply(m, rational(floor(divide(a, m)))))),
  max: (...values) => values.reduce((a, b) => (compareRational(a, b) >= 0 ? a : b)),
  min: (...values) => values.reduce((a, b) => (compareRational(a, b) <= 0 ? a : b)),
  gcd: (...values) => (values.every(isInteger) ? rational(values.reduce((a, b) => greatestCommonDivisor(a, b.n), 0n)) : null),
  lcm: (...values) => (values.every((v) => isInteger(v) && v.n !== 0n) ? rational(values.reduce((a, b) => (a / greatestCommonDivisor(a, b.n)) * b.n, 1n)) : null),
}; // prettier-ignore

function functionValue({ name, items }: Of<"function">, budget: StepBudget): Rational | null {
  const rule = Object.hasOwn(known, name) ? known[name] : undefined;
  if (rule === undefined || items.length === 0) return null;
  const values: Rational[] = [];
  for (const item of items) {
    const value = exactValue(item, budget);
    if (value === null) return null;
    budget.spend(costOf(value));
    values.push(value);
  }
  return rule(...values);
}

function factorial(x: Rational, step: bigint): Rational {
  if (!isInteger(x) || x.n < 0n) throw new Undecided("factorial of no natural number");
  if (x.n > BigInt(maxFactorial)) throw new Undecided("factorial too large");
  let total = 1n;
  for (let k = x.n; k > 1n; k -= step) total *= k;
  return rational(total);
}

function binomial(n: Rational, k: Rational): Rational | null {
  if (!isInteger(n) || !isInteger(k) || n.n < 0n) return null;
  if (k.n < 0n || k.n > n.n) return zero;
  const short = k.n > n.n - k.n ? n.n - k.n : k.n;
  if (short > BigInt(maxFactorial) || n.n > 10n ** 12n) throw new Undecided("binomial too large");
  let total = 1n;
  for (let j = 1n; j <= short; j += 1n) total = (total * (n.n - short + j)) / j;
  return rational(total);
}

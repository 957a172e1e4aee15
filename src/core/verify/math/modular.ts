import { canonical } from "./canonical.ts";
import { exactValue } from "./exact.ts";
import type { Expression, Of } from "./expression.ts";
import { hash64 } from "./hash.ts";
import { maxExponent, type StepBudget, Undecided } from "./limits.ts";
import type { Rational } from "./rational.ts";

/** Primes of 63 and 64 bits that are 1 modulo 4, so that -1 has a square root: 2^64 - 59 and 2^63 - 259. */
const primes = [18446744073709551557n, 9223372036854775549n] as const;

function powerMod(base: bigint, exponent: bigint, p: bigint): bigint {
  let [result, square, left] = [1n, base % p, exponent];
  for (; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = (result * square) % p;
    square = (square * square) % p;
  }
  return result;
}

const inverse = (x: bigint, p: bigint): bigint | undefined => (x === 0n ? undefined : powerMod(x, p - 2n, p));

function rootOfMinusOne(p: bigint): bigint {
  for (let g = 2n; ; g += 1n) {
    const root = powerMod(g, (p - 1n) / 4n, p);
    if ((root * root) % p === p - 1n) return root;
  }
}

const imaginary = primes.map(rootOfMinusOne);

interface Point {
  readonly p: bigint;
  readonly i: bigint;
  readonly index: number;
  readonly budget: StepBudget;
}

/** Not a rational function of its symbols. */
const irrational = null;
/** A pole: this point says nothing. */
const pole = undefined;
type Residue = bigint | null | undefined;

/**
 * Equality of two rational functions with exact coefficients, at random points modulo two primes (Schwartz, Zippel):
 * differing functions of degree d agree by chance with probability about d / 2^63 a point. pi and e stand for themselves.
 * `null` where one of them is no rational function.
 */
export function sameRationalFunction(a: Expression, b: Expression, budget: StepBudget): boolean | null {
  let agreed = 0;
  for (let index = 0; index < 6 && agreed < 3; index += 1) {
    const at = index % 2;
    const point: Point = { p: primes[at]!, i: imaginary[at]!, index, budget };
    const left = residue(a, point);
    const right = left === irrational ? irrational : residue(b, point);
    if (left === irrational || right === irrational) return null;
    if (left === pole || right === pole) {
      if (left !== right) return null;
      continue;
    }
    if (left !== right) return false;
    agreed += 1;
  }
  return agreed >= 2 ? true : null;
}

function residue(node: Expression, point: Point): Residue {
  point.budget.spend();
  const { p } = point;
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- all other kinds are one case
  switch (node.kind) {
    case "number":
      return fraction(node.value, p);
    case "constant":
      return node.name === "i"
        ? point.i
        : node.name === "infinity"
          ? irrational
          : chosen(`#${node.name}`, point);
    case "symbol":
      return chosen(node.name, point);
    case "call":
      return chosen(callKey(node, point), point);
    case "sum":
      return joined(node.items, point, 0n, (x, y) => (x + y) % p);
    case "product":
      return joined(node.items, point, 1n, (x, y) => (x * y) % p);
    case "power":
      return raised(node, point);
    case "percent": {
      const value = residue(node.item, point);
      return typeof value === "bigint" ? (value * inverse(100n, p)!) % p : value;
    }
    default:
      return constantOnly(node, point);
  }
}

const chosen = (name: string, { p, index }: Point): bigint => hash64(`${index}/${name}`) % p;

function fraction(value: Rational, p: bigint): Residue {
  const below = value.d === 1n ? 1n : inverse(value.d % p, p);
  return below === undefined ? pole : ((((value.n % p) + p) % p) * below) % p;
}

/** A function without meaning here: equal values of its arguments give equal values of it. */
function callKey(node: Of<"call">, point: Point): string {
  const keys = node.items.map((item) => {
    const value = residue(item, point);
    return typeof value === "bigint" ? value.toString(36) : canonical(item);
  });
  return `${node.name}(${keys.join(",")})`;
}

function joined(
  items: readonly Expression[],
  point: Point,
  start: bigint,
  join: (x: bigint, y: bigint) => bigint,
): Residue {
  let total = start;
  let atPole = false;
  for (const item of items) {
    const value = residue(item, point);
    if (value === irrational) return irrational;
    if (value === pole) atPole = true;
    else total = join(total, value);
  }
  return atPole ? pole : total;
}

function raised(node: Of<"power">, point: Point): Residue {
  const exponent = exactValue(node.exponent, point.budget);
  if (exponent === null || exponent.d !== 1n) return constantOnly(node, point);
  if (exponent.n > BigInt(maxExponent) || exponent.n < -BigInt(maxExponent))
    throw new Undecided("exponent too large");
  const base = residue(node.base, point);
  if (typeof base !== "bigint") return base;
  if (exponent.n >= 0n) return powerMod(base, exponent.n, point.p);
  const below = inverse(base, point.p);
  return below === undefined ? pole : powerMod(below, -exponent.n, point.p);
}

function constantOnly(node: Expression, point: Point): Residue {
  const value = exactValue(node, point.budget);
  return value === null ? irrational : fraction(value, point.p);
}

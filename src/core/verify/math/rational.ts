import { maxExponent, maxRationalBits, Undecided } from "./limits.ts";

/** An exact fraction in lowest terms; `d` > 0. */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

export const zero: Rational = { n: 0n, d: 1n };
export const one: Rational = { n: 1n, d: 1n };

const bound = 1n << BigInt(maxRationalBits);

export const magnitude = (x: bigint): bigint => (x < 0n ? -x : x);

export function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [magnitude(a), magnitude(b)];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** Throws `Undecided` for a zero denominator and beyond 4096 bits. */
export function rational(n: bigint, d = 1n): Rational {
  if (d === 0n) throw new Undecided("division by zero");
  if (d === 1n) return checked({ n, d });
  const g = greatestCommonDivisor(n, d);
  const sign = d < 0n ? -1n : 1n;
  return checked({ n: (sign * n) / g, d: (sign * d) / g });
}

function checked(value: Rational): Rational {
  if (magnitude(value.n) >= bound || value.d >= bound) throw new Undecided("number too long");
  return value;
}

export const integer = (n: number | bigint): Rational => ({ n: BigInt(n), d: 1n });

/** Knuth, The Art of Computer Programming 4.5.1: divisors are sought among the denominators, of which one is mostly short. */
export function add(a: Rational, b: Rational): Rational {
  const g = greatestCommonDivisor(a.d, b.d);
  const n = a.n * (b.d / g) + b.n * (a.d / g);
  const rest = g === 1n ? 1n : greatestCommonDivisor(n, g);
  return checked({ n: n / rest, d: (a.d / g) * (b.d / rest) });
}

export const subtract = (a: Rational, b: Rational): Rational => rational(a.n * b.d - b.n * a.d, a.d * b.d);
export const multiply = (a: Rational, b: Rational): Rational => rational(a.n * b.n, a.d * b.d);
export const divide = (a: Rational, b: Rational): Rational => rational(a.n * b.d, a.d * b.n);
export const negate = (a: Rational): Rational => ({ n: -a.n, d: a.d });
export const absolute = (a: Rational): Rational => ({ n: magnitude(a.n), d: a.d });
export const isInteger = (a: Rational): boolean => a.d === 1n;
export const isZero = (a: Rational): boolean => a.n === 0n;
export const sameRational = (a: Rational, b: Rational): boolean => a.n === b.n && a.d === b.d;

/** Negative, zero or positive as a - b is. */
export function compareRational(a: Rational, b: Rational): number {
  const difference = a.n * b.d - b.n * a.d;
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

export function floor(a: Rational): bigint {
  const quotient = a.n / a.d;
  return a.n < 0n && quotient * a.d !== a.n ? quotient - 1n : quotient;
}

const bitLength = (x: bigint): number => magnitude(x).toString(16).length * 4;

/** a^exponent; 0^0 is 1, as in the benchmarks' polynomials. Sizes are judged before the power is computed. */
export function power(a: Rational, exponent: bigint): Rational {
  if (a.n === 0n && exponent < 0n) throw new Undecided("division by zero");
  if (a.d === 1n && magnitude(a.n) <= 1n)
    return a.n === -1n && exponent % 2n === 0n ? one : exponent === 0n ? one : a;
  if (magnitude(exponent) > BigInt(maxExponent)) throw new Undecided("exponent too large");
  const size = Number(magnitude(exponent));
  if (Math.max(bitLength(a.n), bitLength(a.d)) * size > 2 * maxRationalBits)
    throw new Undecided("number too long");
  const [n, d] = [a.n ** BigInt(size), a.d ** BigInt(size)];
  return exponent < 0n ? rational(d, n) : rational(n, d);
}

/** The largest integer whose k-th power is at most `x` (x >= 0), by Newton's method. */
export function integerRoot(x: bigint, k: number): bigint {
  if (x < 2n) return x;
  const degree = BigInt(k);
  let guess = 1n << BigInt(Math.ceil(bitLength(x) / k) + 1);
  for (;;) {
    const next = ((degree - 1n) * guess + x / guess ** (degree - 1n)) / degree;
    if (next >= guess) return guess;
    guess = next;
  }
}

/** The exact real k-th root, or `null` where it is not rational. Negative values have odd roots only. */
export function exactRoot(a: Rational, k: number): Rational | null {
  if (a.n < 0n && k % 2 === 0) return null;
  const [n, d] = [integerRoot(magnitude(a.n), k), integerRoot(a.d, k)];
  if (n ** BigInt(k) !== magnitude(a.n) || d ** BigInt(k) !== a.d) return null;
  return rational(a.n < 0n ? -n : n, d);
}

/** `12`, `.5`, `3.` or `1.25`, digits only. */
export function parseDecimal(text: string): Rational {
  const [whole = "", fraction = ""] = text.split(".");
  if (whole.length + fraction.length > 1200) throw new Undecided("number too long");
  return rational(BigInt(whole + fraction || "0"), 10n ** BigInt(fraction.length));
}

export const toNumber = (a: Rational): number => {
  const shift = BigInt(Math.max(0, bitLength(a.d) - 1000));
  const [n, d] = [Number(a.n >> shift), Number(a.d >> shift)];
  return Number.isFinite(n) ? n / d : a.n < 0n ? -Infinity : Infinity;
};

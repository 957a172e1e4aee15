import { angleFixed, cosSinFixed, divideFixed, expFixed, type Fixed, lnFixed, sqrtFixed } from "./fixed.ts";
import { maxExponent, Undecided } from "./limits.ts";
import type { Rational } from "./rational.ts";

/** A complex number in fixed point. */
export interface Complex {
  readonly re: bigint;
  readonly im: bigint;
}

const maxBits = 12_000;

export const real = (re: bigint): Complex => ({ re, im: 0n });
export const ofRational = ({ bits }: Fixed, { n, d }: Rational): Complex => real((n << bits) / d);
export const plus = (a: Complex, b: Complex): Complex => ({ re: a.re + b.re, im: a.im + b.im });
export const minus = (a: Complex, b: Complex): Complex => ({ re: a.re - b.re, im: a.im - b.im });
export const timesI = (a: Complex): Complex => ({ re: -a.im, im: a.re });
export const isZeroComplex = (a: Complex): boolean => a.re === 0n && a.im === 0n;

export function times({ bits }: Fixed, a: Complex, b: Complex): Complex {
  if (a.im === 0n && b.im === 0n) return real((a.re * b.re) >> bits);
  return { re: (a.re * b.re - a.im * b.im) >> bits, im: (a.re * b.im + a.im * b.re) >> bits };
}

export function reciprocal(field: Fixed, a: Complex): Complex {
  if (a.im === 0n) return real(divideFixed(field, field.one, a.re));
  const norm = a.re * a.re + a.im * a.im;
  if (norm === 0n) throw new Undecided("division by zero");
  const scale = field.bits * 2n;
  return { re: (a.re << scale) / norm, im: (-a.im << scale) / norm };
}

export const over = (field: Fixed, a: Complex, b: Complex): Complex => times(field, a, reciprocal(field, b));

export function absComplex(field: Fixed, a: Complex): bigint {
  if (a.im === 0n) return a.re < 0n ? -a.re : a.re;
  return sqrtFixed(field, (a.re * a.re + a.im * a.im) >> field.bits);
}

export function expComplex(field: Fixed, a: Complex): Complex {
  const size = expFixed(field, a.re);
  if (size === 0n) throw new Undecided("exponential out of range");
  if (a.im === 0n) return real(size);
  const [c, s] = cosSinFixed(field, a.im);
  return { re: (size * c) >> field.bits, im: (size * s) >> field.bits };
}

export function lnComplex(field: Fixed, a: Complex): Complex {
  if (a.im === 0n && a.re > 0n) return real(lnFixed(field, a.re));
  return { re: lnFixed(field, absComplex(field, a)), im: angleFixed(field, a.re, a.im) };
}

/** The principal square root. */
export function sqrtComplex(field: Fixed, a: Complex): Complex {
  if (a.im === 0n) return a.re >= 0n ? real(sqrtFixed(field, a.re)) : { re: 0n, im: sqrtFixed(field, -a.re) };
  const size = absComplex(field, a);
  const larger = sqrtFixed(field, (size + (a.re < 0n ? -a.re : a.re)) >> 1n);
  const smaller = divideFixed(field, a.im < 0n ? -a.im : a.im, 2n * larger);
  const sign = a.im < 0n ? -1n : 1n;
  return a.re >= 0n ? { re: larger, im: sign * smaller } : { re: smaller, im: sign * larger };
}

/** a^n for a whole n, by squaring. */
function integerPower(field: Fixed, a: Complex, n: number): Complex {
  if (Math.abs(n) > maxExponent) throw new Undecided("exponent too large");
  if (n < 0) return reciprocal(field, integerPower(field, a, -n));
  let [result, square, left] = [real(field.one), a, n];
  while (left > 0) {
    if (left % 2 === 1) result = times(field, result, square);
    left = Math.floor(left / 2);
    if (left > 0) square = times(field, square, square);
    if (square.re.toString(16).length * 4 > maxBits + Number(field.bits))
      throw new Undecided("number too long");
  }
  return result;
}

/** The principal value of a^b. */
export function powerComplex(field: Fixed, a: Complex, b: Complex): Complex {
  const whole = b.im === 0n && b.re % field.one === 0n;
  if (whole) return integerPower(field, a, Number(b.re / field.one));
  if (isZeroComplex(a)) {
    if (b.re > 0n) return a;
    throw new Undecided("division by zero");
  }
  if (b.im === 0n && b.re * 2n === field.one) return sqrtComplex(field, a);
  return expComplex(field, times(field, b, lnComplex(field, a)));
}

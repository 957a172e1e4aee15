import { absolute, compareRational, multiply, type Rational, rational, subtract } from "./rational.ts";

const smallest: Rational = { n: 1n, d: 100n };

export interface Rounding {
  readonly decimals: number;
  /** Both are written as decimals, so that each digit is claimed. */
  readonly written: boolean;
}

/**
 * True when two values agree to `decimals` places: they differ by at most half a unit of the last one. Below 0.01 that
 * would make 1e-9 equal 2e-9, so there it is the same share of the first value (5e-5 for six places).
 */
export function withinDecimals(gold: Rational, other: Rational, { decimals, written }: Rounding): boolean {
  const half = rational(1n, 2n * 10n ** BigInt(decimals));
  const [size, difference] = [absolute(gold), absolute(subtract(gold, other))];
  const allowed =
    compareRational(size, smallest) >= 0 ? half : multiply(half, multiply(size, rational(100n)));
  if (compareRational(difference, allowed) > 0) return false;
  return !written || decimals < 6 || !contradict(gold, other);
}

/**
 * True when two written decimals differ in a digit that both have: 0.1234567 and 0.1234568, 6.6261e-34 and 6.6262e-34.
 * Beyond twelve digits it is the noise of floating point.
 */
export function contradict(a: Rational, b: Rational): boolean {
  const unit = rational(1n, 10n ** BigInt(Math.min(placesOf(a), placesOf(b))));
  const noise = multiply(absolute(a), rational(1n, 10n ** 12n));
  const difference = absolute(subtract(a, b));
  return compareRational(difference, unit) >= 0 && compareRational(difference, noise) >= 0;
}

/** Digits after the point of a finite decimal. */
function placesOf({ d }: Rational): number {
  let places = 0;
  for (let power = 1n; power % d !== 0n; power *= 10n) places += 1;
  return places;
}

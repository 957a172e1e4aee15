import { absolute, compareRational, multiply, type Rational, rational, subtract } from "./rational.ts";

const smallest: Rational = { n: 1n, d: 100n };

/**
 * True when two values agree to `decimals` places: they differ by at most half a unit of the last one. Below 0.01 that
 * would make 1e-9 equal 2e-9, so there it is the same share of the first value (5e-5 for six places).
 */
export function withinDecimals(gold: Rational, other: Rational, decimals: number): boolean {
  const half = rational(1n, 2n * 10n ** BigInt(decimals));
  const size = absolute(gold);
  const allowed =
    compareRational(size, smallest) >= 0 ? half : multiply(half, multiply(size, rational(100n)));
  return compareRational(absolute(subtract(gold, other)), allowed) <= 0;
}

import { Undecided } from "./limits.ts";
import { integerRoot, magnitude } from "./rational.ts";

/** Real numbers with `bits` binary places after the point, as integers scaled by 2^bits; all functions round towards 2^-bits or so. */
export interface Fixed {
  readonly bits: bigint;
  readonly one: bigint;
  readonly pi: bigint;
  readonly ln2: bigint;
}

const made = new Map<number, Fixed>();

export function fixed(bits: number): Fixed {
  const there = made.get(bits);
  if (there !== undefined) return there;
  const guard = BigInt(bits + 32);
  const unit = 1n << guard;
  // Machin 1706; Størmer's formula for ln 2
  const pi = 16n * arctanInverse(5n, unit, -1n) - 4n * arctanInverse(239n, unit, -1n);
  const ln2 =
    18n * arctanInverse(26n, unit, 1n) -
    2n * arctanInverse(4801n, unit, 1n) +
    8n * arctanInverse(8749n, unit, 1n);
  const field: Fixed = { bits: BigInt(bits), one: 1n << BigInt(bits), pi: pi >> 32n, ln2: ln2 >> 32n };
  made.set(bits, field);
  return field;
}

/** arctan(1/x) with sign -1, artanh(1/x) with sign 1 */
function arctanInverse(x: bigint, unit: bigint, sign: 1n | -1n): bigint {
  let term = unit / x;
  let total = term;
  for (let k = 3n; term !== 0n; k += 2n) {
    term = (sign * term) / (x * x);
    total += term / k;
  }
  return total;
}

export function divideFixed({ bits }: Fixed, a: bigint, b: bigint): bigint {
  if (b === 0n) throw new Undecided("division by zero");
  return (a << bits) / b;
}

export const sqrtFixed = ({ bits }: Fixed, x: bigint): bigint => integerRoot(x << bits, 2);

/** As a double; only to start an iteration or to choose a branch. */
export function toDouble({ bits }: Fixed, x: bigint): number {
  const size = magnitude(x).toString(16).length * 4;
  const drop = Math.max(0, size - 64);
  return Number(x >> BigInt(drop)) * 2 ** (drop - Number(bits));
}

/** e^x; `Undecided` beyond |x| = 1000. */
export function expFixed(field: Fixed, x: bigint): bigint {
  const { bits, one, ln2 } = field;
  if (magnitude(x) > 1000n * one) throw new Undecided("exponential out of range");
  const k = x / ln2;
  const halvings = 8n;
  const r = (x - k * ln2) >> halvings;
  let total = one;
  let term = one;
  for (let n = 1n; term !== 0n && n < 3000n; n += 1n) {
    term = ((term * r) >> bits) / n;
    if (term === -1n) break;
    total += term;
  }
  for (let n = 0n; n < halvings; n += 1n) total = (total * total) >> bits;
  return k >= 0n ? total << k : total >> -k;
}

/** ln x for x > 0: a double to start, then ln(x e^-y) = ln(1 + u) by its series. */
export function lnFixed(field: Fixed, x: bigint): bigint {
  const { bits, one, ln2 } = field;
  if (x <= 0n) throw new Undecided("logarithm of zero");
  const shift = BigInt(x.toString(2).length) - bits;
  const mantissa = shift >= 0n ? x >> shift : x << -shift;
  const start = BigInt(Math.round(Math.log(toDouble(field, mantissa)) * 2 ** 50)) << (bits - 50n);
  const u = ((mantissa * expFixed(field, -start)) >> bits) - one;
  let [total, power] = [0n, u];
  for (let n = 1n; power !== 0n && power !== -1n && n < 400n; n += 1n) {
    total += n % 2n === 1n ? power / n : -(power / n);
    power = (power * u) >> bits;
  }
  return start + total + shift * ln2;
}

/** [cos x, sin x] by the series of a small part of the angle and repeated doubling */
export function cosSinFixed(field: Fixed, x: bigint): readonly [bigint, bigint] {
  const { bits, one, pi } = field;
  if (magnitude(x) > one << 64n) throw new Undecided("angle out of range");
  const doublings = 7n;
  const r = (x % (2n * pi)) >> doublings;
  let [c, s, term] = [one, 0n, one];
  for (let n = 1n; term !== 0n && term !== -1n && n < 2000n; n += 2n) {
    term = ((term * r) >> bits) / n;
    s += term;
    term = -(((term * r) >> bits) / (n + 1n));
    c += term;
  }
  for (let n = 0n; n < doublings; n += 1n) [c, s] = [(c * c - s * s) >> bits, (2n * c * s) >> bits];
  return [c, s];
}

/** The angle of (x, y) in (-pi, pi]: a double to start, then the small rest by the series of arctan. */
export function angleFixed(field: Fixed, x: bigint, y: bigint): bigint {
  const { bits } = field;
  if (y === 0n) return x < 0n ? field.pi : 0n;
  const start =
    BigInt(Math.round(Math.atan2(toDouble(field, y), toDouble(field, x)) * 2 ** 50)) << (bits - 50n);
  const [c, s] = cosSinFixed(field, start);
  const t = divideFixed(field, y * c - x * s, x * c + y * s);
  const square = (t * t) >> bits;
  let [total, power] = [0n, t];
  for (let n = 1n; power !== 0n && power !== -1n && n < 400n; n += 2n) {
    total += power / n;
    power = -((power * square) >> bits);
  }
  return start + total;
}

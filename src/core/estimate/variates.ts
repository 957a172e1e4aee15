// Exponential, normal and Gamma draws for the bootstrap. Ziggurat of Marsaglia and Tsang 2000 (J. Stat. Softw. 5(8)) with
// the layer and the position taken from different bits (Doornik 2005).
import type { SeededRandom } from "./seededRandom.ts";

const layers = 256;
const positions = 2 ** 24;

interface Ziggurat {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Layer edges of a decreasing density: `tail` is the last edge, `area` that of each layer. */
function ziggurat({
  density,
  inverse,
  tail,
  area,
}: {
  density: (x: number) => number;
  inverse: (y: number) => number;
  tail: number;
  area: number;
}): Ziggurat {
  const x = new Float64Array(layers + 1);
  const y = new Float64Array(layers + 1);
  x[0] = area / density(tail);
  x[1] = tail;
  y[0] = 0;
  y[1] = density(tail);
  for (let i = 2; i < layers; i++) {
    x[i] = inverse(area / (x[i - 1] ?? 0) + (y[i - 1] ?? 0));
    y[i] = density(x[i] ?? 0);
  }
  x[layers] = 0;
  y[layers] = 1;
  return { x, y };
}

const exponentialTail = 7.69711747013105;
const exponentialZiggurat = ziggurat({
  density: (x) => Math.exp(-x),
  inverse: (y) => -Math.log(y),
  tail: exponentialTail,
  area: 0.003949659822581557,
});
const normalTail = 3.6541528853610088;
const normalZiggurat = ziggurat({
  density: (x) => Math.exp((-x * x) / 2),
  inverse: (y) => Math.sqrt(-2 * Math.log(y)),
  tail: normalTail,
  area: 0.00492867323399,
});
const { x: ex, y: ey } = exponentialZiggurat;
const { x: nx, y: ny } = normalZiggurat;

/** Exp(1). */
export function exponential(random: SeededRandom): number {
  let shift = 0;
  for (;;) {
    const bits = random.nextInt32();
    const i = bits & 255;
    const x = (((bits >>> 8) + 0.5) / positions) * (ex[i] as number);
    if (x < (ex[i + 1] as number)) return x + shift;
    if (i === 0) shift += exponentialTail;
    else if (
      (ey[i] as number) + random.uniform() * ((ey[i + 1] as number) - (ey[i] as number)) <
      Math.exp(-x)
    )
      return x + shift;
  }
}

/** N(0, 1). */
export function normal(random: SeededRandom): number {
  for (;;) {
    const bits = random.nextInt32();
    const i = bits & 255;
    const x = (((bits >> 8) + 0.5) / (positions / 2)) * (nx[i] as number);
    const size = Math.abs(x);
    if (size < (nx[i + 1] as number)) return x;
    if (i === 0) return x < 0 ? -normalBeyondTail(random) : normalBeyondTail(random);
    if (
      (ny[i] as number) + random.uniform() * ((ny[i + 1] as number) - (ny[i] as number)) <
      Math.exp(-0.5 * x * x)
    )
      return x;
  }
}

/** Marsaglia 1964: a normal given that it exceeds the last layer's edge. */
function normalBeyondTail(random: SeededRandom): number {
  for (;;) {
    const x = -Math.log(random.uniform()) / normalTail;
    const y = -Math.log(random.uniform());
    if (y + y > x * x) return normalTail + x;
  }
}

/** Gamma(1/2, 1): half a squared normal. */
export function halfGamma(random: SeededRandom): number {
  const x = normal(random);
  return 0.5 * x * x;
}

/**
 * Gamma(shape, 1) for a whole shape >= 1: a sum of exponentials up to 3, above that Marsaglia and Tsang 2000
 * (ACM TOMS 26(3)): d = shape - 1/3, d (1 + x / sqrt(9 d))^3 for a normal x, accepted in about 99 of 100 tries.
 */
export function gamma(random: SeededRandom, shape: number): number {
  if (shape <= 3) {
    let sum = 0;
    for (let i = 0; i < shape; i++) sum += exponential(random);
    return sum;
  }
  return gammaAboveOne(random, shape);
}

/** Gamma(shape, 1) for any shape >= 1, as above. */
export function gammaAboveOne(random: SeededRandom, shape: number): number {
  const d = shape - 1 / 3;
  const scale = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const root = 1 + scale * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const u = random.uniform();
    const square = x * x;
    // The first test needs no logarithm and accepts nearly always.
    if (u < 1 - 0.0331 * square * square) return d * v;
    if (Math.log(u) < 0.5 * square + d * (1 - v + Math.log(v))) return d * v;
  }
}

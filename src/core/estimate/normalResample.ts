import type { Resample } from "./resample.ts";
import { SeededRandom } from "./seededRandom.ts";
import type { ValueTable } from "./valueTable.ts";
import { normal } from "./variates.ts";

/** A k is left to exact weights unless this many problems carry its spread. */
const enoughProblems = 100;

/**
 * The k (as rows) whose weighted mean may be drawn as a normal: the same problems are eligible as at k = 1, at least 100
 * differ from 0, and the effective number (sum d^2)^2 / sum d^4 of deviations d from the mean is at least 100 too.
 */
export function normalRows({ ks, cells, values, multiplicity, eligibleCells, means }: ValueTable): number[] {
  const allowed: number[] = [];
  ks.forEach((_, row) => {
    if (eligibleCells[row] !== eligibleCells[0]) return;
    let [different, squares, fourths] = [0, 0, 0];
    for (let cell = 0; cell < (eligibleCells[row] as number); cell++) {
      const value = values[row * cells + cell] as number;
      const m = multiplicity[cell] as number;
      const square = (value - (means[row] as number)) ** 2;
      if (Math.abs(value) > 1e-12) different += m;
      squares += m * square;
      fourths += m * square * square;
    }
    if (different >= enoughProblems && squares * squares >= enoughProblems * fourths) allowed.push(row);
  });
  return allowed;
}

interface NormalOptions {
  /** Pseudo-problems: [value, weight], the same at every k. */
  readonly ends: readonly (readonly [number, number])[];
  readonly draws: number;
  readonly seed: number;
}

/**
 * The Bayesian bootstrap's weighted means drawn as normals with the exact mean and covariance of the Dirichlet law:
 * with total weight W, Cov(k, l) = (mean x(k) x(l) - mean x(k) mean x(l)) / (W + 1). Jointly over k by Cholesky with a
 * ridge: neighbouring k are almost collinear, and without it vanishing pivots inflate the spread (+34 % near k = n).
 */
export function normalResample(table: ValueTable, { ends, draws, seed }: NormalOptions): Resample {
  const size = table.ks.length;
  const random = new SeededRandom(seed, 5);
  const { mean, covariance } = moments(table, ends);
  const factor = cholesky(covariance, size);
  const sums = new Float64Array(size * draws);
  const z = new Float64Array(size);
  for (let draw = 0; draw < draws; draw++) {
    for (let i = 0; i < size; i++) {
      z[i] = normal(random);
      let sum = mean[i] as number;
      for (let j = 0; j <= i; j++) sum += (factor[i * size + j] as number) * (z[j] as number);
      sums[i * draws + draw] = sum;
    }
  }
  return { draws, sums, totals: new Float64Array(size * draws).fill(1) };
}

function moments(
  { ks, cells, values, multiplicity, eligibleCells }: ValueTable,
  ends: NormalOptions["ends"],
) {
  const size = ks.length;
  const used = eligibleCells[0] ?? 0;
  const mean = new Float64Array(size);
  const covariance = new Float64Array(size * size);
  const scaled = new Float64Array(size * used);
  let weight = 0;
  for (let cell = 0; cell < used; cell++) weight += multiplicity[cell] as number;
  for (const [, w] of ends) weight += w;
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let cell = 0; cell < used; cell++) {
      const share = (multiplicity[cell] as number) * (values[i * cells + cell] as number);
      scaled[i * used + cell] = share;
      sum += share;
    }
    for (const [value, w] of ends) sum += w * value;
    mean[i] = sum / weight;
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let product = dot(
        scaled.subarray(i * used, (i + 1) * used),
        values.subarray(j * cells, j * cells + used),
      );
      for (const [value, w] of ends) product += w * value * value;
      covariance[i * size + j] =
        (product / weight - (mean[i] as number) * (mean[j] as number)) / (weight + 1);
    }
  }
  return { mean, covariance };
}

function dot(x: Float64Array, y: Float64Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = x.length - (x.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += (x[i] as number) * (y[i] as number);
    b += (x[i + 1] as number) * (y[i + 1] as number);
    c += (x[i + 2] as number) * (y[i + 2] as number);
    d += (x[i + 3] as number) * (y[i + 3] as number);
  }
  for (let i = whole; i < x.length; i++) a += (x[i] as number) * (y[i] as number);
  return a + b + c + d;
}

/** Relative size of the ridge on the diagonal: 1e-7 of each variance widens a band by 5e-8 of its width. */
const ridge = 1e-7;

/** Lower Cholesky factor of a covariance given by its lower triangle, rows of `size`. */
export function cholesky(covariance: Float64Array, size: number, relativeRidge = ridge): Float64Array {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = covariance[i * size + j] as number;
      if (i === j) sum *= 1 + relativeRidge;
      for (let l = 0; l < j; l++) sum -= (factor[i * size + l] as number) * (factor[j * size + l] as number);
      if (i === j) factor[i * size + i] = Math.sqrt(Math.max(sum, 0));
      else
        factor[i * size + j] =
          (factor[j * size + j] as number) > 0 ? sum / (factor[j * size + j] as number) : 0;
    }
  }
  return factor;
}

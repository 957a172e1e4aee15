// Intervals of one run's curve: do they hold the truth in 95 of 100 data sets? Population (jbb) and fixed benchmark.
import type { Measurement } from "../bench/measurement.ts";
import { mean, plainRandom } from "../core/estimate/brute.ts";
import { curve } from "../../src/core/estimate/curve.ts";
import type { CurvePoint } from "../../src/core/estimate/report.ts";
import { coverageOf, coverageRow, type Effort, fullEffort, type Held } from "./coverage.ts";
import { binomialDraw, type Shape, shapes } from "./shapes.ts";

interface Setting {
  readonly problems: number;
  readonly n: number;
}

const grid: readonly Setting[] = [30, 100, 500].flatMap((problems) =>
  [8, 64, 256].map((n) => ({ problems, n })),
);

/** `args`: numbers of problems (30, 100, 500), to run some only. */
export function* simulate(args: readonly string[]): Generator<Measurement> {
  for (const problems of args.length > 0 ? args.map(Number) : [30, 100, 500]) {
    const own = grid.filter((setting) => setting.problems === problems);
    const families = [
      ["population", populationCoverage],
      ["fixed benchmark", fixedCoverage],
    ] as const;
    for (const [family, coverage] of families) {
      const held = own.flatMap((setting) => shapes.flatMap((shape) => coverage(shape, setting, fullEffort)));
      yield coverageRow(`${family}, P = ${problems}`, held);
    }
  }
}

function kOf(n: number): number[] {
  return [...new Set([1, Math.floor(n / 4), Math.floor((3 * n) / 4), n])];
}

/** New problems from the shape in each data set. */
export function populationCoverage(shape: Shape, { problems, n }: Setting, effort: Effort): Held[] {
  const ks = kOf(n);
  const truths = ks.map((k) => 1 - shape.missed(k));
  return coverageOf(
    ks.map((k) => `${shape.name} n=${n} k=${k}`),
    (repetition) => {
      const random = plainRandom(7919 * repetition + problems + n);
      const counts = Array.from({ length: problems }, () => ({
        n,
        c: binomialDraw(random, n, shape.draw(random)),
      }));
      return holds(curve(counts, ks, { seed: repetition }), truths);
    },
    effort,
  );
}

/** One benchmark of the shape, sampled anew in each data set. */
export function fixedCoverage(shape: Shape, { problems, n }: Setting, effort: Effort): Held[] {
  const ks = kOf(n);
  const benchmark = plainRandom(31 * problems + n);
  const rates = Array.from({ length: problems }, () => shape.draw(benchmark));
  const truths = ks.map((k) => mean(rates.map((p) => 1 - (1 - p) ** k)));
  return coverageOf(
    ks.map((k) => `${shape.name} n=${n} k=${k}`),
    (repetition) => {
      const random = plainRandom(104_729 * repetition + problems + n);
      const counts = rates.map((p) => ({ n, c: binomialDraw(random, n, p) }));
      return holds(curve(counts, ks, { interval: "fixed" }), truths);
    },
    effort,
  );
}

/** Rounding must not decide: at 0 and 1 an end may be the truth itself. */
const rounding = 1e-9;

function holds(points: readonly CurvePoint[], truths: readonly number[]): boolean[] {
  return points.map(({ low, high }, i) => {
    const truth = truths[i] ?? Number.NaN;
    return low <= truth + rounding && truth <= high + rounding;
  });
}

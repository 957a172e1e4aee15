// Two runs on the same problems: paired difference (population and fixed), the band over all k, the gap.
import type { Measurement } from "../bench/measurement.ts";
import { mean, plainRandom } from "../core/estimate/brute.ts";
import { difference, type ProblemPair } from "../../src/core/estimate/difference.ts";
import { gap } from "../../src/core/estimate/gap.ts";
import { kGrid } from "../../src/core/estimate/kGrid.ts";
import { simultaneousBand } from "../../src/core/estimate/simultaneousBand.ts";
import { coverageOf, coverageRow, type Effort, fullEffort, type Held } from "./coverage.ts";
import { type Pairing, pairings, trueDifference, trueGap } from "./pairings.ts";
import { binomialDraw, type Random } from "./shapes.ts";

interface Setting {
  readonly problems: number;
  readonly n: number;
}

type Coverage = (pairing: Pairing, setting: Setting, effort: Effort) => Held[];

/** `args`: parts of the families' names and numbers of problems (30, 100, 500), to run some only. */
export function* simulate(args: readonly string[]): Generator<Measurement> {
  const numbers = args.map(Number).filter((value) => value > 0);
  const parts = args.filter((arg) => !(Number(arg) > 0));
  const families: readonly (readonly [string, Coverage, readonly number[]])[] = [
    ["difference", differenceCoverage, [64, 256]],
    ["difference, fixed", fixedDifferenceCoverage, [64, 256]],
    ["gap dSE", gapCoverage, [256]],
    ["band over all k", bandCoverage, [64]],
  ];
  for (const problems of numbers.length > 0 ? numbers : [30, 100, 500])
    for (const [family, coverage, ns] of families) {
      if (parts.length > 0 && !parts.some((part) => family.includes(part))) continue;
      const held = ns.flatMap((n) =>
        pairings.flatMap((pairing) => coverage(pairing, { problems, n }, fullEffort)),
      );
      yield coverageRow(`${family}, P = ${problems}`, held);
    }
}

function drawPairs(pairing: Pairing, { problems, n }: Setting, random: Random): ProblemPair[] {
  return Array.from({ length: problems }, () => sampled(pairing.draw(random), n, random));
}

function sampled([base, other]: readonly [number, number], n: number, random: Random): ProblemPair {
  return [
    { n, c: binomialDraw(random, n, base) },
    { n, c: binomialDraw(random, n, other) },
  ];
}

const ksOf = (n: number) => [1, n / 8, n];

export function differenceCoverage(pairing: Pairing, setting: Setting, effort: Effort): Held[] {
  const ks = ksOf(setting.n);
  const truths = trueDifference(pairing, ks);
  return coverageOf(
    ks.map((k) => `${pairing.name} n=${setting.n} k=${k}`),
    (repetition) => {
      const random = plainRandom(6151 * repetition + setting.problems);
      const points = difference(drawPairs(pairing, setting, random), ks, { seed: repetition });
      return points.map(({ low, high }, i) => within(truths[i], low, high));
    },
    effort,
  );
}

export function fixedDifferenceCoverage(pairing: Pairing, setting: Setting, effort: Effort): Held[] {
  const ks = ksOf(setting.n);
  const benchmark = plainRandom(17 * setting.problems + setting.n);
  const rates = Array.from({ length: setting.problems }, () => pairing.draw(benchmark));
  const truths = ks.map((k) => mean(rates.map(([a, b]) => (1 - b) ** k - (1 - a) ** k)));
  return coverageOf(
    ks.map((k) => `${pairing.name} n=${setting.n} k=${k}`),
    (repetition) => {
      const random = plainRandom(12_289 * repetition + setting.problems);
      const pairs = rates.map((rate) => sampled(rate, setting.n, random));
      const points = difference(pairs, ks, { interval: "fixed" });
      return points.map(({ low, high }, i) => within(truths[i], low, high));
    },
    effort,
  );
}

/** pass@n of the base minus pass@1 of the other, which has 8 samples only. */
export function gapCoverage(pairing: Pairing, { problems, n }: Setting, effort: Effort): Held[] {
  const truth = trueGap(pairing, n);
  return coverageOf(
    [`${pairing.name} n=${n}/8`],
    (repetition) => {
      const random = plainRandom(24_593 * repetition + problems);
      const pairs = Array.from({ length: problems }, () => {
        const [base, other] = pairing.draw(random);
        return [
          { n, c: binomialDraw(random, n, base) },
          { n: 8, c: binomialDraw(random, 8, other) },
        ] as const;
      });
      const found = gap(pairs, n, { seed: repetition });
      return [found !== null && within(truth, found.low, found.high)];
    },
    effort,
  );
}

/** The whole true curve at once. */
function bandCoverage(pairing: Pairing, setting: Setting, effort: Effort): Held[] {
  // Every other k of the grid: neighbours hardly differ.
  const ks = kGrid(setting.n).filter((_, i) => i % 2 === 0);
  const truths = trueDifference(pairing, ks);
  return coverageOf(
    [`${pairing.name} n=${setting.n}`],
    (repetition) => {
      const random = plainRandom(49_157 * repetition + setting.problems);
      const { points } = simultaneousBand(drawPairs(pairing, setting, random), ks, {
        seed: repetition,
        draws: 1000,
      });
      return [points.every(({ bandLow, bandHigh }, i) => within(truths[i], bandLow, bandHigh))];
    },
    { least: Math.min(500, effort.least), most: Math.min(2000, effort.most) },
  );
}

function within(truth: number | undefined, low: number, high: number): boolean {
  return truth !== undefined && low <= truth + 1e-9 && truth <= high + 1e-9;
}

import type { Measurement } from "../bench/measurement.ts";

/** What a 95 % interval must hold at least in every setting. */
const leastCoverage = 0.925;

export interface Effort {
  /** Data sets a setting gets at least, and how many when it looks worse than 94 %: luck or method? */
  readonly least: number;
  readonly most: number;
}

export const fullEffort: Effort = { least: 600, most: 4000 };

export interface Held {
  /** E.g. `uniform P=30 n=64 k=16`. */
  readonly setting: string;
  readonly share: number;
  readonly repetitions: number;
}

/** Share of data sets in which each of several intervals holds its truth. `trial(i)`: one data set, seeded by i. */
export function coverageOf(
  settings: readonly string[],
  trial: (repetition: number) => readonly boolean[],
  { least, most }: Effort,
): Held[] {
  const hits = settings.map(() => 0);
  let done = 0;
  const runTo = (repetitions: number) => {
    for (; done < repetitions; done++) trial(done).forEach((hit, i) => (hits[i]! += hit ? 1 : 0));
  };
  runTo(least);
  if (hits.some((hit) => hit / done < 0.94)) runTo(most);
  return settings.map((setting, i) => ({ setting, share: (hits[i] ?? 0) / done, repetitions: done }));
}

/** One row for many settings: the worst, the median, and which was the worst. */
export function coverageRow(family: string, held: readonly Held[]): Measurement {
  const sorted = [...held].sort((a, b) => a.share - b.share);
  const [worst, middle] = [sorted[0], sorted[Math.floor(sorted.length / 2)]];
  const name = `${family}: ${held.length} settings, median ${middle?.share.toFixed(3)}; worst ${worst?.setting} (${worst?.repetitions})`;
  return {
    name,
    value: worst?.share ?? Number.NaN,
    aim: `>= ${leastCoverage}`,
    ok: worst !== undefined && worst.share >= leastCoverage,
  };
}

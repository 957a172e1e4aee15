import { SeededRandom } from "../seededRandom.ts";
import { exponential, gamma, halfGamma } from "../variates.ts";
import { CotImputation } from "./imputation.ts";
import type { CotProblem } from "./cotPass.ts";
import { SolvedRows } from "./solvedRows.ts";

/** One draw's mean over the problems with n >= k, at each k: `[k * draws + draw]`. */
export interface DrawnCurves {
  /** Every right answer read (target A): all problems weigh the same. */
  readonly full: Float64Array;
  /** Other problems like these (target B): weighted as in `meanIntervals`, without and with its pseudo-problems. */
  readonly bootstrap: Float64Array;
  readonly jeffreys: Float64Array;
}

export interface DrawSpec {
  readonly ks: readonly number[];
  readonly draws: number;
  readonly seed: number;
}

/**
 * What is drawn: the runs' problems side by side (one run, or two over the same problems) and how the value of one
 * problem is made of its runs' rows: the row itself, or the first minus the second. `low`: the value's least (0 or -1).
 */
interface DrawnRuns {
  readonly runs: readonly (readonly CotProblem[])[];
  readonly low: 0 | -1;
}

/** Imputations of all the runs with one set of problem weights for all k, so that a draw's curves belong together. */
export function drawnCurves({ runs, low }: DrawnRuns, { ks, draws, seed }: DrawSpec): DrawnCurves {
  const imputations = runs.map((problems, run) => new CotImputation(problems, { seed, stream: 41 + run }));
  const cells = cellsOf(runs, imputations, ks);
  const weights = new SeededRandom(seed, 43);
  const out: DrawnCurves = {
    full: new Float64Array(ks.length * draws),
    bootstrap: new Float64Array(ks.length * draws),
    jeffreys: new Float64Array(ks.length * draws),
  };
  const sums = new DrawSums(ks.length);
  for (let draw = 0; draw < draws; draw++) {
    for (const imputation of imputations) imputation.draw();
    sums.clear();
    for (const { multiplicity, first, second } of cells) {
      const weight = multiplicity === 1 ? exponential(weights) : gamma(weights, multiplicity);
      sums.add(first(), second?.() ?? null, { multiplicity, weight });
    }
    const [below, above] = [halfGamma(weights), halfGamma(weights)];
    for (let k = 0, at = draw; k < ks.length; k++, at += draws) {
      const [weighted, weight] = [sums.weighted[k] as number, sums.weight[k] as number];
      out.full[at] = (sums.plain[k] as number) / (sums.count[k] as number);
      out.bootstrap[at] = weighted / weight;
      out.jeffreys[at] = (weighted + below * low + above) / (weight + below + above);
    }
  }
  return out;
}

/** Sums over the problems of one draw, at each k. */
class DrawSums {
  readonly plain: Float64Array;
  readonly count: Float64Array;
  readonly weighted: Float64Array;
  readonly weight: Float64Array;

  constructor(ks: number) {
    [this.plain, this.count, this.weighted, this.weight] = [0, 1, 2, 3].map(() => new Float64Array(ks)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
  }

  clear(): void {
    for (const sum of [this.plain, this.count, this.weighted, this.weight]) sum.fill(0);
  }

  /** The rows go as far as their n allows. */
  add(
    first: Float64Array,
    second: Float64Array | null,
    { multiplicity, weight }: { readonly multiplicity: number; readonly weight: number },
  ): void {
    const length = second === null ? first.length : Math.min(first.length, second.length);
    for (let k = 0; k < length; k++) {
      const value = (first[k] as number) - (second === null ? 0 : (second[k] as number));
      this.plain[k] = (this.plain[k] as number) + multiplicity * value;
      this.count[k] = (this.count[k] as number) + multiplicity;
      this.weighted[k] = (this.weighted[k] as number) + weight * value;
      this.weight[k] = (this.weight[k] as number) + weight;
    }
  }
}

/** Problems that weigh together, and the latest draw's rows of their runs. */
interface DrawnCell {
  multiplicity: number;
  readonly first: () => Float64Array;
  readonly second: (() => Float64Array) | null;
}

/** Problems that never change and have the same counts weigh together. */
function cellsOf(
  runs: readonly (readonly CotProblem[])[],
  imputations: readonly CotImputation[],
  ks: readonly number[],
): readonly DrawnCell[] {
  const rows = new SolvedRows(ks);
  const open = new Set(imputations.flatMap((imputation) => imputation.open));
  const cells = new Map<string, DrawnCell>();
  const [firstRun = [], secondRun] = runs;
  const reader = (run: number, index: number) => {
    const ofN = rows.of(runs[run]?.[index]?.n ?? 0);
    const right = imputations[run]?.right ?? new Int32Array();
    return () => ofN.at(right[index] as number);
  };
  for (const [index, { n, rightSamples }] of firstRun.entries()) {
    const other = secondRun?.[index];
    const counts = `${n} ${rightSamples} ${other?.n} ${other?.rightSamples}`;
    const key = open.has(index) ? `open ${index}` : counts;
    const known = cells.get(key);
    if (known !== undefined) known.multiplicity++;
    else {
      const second = other === undefined ? null : reader(1, index);
      cells.set(key, { multiplicity: 1, first: reader(0, index), second });
    }
  }
  return [...cells.values()];
}

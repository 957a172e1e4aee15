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
  const cells = cellsOf(runs, imputations);
  const rows = new SolvedRows(ks);
  const weights = new SeededRandom(seed, 43);
  const out: DrawnCurves = {
    full: new Float64Array(ks.length * draws),
    bootstrap: new Float64Array(ks.length * draws),
    jeffreys: new Float64Array(ks.length * draws),
  };
  const sums = [0, 1, 2, 3].map(() => new Float64Array(ks.length));
  const [plain, count, weighted, weight] = sums as [Float64Array, Float64Array, Float64Array, Float64Array];
  for (let draw = 0; draw < draws; draw++) {
    for (const imputation of imputations) imputation.draw();
    for (const sum of sums) sum.fill(0);
    for (const { index, multiplicity } of cells) {
      const w = multiplicity === 1 ? exponential(weights) : gamma(weights, multiplicity);
      const own = runs.map((problems, run) =>
        rows.row((problems[index] as CotProblem).n, imputations[run]?.right[index] as number),
      );
      const [first, second] = own;
      const length = Math.min(...own.map((row) => row.length));
      for (let k = 0; k < length; k++) {
        const value = (first?.[k] as number) - (second?.[k] ?? 0);
        plain[k] = (plain[k] as number) + multiplicity * value;
        count[k] = (count[k] as number) + multiplicity;
        weighted[k] = (weighted[k] as number) + w * value;
        weight[k] = (weight[k] as number) + w;
      }
    }
    const [below, above] = [halfGamma(weights), halfGamma(weights)];
    for (let k = 0, at = draw; k < ks.length; k++, at += draws) {
      out.full[at] = (plain[k] as number) / (count[k] as number);
      out.bootstrap[at] = (weighted[k] as number) / (weight[k] as number);
      out.jeffreys[at] =
        ((weighted[k] as number) + below * low + above) / ((weight[k] as number) + below + above);
    }
  }
  return out;
}

/** Problems that never change and have the same counts weigh together. */
function cellsOf(
  runs: readonly (readonly CotProblem[])[],
  imputations: readonly CotImputation[],
): readonly { readonly index: number; readonly multiplicity: number }[] {
  const open = new Set(imputations.flatMap((imputation) => imputation.open));
  const cells = new Map<string, { index: number; multiplicity: number }>();
  for (const index of runs[0]?.keys() ?? []) {
    const counts = runs.map((problems) => {
      const { n, rightSamples } = problems[index] as CotProblem;
      return `${n} ${rightSamples}`;
    });
    const key = open.has(index) ? `open ${index}` : counts.join(" ");
    const known = cells.get(key);
    if (known === undefined) cells.set(key, { index, multiplicity: 1 });
    else known.multiplicity++;
  }
  return [...cells.values()];
}

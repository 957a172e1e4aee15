import { SeededRandom } from "./seededRandom.ts";
import type { ValueTable } from "./valueTable.ts";
import { exponential, gamma } from "./variates.ts";

/** `gamma`: Bayesian bootstrap (Rubin 1981), Gamma(m, 1) for a cell of m problems. `multinomial`: Efron's bootstrap. */
export type WeightLaw = "gamma" | "multinomial";

/**
 * Sum of weights times values, and sum of weights, over the eligible cells: `[row * draws + draw]`, one row per k.
 * Every draw has ONE set of weights for all k, so that its curve is drawn jointly.
 */
export interface Resample {
  readonly draws: number;
  readonly sums: Float64Array;
  readonly totals: Float64Array;
}

export interface ResampleOptions {
  readonly law: WeightLaw;
  readonly draws: number;
  readonly seed: number;
}

/** Draws worked on together: their sums stay in registers while one row of values is read. */
const lanes = 8;

/** Resamples problems (never their samples: sampling noise is already inside the spread of the values). */
export function resample(table: ValueTable, { law, draws, seed }: ResampleOptions): Resample {
  const random = new SeededRandom(seed, law === "gamma" ? 1 : 2);
  const weights = new Float64Array(table.cells * lanes);
  const fill = law === "gamma" ? gammaWeights(table, random) : multinomialWeights(table, random);
  const segments = nonZeroSegments(table);
  const padded = Math.ceil(draws / lanes) * lanes;
  const sums = new Float64Array(table.ks.length * padded);
  const totals = new Float64Array(table.ks.length * padded);
  const target: SumsTarget = { out: sums, from: 0, to: 0, weight: 0, at: 0 };
  for (let draw = 0; draw < padded; draw += lanes) {
    fill(weights);
    addTotals(table, weights, { out: totals, stride: padded, draw });
    for (let row = 0; row < table.ks.length; row++) {
      for (const [start, end] of segments[row] as Segment[]) {
        target.from = row * table.cells + start;
        target.to = row * table.cells + end;
        target.weight = start * lanes;
        target.at = row * padded + draw;
        addSums(table.values, weights, target);
      }
    }
  }
  return { draws, sums: trim(sums, { draws, padded }), totals: trim(totals, { draws, padded }) };
}

function trim(values: Float64Array, { draws, padded }: { draws: number; padded: number }): Float64Array {
  if (draws === padded) return values;
  const rows = values.length / padded;
  const out = new Float64Array(rows * draws);
  for (let row = 0; row < rows; row++)
    out.set(values.subarray(row * padded, row * padded + draws), row * draws);
  return out;
}

type Fill = (weights: Float64Array) => void;

function gammaWeights({ multiplicity }: ValueTable, random: SeededRandom): Fill {
  return (weights) => {
    for (let cell = 0, at = 0; cell < multiplicity.length; cell++) {
      const m = multiplicity[cell] as number;
      if (m === 1) for (let lane = 0; lane < lanes; lane++) weights[at++] = exponential(random);
      else for (let lane = 0; lane < lanes; lane++) weights[at++] = gamma(random, m);
    }
  };
}

/** P problems drawn with replacement; each draw counts for the cell its problem is in. */
function multinomialWeights({ multiplicity }: ValueTable, random: SeededRandom): Fill {
  const cellOf: number[] = [];
  multiplicity.forEach((m, cell) => {
    for (let i = 0; i < m; i++) cellOf.push(cell);
  });
  const cells = Int32Array.from(cellOf);
  return (weights) => {
    weights.fill(0);
    for (let lane = 0; lane < lanes; lane++) {
      for (let i = 0; i < cells.length; i++) {
        const at = (cells[random.below(cells.length)] as number) * lanes + lane;
        weights[at] = (weights[at] as number) + 1;
      }
    }
  };
}

type Segment = [start: number, end: number];

/** Runs of eligible cells whose values are not 0: with many correct samples, U vanishes long before k = n. */
function nonZeroSegments({ ks, cells, values, eligibleCells }: ValueTable): Segment[][] {
  const gap = 16;
  return ks.map((_, row) => {
    const segments: Segment[] = [];
    let open: Segment | null = null;
    for (let cell = 0; cell < (eligibleCells[row] as number); cell++) {
      if (values[row * cells + cell] === 0) continue;
      if (open && cell - open[1] < gap) open[1] = cell + 1;
      else segments.push((open = [cell, cell + 1]));
    }
    return segments;
  });
}

interface TotalsTarget {
  readonly out: Float64Array;
  readonly stride: number;
  readonly draw: number;
}

/** Eligible cells are prefixes: one pass over the cells gives the totals of every k. */
function addTotals({ ks, eligibleCells }: ValueTable, weights: Float64Array, target: TotalsTarget): void {
  const { out, stride, draw } = target;
  const running = new Float64Array(lanes);
  let cell = 0;
  for (let row = ks.length - 1; row >= 0; row--) {
    for (; cell < (eligibleCells[row] as number); cell++) {
      for (let lane = 0; lane < lanes; lane++) {
        running[lane] = (running[lane] as number) + (weights[cell * lanes + lane] as number);
      }
    }
    out.set(running, row * stride + draw);
  }
}

interface SumsTarget {
  readonly out: Float64Array;
  /** Values [from, to), the first cell's first weight, the first lane's sum. */
  from: number;
  to: number;
  weight: number;
  at: number;
}

/** The inner loop: eight sums in locals, one value read for eight products. No allocation in here. */
function addSums(
  values: Float64Array,
  weights: Float64Array,
  { out, from, to, weight, at }: SumsTarget,
): void {
  let a = out[at] as number;
  let b = out[at + 1] as number;
  let c = out[at + 2] as number;
  let d = out[at + 3] as number;
  let e = out[at + 4] as number;
  let f = out[at + 5] as number;
  let g = out[at + 6] as number;
  let h = out[at + 7] as number;
  for (let i = from, w = weight; i < to; i++, w += lanes) {
    const value = values[i] as number;
    a += value * (weights[w] as number);
    b += value * (weights[w + 1] as number);
    c += value * (weights[w + 2] as number);
    d += value * (weights[w + 3] as number);
    e += value * (weights[w + 4] as number);
    f += value * (weights[w + 5] as number);
    g += value * (weights[w + 6] as number);
    h += value * (weights[w + 7] as number);
  }
  out[at] = a;
  out[at + 1] = b;
  out[at + 2] = c;
  out[at + 3] = d;
  out[at + 4] = e;
  out[at + 5] = f;
  out[at + 6] = g;
  out[at + 7] = h;
}

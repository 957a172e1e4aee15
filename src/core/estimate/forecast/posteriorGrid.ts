import {
  type BetaModel,
  type CountCell,
  countCells,
  logLikelihood,
  massSums,
  modelPassAtK,
} from "./betaBinomial.ts";
import type { ProblemCount } from "../names.ts";

/** Grid points of the posterior with their weights (they sum to 1); no optimiser, so nothing to fail. */
export interface Posterior {
  readonly models: readonly BetaModel[];
  readonly weights: Float64Array;
  readonly best: BetaModel;
}

/** Points to a side for logit mu and ln(a+b), and for the share of zeros; how often the box is drawn in. */
const side = 33;
const zerosSide = 17;
const rounds = 3;
/** What is less likely than the best by more than this factor (ln) is left out of the next box. */
const depth = 10;

interface Axis {
  readonly from: number;
  readonly to: number;
  readonly points: number;
}

/**
 * Posterior of (a, b), and of the share of zeros where `zeroInflated`, on a grid of logit mu in [-8, 8] and ln(a+b) in
 * [-4, 7], mu = a/(a+b); prior uniform in mu (density mu(1-mu) on the logit scale), flat in ln(a+b) and in the share. The
 * grid is laid again twice over the box where ln posterior > max - 10, a step wider: one fixed grid is too coarse for many
 * problems.
 */
export function posteriorGrid(counts: readonly ProblemCount[], zeroInflated: boolean): Posterior {
  const cells = countCells(counts);
  let axes: [Axis, Axis, Axis] = [
    { from: -8, to: 8, points: side },
    { from: -4, to: 7, points: side },
    zeroInflated ? { from: 0, to: 0.95, points: zerosSide } : { from: 0, to: 0, points: 1 },
  ];
  for (let round = 1; ; round++) {
    const grid = evaluated(cells, axes);
    if (round === rounds) return normalised(grid);
    axes = drawnIn(grid, axes);
  }
}

interface GridPoint {
  readonly at: readonly [number, number, number];
  readonly logPosterior: number;
}

function evaluated(cells: readonly CountCell[], [mus, sizes, zeros]: readonly [Axis, Axis, Axis]) {
  const points: GridPoint[] = [];
  for (const logit of along(mus))
    for (const logSize of along(sizes)) {
      const { a, b } = shapeOf(logit, logSize);
      const sums = massSums(cells, a, b);
      const prior = -logit - 2 * Math.log1p(Math.exp(-logit));
      for (const share of along(zeros)) {
        points.push({
          at: [logit, logSize, share],
          logPosterior: logLikelihood(sums, share) + prior,
        });
      }
    }
  return points;
}

function drawnIn(grid: readonly GridPoint[], axes: readonly [Axis, Axis, Axis]): [Axis, Axis, Axis] {
  const most = highest(grid);
  const inside = grid.filter(({ logPosterior }) => logPosterior > most - depth);
  const narrowed = (axis: Axis, dimension: 0 | 1 | 2): Axis => {
    if (axis.points === 1) return axis;
    const step = (axis.to - axis.from) / (axis.points - 1);
    const values = inside.map(({ at }) => at[dimension]);
    return {
      ...axis,
      from: Math.max(axis.from, values.reduce((x, y) => Math.min(x, y), Infinity) - step),
      to: Math.min(axis.to, values.reduce((x, y) => Math.max(x, y), -Infinity) + step),
    };
  };
  return [narrowed(axes[0], 0), narrowed(axes[1], 1), narrowed(axes[2], 2)];
}

function normalised(grid: readonly GridPoint[]): Posterior {
  const most = highest(grid);
  const weights = Float64Array.from(grid, ({ logPosterior }) => Math.exp(logPosterior - most));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const models = grid.map(({ at: [logit, logSize, zeros] }) => ({ ...shapeOf(logit, logSize), zeros }));
  return {
    models,
    weights: weights.map((weight) => weight / total),
    best: models[grid.findIndex(({ logPosterior }) => logPosterior === most)] as BetaModel,
  };
}

function highest(grid: readonly GridPoint[]): number {
  return grid.reduce((most, { logPosterior }) => Math.max(most, logPosterior), -Infinity);
}

function along({ from, to, points }: Axis): number[] {
  return Array.from({ length: points }, (_, i) =>
    points === 1 ? from : from + ((to - from) * i) / (points - 1),
  );
}

function shapeOf(logit: number, logSize: number): { readonly a: number; readonly b: number } {
  const size = Math.exp(logSize);
  return { a: size / (1 + Math.exp(-logit)), b: size / (1 + Math.exp(logit)) };
}

export interface ModelRate {
  /** Posterior median. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Posterior median and 95 % ends of the model's pass@k: quantiles over the weighted grid. */
export function posteriorPassAtK({ models, weights }: Posterior, k: number): ModelRate {
  const heavy = models.flatMap((model, i) => {
    const weight = weights[i] as number;
    return weight < 1e-9 ? [] : [{ value: modelPassAtK(model, k), weight }];
  });
  heavy.sort((x, y) => x.value - y.value);
  const at = (p: number) => {
    let sum = 0;
    for (const { value, weight } of heavy) if ((sum += weight) >= p) return value;
    return heavy.at(-1)?.value ?? Number.NaN;
  };
  return { value: at(0.5), low: at(0.025), high: at(0.975) };
}

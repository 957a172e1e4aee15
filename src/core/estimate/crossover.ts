import { ascending, type CurveOptions } from "./curve.ts";
import { difference, pairN, type ProblemPair } from "./difference.ts";
import { kGrid } from "./kGrid.ts";
import type { Resolution } from "./names.ts";
import type { DifferencePoint } from "./report.ts";
import { nearZero } from "./sharpen.ts";
import { differenceTable } from "./valueTable.ts";

/** Where the second run of each pair overtakes the first, or the other way round. */
export interface Crossover {
  /** Which of the pair leads at kEnd: 0 or 1; `null`: a tie there, so neither overtakes. */
  readonly overtaker: 0 | 1 | null;
  /** First k from which the overtaker leads at every larger k; 1: it leads throughout; `null`: never. */
  readonly k: number | null;
  readonly low: number;
  /** `null`: never, up to kEnd. */
  readonly high: number | null;
  readonly verdict: Resolution;
  readonly kEnd: number;
  readonly problems: number;
  /** First minus second run at k = 1 and k = kEnd, by the method asked for. */
  readonly first: DifferencePoint;
  readonly last: DifferencePoint;
}

/** Up to here a crossover is looked for at every whole k, above at the grid's. */
const everyKUpTo = 128;
/** kEnd is the largest k that this share of the paired problems can estimate; the others are left out throughout. */
const shareAtEnd = 0.9;

/**
 * Stable crossover k* of two runs paired over problems: the smallest k at which the overtaker (who leads at kEnd) leads,
 * there and at EVERY larger k (the first k with a lead is far less reliable: curves of noise cross several times).
 * Interval by inverting the pointwise band (Fieller-like): low is the first k at which the other one is not resolved
 * ahead, high the k after the last one at which the overtaker is not resolved ahead.
 * Verdict from the two ends, k = 1 and k = kEnd, fixed before looking (intersection-union, so without correction):
 * `resolved` when the other one is resolved ahead at k = 1 and the overtaker at kEnd by the safe interval (jbb; or by the
 * `fixed` one where that is asked for), `suggestive` when only the percentile interval says so.
 * `null` without a common problem. `known`: the same pairs' differences by the same options at the grid's k, if they were
 * counted before; they are not counted again where they are of the same problems.
 */
export function crossover(
  pairs: readonly ProblemPair[],
  options: CurveOptions = {},
  known: readonly DifferencePoint[] = [],
): Crossover | null {
  const kEnd = endOf(pairs);
  if (kEnd === 0) return null;
  const used = pairs.filter((pair) => pairN(pair) >= kEnd);
  const fits = used.length === pairs.length && known.length > 0 && known.at(-1)?.k === kEnd;
  const grid = fits ? known : difference(used, kGrid(kEnd), options);
  const band = refinedBand(used, { grid, kEnd }, options);
  const [first, last] = [band[0], band.at(-1)];
  if (!first || !last) return null;
  const overtaker = leader(last.difference);
  const ahead = overtaker === 0 ? band : band.map(mirrored);
  return {
    overtaker,
    k: overtaker === null ? null : firstStableLead(used, kEnd, overtaker),
    ...placeOf(ahead, kEnd),
    verdict: verdictOf(used, { first, last, options }),
    kEnd,
    problems: used.length,
    first,
    last,
  };
}

/** Differences with intervals at the grid's k, and at every whole k beside the two ends of the crossing's interval. */
function refinedBand(
  pairs: readonly ProblemPair[],
  { grid, kEnd }: { readonly grid: readonly DifferencePoint[]; readonly kEnd: number },
  options: CurveOptions,
): DifferencePoint[] {
  const last = grid.at(-1);
  if (!last) return [];
  const { low, high } = placeOf(leader(last.difference) === 0 ? grid : grid.map(mirrored), kEnd);
  const beside = [low, high ?? kEnd].flatMap((end) => {
    const before = grid.findLast(({ k }) => k < end)?.k ?? end;
    return wholeBetween(before, Math.min(end, everyKUpTo));
  });
  return [...grid, ...difference(pairs, beside, options)].sort((a, b) => a.k - b.k);
}

/** The whole k after `low` and before `high`. */
function wholeBetween(low: number, high: number): number[] {
  return Array.from({ length: Math.max(0, high - low - 1) }, (_, i) => low + 1 + i);
}

/** `ahead`: the overtaker's lead at ascending k. */
function placeOf(ahead: readonly DifferencePoint[], kEnd: number): { low: number; high: number | null } {
  return {
    low: ahead.find((point) => point.high >= 0)?.k ?? kEnd,
    high: afterLast(ahead, (point) => point.low <= 0),
  };
}

function endOf(pairs: readonly ProblemPair[]): number {
  const ns = pairs.map(pairN).filter((n) => n > 0);
  ns.sort((a, b) => b - a);
  return ns[Math.ceil(shareAtEnd * ns.length) - 1] ?? 0;
}

/** Differences this small are rounding: exact ties occur (equal counts at k = n). */
const tie = 1e-12;

function leader(difference: number): 0 | 1 | null {
  if (Math.abs(difference) < tie) return null;
  return difference > 0 ? 0 : 1;
}

/** From the means alone, which need no draws: at every whole k up to 128, above it at the grid's. */
function firstStableLead(pairs: readonly ProblemPair[], kEnd: number, overtaker: 0 | 1): number | null {
  const ks = ascending([...wholeBetween(0, Math.min(kEnd, everyKUpTo) + 1), ...kGrid(kEnd)], kEnd);
  const { means } = differenceTable(pairs, ks);
  const lead = Array.from(means, (mean, i) => ({ k: ks[i] as number, mean: overtaker === 0 ? mean : -mean }));
  return afterLast(lead, ({ mean }) => mean < tie);
}

/** The k after the last point with a property; the first k where none has it, `null` where the last one has. */
function afterLast<T extends { readonly k: number }>(
  points: readonly T[],
  has: (point: T) => boolean,
): number | null {
  return points[points.findLastIndex(has) + 1]?.k ?? null;
}

/** The same difference the other way round. */
export function mirrored(point: DifferencePoint): DifferencePoint {
  return { ...point, difference: -point.difference, low: -point.high, high: -point.low };
}

/**
 * Draws for the verdict, whatever is drawn for the band: it must not hang on the seed. jbb needs few, as its bounds near 0
 * are then computed exactly (sharpenNearZero); the percentile bootstrap gets 10,000 unless there are many problems, but
 * where the first 1,000 leave no doubt.
 */
const jbbDraws = 1000;
const fewDraws = 1000;
const percentileDraws = (problems: number): number =>
  Math.max(1000, Math.min(10_000, Math.ceil(5e6 / problems)));

interface Ends {
  readonly first: DifferencePoint;
  readonly last: DifferencePoint;
  readonly options: CurveOptions;
}

function verdictOf(pairs: readonly ProblemPair[], { first, last, options }: Ends): Resolution {
  const { interval = "jbb" } = options;
  if (interval === "fixed") return resolvedApart(first, last) ? "resolved" : "notResolved";
  // The same leader at both ends: no method can call that a crossing, as every interval holds its estimate.
  if (first.difference * last.difference >= 0) return "notResolved";
  // What the band was drawn with at its ends is the same draw again.
  const isDrawn = interval === "jbb" && (options.draws ?? jbbDraws) === jbbDraws;
  const ends = (method: "jbb" | "percentile", draws: number): readonly DifferencePoint[] =>
    difference(pairs, [first.k, last.k], { ...options, interval: method, draws });
  if (apart(isDrawn ? [first, last] : ends("jbb", jbbDraws))) return "resolved";
  const drawn = ends("percentile", fewDraws);
  const most = percentileDraws(pairs.length);
  const enough = isDecided(drawn) || most <= fewDraws ? drawn : ends("percentile", most);
  return apart(enough) ? "suggestive" : "notResolved";
}

/** Would more draws say the same? One interval that holds 0 without a doubt is enough for a no. */
function isDecided(points: readonly DifferencePoint[]): boolean {
  const near = points.map((point) => nearZero(point, fewDraws));
  const isClear = near.map(({ low, high }) => !low && !high);
  return (
    isClear.every(Boolean) || points.some(({ low, high }, i) => isClear[i] === true && low < 0 && high > 0)
  );
}

const apart = (points: readonly DifferencePoint[]): boolean => resolvedApart(points[0], points.at(-1));

/** Both intervals exclude 0, on opposite sides. */
function resolvedApart(first?: DifferencePoint, last?: DifferencePoint): boolean {
  if (!first || !last) return false;
  return (first.high < 0 && last.low > 0) || (first.low > 0 && last.high < 0);
}

import type { EntropyAt } from "./matchEntropy.ts";

/** Where the line through measurements meets a target; all errors are relative, as logs are. */
export interface EntropyLine {
  /** Within the temperatures measured. */
  readonly temperature: number;
  /** ln of the line's entropy there over the target: 0 unless the line meets it outside of what was measured. */
  readonly error: number;
  /** Of the line's entropy there. */
  readonly variance: number;
  /** Of one text. */
  readonly textVariance: number;
  /** Share of the weight at temperatures where the line is within the tolerance: how little of it is interpolation. */
  readonly nearShare: number;
  readonly samples: number;
}

/** Measurements at temperatures further off, as a factor, bend the line more than they help. */
const farthest = 1.5;
/** Where a measurement has no error, its weight has an end. */
const leastVariance = 1e-10;

/**
 * ln H over the target as a line in ln T, by weighted least squares through the measurements near the target and both ends
 * of its bracket. `null` where it does not rise.
 */
export function entropyLine(
  measured: readonly EntropyAt[],
  { target, tolerance }: { readonly target: number; readonly tolerance: number },
): EntropyLine | null {
  const points = nearest(measured.map((at) => pointOf(at, target)));
  const weight = sum(points, ({ w }) => w);
  const [xMean, yMean] = [
    sum(points, ({ w, x }) => w * x) / weight,
    sum(points, ({ w, y }) => w * y) / weight,
  ];
  const xx = sum(points, ({ w, x }) => w * (x - xMean) ** 2);
  const slope = sum(points, ({ w, x, y }) => w * (x - xMean) * (y - yMean)) / xx;
  if (!(slope > 0)) return null;
  const xs = points.map(({ x }) => x);
  const x = Math.min(Math.max(...xs), Math.max(Math.min(...xs), xMean - yMean / slope));
  const samples = sum(points, ({ at }) => at.samples);
  const near = points.filter((point) => slope * Math.abs(point.x - x) <= tolerance);
  return {
    temperature: Math.exp(x),
    error: yMean + slope * (x - xMean),
    variance: 1 / weight + (x - xMean) ** 2 / xx,
    textVariance: sum(points, ({ at, w }) => at.samples ** 2 / w) / samples,
    nearShare: sum(near, ({ w }) => w) / weight,
    samples,
  };
}

interface Point {
  readonly at: EntropyAt;
  /** ln T, and ln of entropy over target. */
  readonly x: number;
  readonly y: number;
  /** 1 / variance of y. */
  readonly w: number;
}

function pointOf(at: EntropyAt, target: number): Point {
  const entropy = Math.max(middle(at), Number.MIN_VALUE);
  const w = 1 / Math.max(leastVariance, (at.standardError / entropy) ** 2);
  return { at, x: Math.log(at.temperature), y: Math.log(entropy / target), w };
}

/** Those around the middle of the bracket; its ends are always among them. Chosen by temperature: no error chooses. */
function nearest(points: readonly Point[]): readonly Point[] {
  const sorted = points.toSorted((a, b) => a.x - b.x);
  const ends = [sorted.findLast(({ y }) => y < 0), sorted.find(({ y }) => y >= 0)];
  const xs = ends.flatMap((end) => (end === undefined ? [] : [end.x]));
  const center = xs.reduce((total, x) => total + x, 0) / xs.length;
  return sorted.filter((point) => Math.abs(point.x - center) <= Math.log(farthest) || ends.includes(point));
}

const sum = (points: readonly Point[], of: (point: Point) => number): number =>
  points.reduce((total, point) => total + of(point), 0);

/** Between its bounds. */
export const middle = ({ low, high }: EntropyAt): number => (low + high) / 2;

// One run's line: its points for the chosen metric, and how they are written. Pure.
import { atMost, count, counted, interval, percent } from "../../src/core/numberWords.ts";
import type { MetricView } from "../../src/protocol/analyses.ts";
import type { RunView } from "../../src/protocol/curves.ts";
import type { Series } from "../../src/core/report/series.ts";
import type { Metric } from "./look.ts";
import type { RateText } from "./rateText.ts";
import { tauAxis } from "./xAxis.ts";

/** A fraction at one k (at one tau for Cover@tau). `problems`: how many have n >= k. */
export interface LinePoint {
  readonly k: number;
  readonly value: number;
  readonly ends: { readonly low: number; readonly high: number } | null;
  readonly problems: number;
}

export interface CurveLine {
  readonly series: Series;
  readonly run: RunView;
  readonly points: readonly LinePoint[];
  /** What k is multiplied with along the axis: the tokens of a sample where they are the axis, else 1. */
  readonly unit: number;
}

/** `counted`: what the host counted for a metric that is not in the snapshot; `null` before it is there. */
export function pointsOf(
  run: RunView,
  metric: Metric,
  counted: readonly MetricView[] | null = null,
): readonly LinePoint[] {
  if (metric === "majority")
    return (run.majority ?? []).map(({ k, value, low, high, problems }) => ({
      k,
      value,
      ends: { low, high },
      problems,
    }));
  if (metric !== "pass") {
    const own = counted?.find(({ runId }) => runId === run.id)?.points ?? [];
    return own.map(({ at, value, low, high, problems }) => ({ k: at, value, ends: { low, high }, problems }));
  }
  return run.curve.map(({ k, passAtK, low, high, problems }) => ({
    k,
    value: passAtK,
    ends: { low, high },
    problems,
  }));
}

const metricWords: Readonly<Record<Metric, string>> = {
  pass: "pass",
  majority: "maj",
  gPass: "G-Pass",
  cover: "Cover",
};

/** `pass@16`, `maj@k`, `Cover@0.5` */
export function metricAt(metric: Metric, k: number | "k"): string {
  if (metric === "cover") return `Cover@${k === "k" ? "tau" : tauAxis.write(k)}`;
  return `${metricWords[metric]}@${k === "k" ? k : count(k)}`;
}

export const pointAt = (line: Pick<CurveLine, "points">, k: number): LinePoint | undefined =>
  line.points.find((point) => point.k === k);

/** Fewer problems than at k = 1 have n >= k. */
export const isPartial = (point: LinePoint, { points }: Pick<CurveLine, "points">): boolean =>
  point.problems < (points[0]?.problems ?? 0);

/** Rate at any k, straight between the two grid points in log2 k, as the line is drawn. */
export function rateAt(curve: readonly LinePoint[], k: number): number {
  const after = curve.findIndex((point) => point.k >= k);
  const [right, left] = [curve[after], curve[after - 1]];
  if (!right) return curve.at(-1)?.value ?? 0;
  if (!left || right.k === k) return right.value;
  const share = Math.log2(k / left.k) / Math.log2(right.k / left.k);
  return left.value + share * (right.value - left.value);
}

/** The value with its interval; where fewer problems than at k = 1 are counted, also how many. */
export function rateText(point: LinePoint | undefined, line: CurveLine, k: number): RateText {
  if (!point) return { value: "", interval: line.run.nMax < k ? `n < ${count(k)}` : "not estimable" };
  const { value, ends, problems } = point;
  const share = isPartial(point, line) ? counted(problems, "problem") : "";
  const join = (text: string): string => [text, share].filter(Boolean).join(", ");
  if (value === 0 && ends) return { value: "", interval: join(atMost(ends.high)) };
  return { value: percent(value), interval: join(ends ? interval(ends.low, ends.high) : "") };
}

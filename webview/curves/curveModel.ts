// From a snapshot to what the Curve tab draws and writes. Pure.
import type {
  CrossoverView,
  CurvePointView,
  CurvesSnapshot,
  DifferenceView,
  RunView,
} from "../../src/protocol/curves.ts";
import { atMost, count, counted, interval, percent, points } from "../shared/format.ts";
import { seriesOf, type Series } from "../shared/series.ts";
import type { RateText } from "./rateText.ts";

export interface CurveLine {
  readonly series: Series;
  readonly run: RunView;
  readonly points: readonly CurvePointView[];
}

export interface CurveModel {
  readonly lines: readonly CurveLine[];
  readonly differences: readonly { readonly series: Series; readonly points: DifferenceView["points"] }[];
  readonly referenceId: string | null;
  readonly referenceName: string;
  /** Every k any run has a value at, ascending. */
  readonly ks: readonly number[];
  /** Powers of 2 up to the largest k. */
  readonly ticks: readonly number[];
  readonly kMax: number;
  /** Resolved crossovers with their place on the reference's line. */
  readonly crossings: readonly Crossing[];
  readonly notices: readonly Notice[];
}

export interface Crossing {
  readonly runId: string;
  readonly k: number;
  readonly low: number;
  readonly high: number;
  readonly rate: number;
  readonly label: string;
  readonly interval: string;
}

/** A calm line under the chart: a bold lead and the rest. */
export interface Notice {
  readonly lead: string;
  readonly rest: string;
}

export function curveModel(snapshot: CurvesSnapshot): CurveModel {
  const series = seriesOf(snapshot.runs);
  const lines = snapshot.runs.flatMap((run) => {
    const own = series.get(run.id);
    return own && run.curve.length > 0 ? [{ series: own, run, points: run.curve }] : [];
  });
  const ks = [...new Set(lines.flatMap((line) => line.points.map((point) => point.k)))].sort((a, b) => a - b);
  const kMax = ks.at(-1) ?? 1;
  const reference = snapshot.runs.find((run) => run.id === snapshot.referenceId);
  return {
    lines,
    ks,
    kMax,
    ticks: powersOfTwo(kMax),
    referenceId: snapshot.referenceId,
    referenceName: reference?.name ?? "",
    differences: snapshot.differences.flatMap(({ runId, points }) => {
      const own = series.get(runId);
      return own && points.length > 0 ? [{ series: own, points }] : [];
    }),
    crossings: snapshot.crossovers.flatMap((crossover) =>
      crossing(crossover, lines, snapshot.referenceId, kMax),
    ),
    notices: [...snapshot.crossovers.flatMap(crossoverNotice), ...lines.flatMap(endNotice)],
  };
}

export function powersOfTwo(max: number): number[] {
  const powers: number[] = [];
  for (let k = 1; k <= max; k *= 2) powers.push(k);
  return powers;
}

export const pointAt = (line: Pick<CurveLine, "points">, k: number): CurvePointView | undefined =>
  line.points.find((point) => point.k === k);

/** A crossing in the middle of the chart; one that leads from k = 1 on has no place. */
const isCrossing = ({ k }: CrossoverView): boolean => k !== null && k > 1;

function crossing(
  crossover: CrossoverView,
  lines: readonly CurveLine[],
  referenceId: string | null,
  kMax: number,
): readonly Crossing[] {
  const { runId, k, low, high, verdict } = crossover;
  const reference = lines.find((line) => line.run.id === referenceId);
  if (verdict !== "resolved" || k === null || !isCrossing(crossover) || !reference) return [];
  const ends = `[${low}, ${high ?? `> ${kMax}`}]`;
  return [
    {
      runId,
      k,
      low,
      high: high ?? kMax,
      rate: rateAt(reference.points, k),
      label: `crossover k = ${k}`,
      interval: `95 % ${ends}`,
    },
  ];
}

/** Rate at any k, straight between the two grid points in log2 k, as the line is drawn. */
export function rateAt(curve: readonly CurvePointView[], k: number): number {
  const after = curve.findIndex((point) => point.k >= k);
  const [right, left] = [curve[after], curve[after - 1]];
  if (!right) return curve.at(-1)?.passAtK ?? 0;
  if (!left || right.k === k) return right.passAtK;
  const share = Math.log2(k / left.k) / Math.log2(right.k / left.k);
  return left.passAtK + share * (right.passAtK - left.passAtK);
}

function crossoverNotice(crossover: CrossoverView): readonly Notice[] {
  const { verdict, sentence } = crossover;
  if (verdict === "resolved" || !isCrossing(crossover)) return [];
  const end = sentence.indexOf(". ");
  return end < 0
    ? [{ lead: sentence, rest: "" }]
    : [{ lead: sentence.slice(0, end + 1), rest: sentence.slice(end + 2) }];
}

/** Where fewer problems than at k = 1 have enough samples. */
function endNotice({ series, run, points }: CurveLine): readonly Notice[] {
  const all = points[0]?.problems ?? 0;
  const full = points.filter((point) => point.problems === all).at(-1);
  const last = points.at(-1);
  if (!full || !last || full.k === last.k) return [];
  const short = all - last.problems;
  return [
    {
      lead: `Curve ends at k = ${full.k} for ${series.name}.`,
      rest: `${counted(short, "problem")} ${short === 1 ? "has" : "have"} fewer than ${count(last.k)} samples (least ${count(run.nMin)}); past k = ${full.k} only ${count(last.problems)} of ${count(all)} are counted, drawn faint.`,
    },
  ];
}

export function rateText(point: CurvePointView | undefined, line: CurveLine, k: number): RateText {
  if (!point) return { value: "", interval: line.run.nMax < k ? `n < ${count(k)}` : "not estimable" };
  if (point.passAtK === 0) return { value: "", interval: atMost(point.high) };
  return { value: percent(point.passAtK), interval: interval(point.low, point.high) };
}

/** The three k of the summary: 1, the power of 2 nearest the middle on the log axis, the largest. */
export function summaryKs(ks: readonly number[]): number[] {
  const max = ks.at(-1) ?? 1;
  const middle = 2 ** Math.round(Math.log2(max) / 2);
  return [...new Set([1, middle, max])].filter((k) => ks.includes(k)).sort((a, b) => a - b);
}

export function differenceText(model: CurveModel, runId: string, k: number): RateText | null {
  const at = model.differences
    .find((difference) => difference.series.runId === runId)
    ?.points.find((point) => point.k === k);
  return at ? { value: points(at.difference), interval: interval(at.low, at.high, points) } : null;
}

/** The words of the table's crossover cell; the sentence goes into its tooltip. */
export function crossoverText(crossover: CrossoverView | undefined, kMax: number): RateText {
  if (!crossover) return { value: "", interval: "" };
  const { k, low, high, verdict } = crossover;
  if (k === null || k <= 1) return { value: "", interval: `none up to k = ${count(kMax)}` };
  if (verdict === "notResolved") return { value: "", interval: "not resolved" };
  if (verdict === "suggestive") return { value: `k = ${k}`, interval: "suggestive only" };
  return { value: `k = ${k}`, interval: `[${low}, ${high ?? `> ${kMax}`}]` };
}

/** `RL, step 270` */
export function roleText(run: RunView): string {
  const names = { base: "base", rl: "RL", distilled: "distilled", instruct: "instruct", other: "other" };
  const step = run.metadata["step"];
  return step === undefined ? names[run.role] : `${names[run.role]}, step ${step}`;
}

/** `256`, or `64 to 256` where problems differ. */
export const samplesText = (run: Pick<RunView, "nMin" | "nMax">): string =>
  run.nMin === run.nMax ? count(run.nMax) : `${count(run.nMin)} to ${count(run.nMax)}`;

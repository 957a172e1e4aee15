// From a snapshot to what the Curve tab draws and writes. Pure.
import { answerSpace } from "../../src/core/estimate/guessFloor.ts";
import { count, interval, points } from "../../src/core/numberWords.ts";
import type { ForecastView, MetricView } from "../../src/protocol/analyses.ts";
import type { CrossoverView, CurvesSnapshot, DifferenceView, RunView } from "../../src/protocol/curves.ts";
import { seriesOf, type Series } from "../../src/core/report/series.ts";
import { metricAt, pointsOf, rateAt, type CurveLine } from "./curveLine.ts";
import { curveNotices, isCrossing, listed, type Notice } from "./curveNotices.ts";
import { guesser, type Floor } from "./floorLine.ts";
import { cotNotices, type CotLine } from "./cotLine.ts";
import { type ForecastLine, forecastNotices } from "./forecastLine.ts";
import { firstLook, type Look } from "./look.ts";
import type { RateText } from "./rateText.ts";
import { samplesAxis, tauAxis, tokensAxis, type XAxis } from "./xAxis.ts";

export interface CurveModel {
  readonly metric: Look["metric"];
  /** Of G-Pass@k. */
  readonly tau: number;
  readonly axis: XAxis;
  readonly lines: readonly CurveLine[];
  readonly differences: readonly { readonly series: Series; readonly points: DifferenceView["points"] }[];
  readonly referenceId: string | null;
  readonly referenceName: string;
  /** Every k any run has a value at, ascending. */
  readonly ks: readonly number[];
  readonly kMax: number;
  /** Resolved crossovers with their place on the reference's line. */
  readonly crossings: readonly Crossing[];
  readonly notices: readonly Notice[];
  /** Answers that a guesser chooses from, where they are known and the metric is pass@k. */
  readonly answers: number | null;
  /** CoT-Pass@k of the runs that have labels, where the metric is pass@k. */
  readonly cotLines: readonly CotLine[];
  /** Beyond n, where it is asked for and the metric is pass@k. */
  readonly forecasts: readonly ForecastLine[];
  /** The guesser's line, where it is asked for and the answers are known. */
  readonly floor: Floor | null;
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

export type CurveWish = Pick<Look, "metric" | "floor" | "tau" | "cost" | "forecast">;

/** What the host counts only when it is asked; `null` before it is there. */
export interface CurveExtras {
  readonly counted: readonly MetricView[] | null;
  readonly forecasts: readonly ForecastView[] | null;
}

export function curveModel(
  snapshot: CurvesSnapshot,
  wish: Partial<CurveWish> = {},
  extras: CurveExtras = { counted: null, forecasts: null },
): CurveModel {
  const { metric, floor, tau, cost, forecast } = { ...firstLook, ...wish };
  const inTokens = cost === "tokens" && metric !== "cover";
  const series = seriesOf(snapshot.runs);
  const lines = snapshot.runs.flatMap((run) => {
    const own = series.get(run.id);
    const points = pointsOf(run, metric, extras.counted);
    const unit = inTokens ? run.tokensPerSample : 1;
    return own && points.length > 0 && unit !== null ? [{ series: own, run, points, unit }] : [];
  });
  const ks = [...new Set(lines.flatMap((line) => line.points.map((point) => point.k)))].sort((a, b) => a - b);
  const kMax = ks.at(-1) ?? 1;
  const reference = snapshot.runs.find((run) => run.id === snapshot.referenceId);
  // Differences and crossovers are of pass@k, at the same k.
  const compared = metric === "pass" && !inTokens;
  const answers = compared ? knownAnswers(snapshot) : null;
  const crossovers = compared ? snapshot.crossovers : [];
  const cotLines = compared
    ? lines.flatMap(({ series: own, run }) => (run.cot === null ? [] : [{ series: own, cot: run.cot }]))
    : [];
  const forecasts = metric === "pass" && forecast ? forecastsOf(lines, extras.forecasts ?? []) : [];
  const waits = [
    ...((metric === "gPass" || metric === "cover") && extras.counted === null
      ? [{ lead: `${metricAt(metric, "k")} is being counted.`, rest: "" }]
      : []),
    ...(metric === "pass" && forecast && extras.forecasts === null
      ? [{ lead: "The forecast is being counted.", rest: "" }]
      : []),
  ];
  return {
    metric,
    tau,
    axis: axisOf({ metric, inTokens, kMax, lines, forecasts }),
    lines,
    cotLines,
    forecasts,
    ks,
    kMax,
    referenceId: snapshot.referenceId,
    referenceName: reference?.name ?? "",
    differences: (compared ? snapshot.differences : []).flatMap(({ runId, points }) => {
      const own = series.get(runId);
      return own && points.length > 0 ? [{ series: own, points }] : [];
    }),
    crossings: crossovers.flatMap((crossover) => crossing(crossover, lines, snapshot.referenceId, kMax)),
    notices: [
      ...waits,
      ...curveNotices(snapshot, lines, metric),
      ...cotNotices(cotLines),
      ...forecastNotices(forecasts),
      ...(inTokens ? withoutTokens(snapshot) : []),
    ],
    answers,
    floor: floor && answers !== null ? guesser(answers, kMax) : null,
  };
}

/** Countdown's gold is the target, not the answer: nothing to guess there. */
function knownAnswers({ problems, runs }: CurvesSnapshot): number | null {
  return runs.some(({ verifier }) => verifier.startsWith("countdown"))
    ? null
    : answerSpace(problems.map(({ gold }) => gold));
}

interface AxisParts extends Pick<CurveModel, "metric" | "kMax" | "lines" | "forecasts"> {
  readonly inTokens: boolean;
}

function axisOf({ metric, inTokens, kMax, lines, forecasts }: AxisParts): XAxis {
  if (metric === "cover") return tauAxis;
  const end = (line: { readonly unit: number; readonly points: readonly { readonly k: number }[] }): number =>
    line.unit * (line.points.at(-1)?.k ?? 1);
  const most = [...lines, ...forecasts].reduce((far, line) => Math.max(far, end(line)), 1);
  if (!inTokens || lines.length === 0) return samplesAxis(Math.max(kMax, most));
  return tokensAxis(Math.min(...lines.map(({ unit }) => unit)), most);
}

function forecastsOf(lines: readonly CurveLine[], views: readonly ForecastView[]): readonly ForecastLine[] {
  return lines.flatMap(({ series, run, unit }) => {
    const found = views.find(({ runId }) => runId === run.id)?.forecast;
    return found ? [{ series, unit, ...found }] : [];
  });
}

/** Runs that have no place on an axis of tokens. */
function withoutTokens({ runs }: CurvesSnapshot): readonly Notice[] {
  const names = runs.filter(({ tokensPerSample }) => tokensPerSample === null).map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    {
      lead: `${listed(names)} ${names.length === 1 ? "has" : "have"} samples without a count of tokens.`,
      rest: "Without it there is no cost to show.",
    },
  ];
}

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

/** The three k of the summary: 1, the power of 2 nearest the middle on the log axis, the largest. */
export function summaryKs(ks: readonly number[], kind: XAxis["kind"] = "samples"): number[] {
  if (kind === "tau") return middleTaus(ks);
  const max = ks.at(-1) ?? 1;
  const middle = 2 ** Math.round(Math.log2(max) / 2);
  return [...new Set([1, middle, max])].filter((k) => ks.includes(k)).sort((a, b) => a - b);
}

/** The smallest rate that n samples can tell, the one nearest one half, and always. */
function middleTaus(taus: readonly number[]): number[] {
  const middle = taus.reduce((best, tau) => (Math.abs(tau - 0.5) < Math.abs(best - 0.5) ? tau : best), 1);
  return [...new Set([...taus.slice(0, 1), middle, ...taus.slice(-1)])];
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

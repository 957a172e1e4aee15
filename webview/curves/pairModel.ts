// Two runs (or one) problem by problem: what Histogram, Coverage and Problems are made of. Pure.
import { isCutOff, reachOf, solvedOf } from "../../src/core/estimate/countValues.ts";
import { coverage, type Coverage, type CoverageCell } from "../../src/core/estimate/coverage.ts";
import { binOf, binTransitions, histogram } from "../../src/core/estimate/histogram.ts";
import type { StopPlan } from "../../src/core/estimate/adaptive/stopPlan.ts";
import type { ProblemCount } from "../../src/core/estimate/names.ts";
import type { CurvesSnapshot, ProblemView, RunView } from "../../src/protocol/curves.ts";
import { listed } from "./curveNotices.ts";
import { seriesOf, type Series } from "../../src/core/report/series.ts";
import type { AccuracyRange, BinChoice, Filter, Look, ProblemSet, Threshold } from "./look.ts";

export interface ProblemRow {
  readonly problem: ProblemView;
  /** Position among all problems of the panel. */
  readonly at: number;
  readonly first: ProblemCount;
  /** `null`: only one run is looked at. */
  readonly second: ProblemCount | null;
  /** Accuracy of the second minus that of the first, a fraction; `null` where either has no sample. */
  readonly change: number | null;
  readonly set: CoverageCell | null;
  readonly truncated: number;
  /** Samples of each run that were not right before its plan's coin said not to go on; 0: it did not. `first`, `second` are empty then. */
  readonly notContinued: readonly [number, number];
}

export interface Pair {
  readonly runs: readonly RunView[];
  readonly first: RunView;
  readonly second: RunView | null;
  readonly series: readonly Series[];
  readonly rows: readonly ProblemRow[];
  /** `null`: one run, or `refusal`. */
  readonly coverage: Coverage | null;
  /** Why it cannot be told who is solved by the threshold, in words. */
  readonly refusal: string | null;
  /** Counts of both, of every problem of the panel. */
  readonly counts: readonly (readonly [ProblemCount, ProblemCount])[];
  /** "Not solved" is 0 of n, so that n bounds the rate; not where more is asked than one right answer. */
  readonly bounded: boolean;
}

/** The runs that are looked at: those chosen, else the reference and the first other one. `null` without a run. */
export function pairModel(snapshot: CurvesSnapshot, look: Look): Pair | null {
  const { firstId, secondId, threshold } = look;
  const key = JSON.stringify([firstId, secondId, threshold]);
  const known = latest.get(snapshot);
  if (known?.key === key) return known.pair;
  const pair = countedPair(snapshot, look);
  latest.set(snapshot, { key, pair });
  return pair;
}

/** The last pair of a snapshot: every part of a tab asks for it at each drawing. */
const latest = new WeakMap<CurvesSnapshot, { readonly key: string; readonly pair: Pair | null }>();

function countedPair(snapshot: CurvesSnapshot, look: Look): Pair | null {
  const { runs } = snapshot;
  const { threshold } = look;
  const byId = (id: string | null): RunView | undefined => runs.find((run) => run.id === id);
  const first = byId(look.firstId) ?? byId(snapshot.referenceId) ?? runs[0];
  if (!first) return null;
  const chosen = byId(look.secondId);
  const second = (chosen !== first ? chosen : undefined) ?? runs.find((run) => run !== first) ?? null;
  const styles = seriesOf(runs);
  const series = [first, ...(second ? [second] : [])].flatMap((run) => styles.get(run.id) ?? []);
  const counts = snapshot.problems.map(
    (_, i) => [countAt(first, i), second ? countAt(second, i) : none] as const,
  );
  const refusal = thresholdRefusal([first, ...(second ? [second] : [])], threshold);
  const cells =
    second && refusal === null
      ? coverage(
          solvedCounts(snapshot, [first, second], { counts, threshold }),
          threshold === "cot" ? 1 : threshold,
        )
      : null;
  const sets = new Map<number, CoverageCell>();
  for (const cell of ["both", "aOnly", "bOnly", "neither"] as const) {
    for (const at of cells?.[cell] ?? []) sets.set(at, cell);
  }
  const rows = snapshot.problems.flatMap((problem, at): ProblemRow[] => {
    const [a, b] = counts[at] ?? [none, none];
    const notContinued = [leftAt(first, at), second ? leftAt(second, at) : 0] as const;
    if (a.n === 0 && b.n === 0 && notContinued.every((left) => left === 0)) return [];
    return [
      {
        problem,
        at,
        first: a,
        second: second ? b : null,
        change: second ? changeOf(a, b) : null,
        set: sets.get(at) ?? null,
        truncated: (first.truncated[at] ?? 0) + (second?.truncated[at] ?? 0),
        notContinued,
      },
    ];
  });
  return { runs, first, second, series, rows, coverage: cells, refusal, counts, bounded: threshold === 1 };
}

/** Sampling that ended at r right answers does not say who has more. */
export function thresholdRefusal(runs: readonly RunView[], threshold: Threshold): string | null {
  if (threshold === "cot") return null;
  const stopped = runs.filter(({ stopped: own }) => own && own.plan.r < threshold);
  if (stopped.length === 0) return null;
  const ends = [...new Set(stopped.map((run) => run.stopped?.plan.r ?? 0))].map((r) => {
    const names = stopped.filter((run) => run.stopped?.plan.r === r).map(({ name }) => name);
    return `${listed(names)} stopped each problem at ${r} right`;
  });
  return `${ends.join(", ")}: who has ${threshold} is not known.`;
}

interface SolvedBy {
  readonly counts: Pair["counts"];
  readonly threshold: Threshold;
}

/** As they are, or one where humans found a right chain of thought and none elsewhere. */
function solvedCounts(
  { problems }: CurvesSnapshot,
  runs: readonly [RunView, RunView],
  { counts, threshold }: SolvedBy,
): Pair["counts"] {
  if (threshold !== "cot") return counts;
  const [a, b] = runs.map(({ cot }) => new Set(cot?.verified));
  const seen = (set: Set<string> | undefined, i: number): number =>
    set?.has(problems[i]?.key ?? "") ? 1 : 0;
  return counts.map(([x, y], i) => [
    { n: x.n, c: seen(a, i) },
    { n: y.n, c: seen(b, i) },
  ]);
}

const none: ProblemCount = { n: 0, c: 0 };

/** Also of a problem that its coin ended. */
export const rawCountAt = (run: RunView, i: number): ProblemCount => ({
  n: run.n[i] ?? 0,
  c: run.c[i] ?? 0,
  stop: planOf(run),
});

/** Reaching as far as the run does by now; one object a run. */
function planOf(run: RunView): ProblemCount["stop"] {
  if (!run.stopped) return undefined;
  const known = plans.get(run) ?? { ...run.stopped.plan, nMax: run.nMax };
  plans.set(run, known);
  return known;
}

const plans = new WeakMap<RunView, StopPlan>();

function countAt(run: RunView, i: number): ProblemCount {
  const count = rawCountAt(run, i);
  // Ended by its coin: whether more samples would solve it was not looked at.
  return isCutOff(count) ? none : count;
}

function leftAt(run: RunView, i: number): number {
  const count = rawCountAt(run, i);
  return isCutOff(count) ? count.n : 0;
}

/** Unbiased; `null` without samples, and where the first right answer ended the sampling: no share says anything there. */
export function rate(count: ProblemCount): number | null {
  const { n, c, stop } = count;
  if (n === 0 || (stop?.r === 1 && c > 0)) return null;
  return stop === undefined ? c / n : solvedOf(count, 1);
}

function changeOf(a: ProblemCount, b: ProblemCount): number | null {
  const [from, to] = [rate(a), rate(b)];
  return from === null || to === null ? null : to - from;
}

export interface HistogramModel {
  /** One per run looked at: problems per bin. */
  readonly bins: readonly (readonly number[])[];
  readonly meanAccuracy: readonly number[];
  readonly transitions: readonly (readonly number[])[] | null;
}

export function histogramModel(pair: Pair): HistogramModel {
  const first = pair.rows.map((row) => row.first);
  const second = pair.second ? pair.rows.map((row) => row.second ?? none) : null;
  const counts = second ? [first, second] : [first];
  return {
    bins: counts.map(histogram),
    meanAccuracy: counts.map(mean),
    transitions: second ? binTransitions(first, second) : null,
  };
}

function mean(counts: readonly ProblemCount[]): number {
  const rates = counts.map(rate).filter((value) => value !== null);
  return rates.reduce((sum, value) => sum + value, 0) / Math.max(1, rates.length);
}

/** The problems behind a bar or a cell. */
export function chosenRows(pair: Pair, choice: BinChoice): readonly ProblemRow[] {
  const bin = (count: ProblemCount | null): number | null => (count ? binOf(count) : null);
  if (choice.kind === "bin") {
    return pair.rows.filter((row) => bin(choice.run === 0 ? row.first : row.second) === choice.bin);
  }
  return pair.rows.filter((row) => bin(row.first) === choice.from && bin(row.second) === choice.to);
}

/** The bins in percent, as they stand under the chart. */
export const binNames: readonly string[] = [
  "{0}",
  "(0, 10]",
  "(10, 20]",
  "(20, 30]",
  "(30, 40]",
  "(40, 50]",
  "(50, 60]",
  "(60, 70]",
  "(70, 80]",
  "(80, 90]",
  "(90, 100)",
  "{100}",
];

/** The upper end of each bin, for the narrow heads of the matrix. */
export const binEnds: readonly string[] = [
  "0",
  "10",
  "20",
  "30",
  "40",
  "50",
  "60",
  "70",
  "80",
  "90",
  "<100",
  "100",
];

const ranges: Readonly<Record<AccuracyRange, (value: number) => boolean>> = {
  any: () => true,
  zero: (value) => value === 0,
  low: (value) => value > 0 && value < 0.05,
  middle: (value) => value >= 0.05 && value < 0.5,
  high: (value) => value >= 0.5 && value < 1,
  full: (value) => value === 1,
};

/** Rows that pass the filter; text is looked for in id, preview and gold. */
export function filteredRows(pair: Pair, filter: Filter): readonly ProblemRow[] {
  const text = filter.text.trim().toLowerCase();
  return pair.rows.filter((row) => {
    const { id, preview, gold } = row.problem;
    if (text && ![id, preview, gold ?? ""].some((part) => part.toLowerCase().includes(text))) return false;
    if (filter.set !== "all" && !isIn(row, filter.set)) return false;
    if (filter.at && reachOf(countOf(pair, row, filter.at.runId) ?? none) < filter.at.k) return false;
    const value = rate(row.first);
    return filter.accuracy === "any" || (value !== null && ranges[filter.accuracy](value));
  });
}

const isIn = ({ set, notContinued }: ProblemRow, wanted: Exclude<ProblemSet, "all">): boolean =>
  wanted === "notContinued" ? notContinued.some((left) => left > 0) : set === wanted;

function countOf(pair: Pair, row: ProblemRow, runId: string): ProblemCount | null {
  return runId === pair.first.id ? row.first : runId === pair.second?.id ? row.second : null;
}

/** pass@k of one problem for the run and k of `filter.at`, a fraction. */
export function problemPassAtK(pair: Pair, row: ProblemRow, at: NonNullable<Filter["at"]>): number | null {
  const own = countOf(pair, row, at.runId);
  return own && solvedOf(own, at.k);
}

/** `base only`, in the runs' own roles where these differ, else by name. */
export function setName(pair: Pair, cell: Exclude<ProblemSet, "all">): string {
  if (cell === "notContinued") return "not continued";
  if (cell === "both" || cell === "neither") return cell;
  return `${shortNames(pair)[cell === "aOnly" ? 0 : 1]} only`;
}

/** What a run is called in narrow places: its role where the two roles differ and are known, else its name. */
export function shortNames({ first, second }: Pick<Pair, "first" | "second">): readonly [string, string] {
  const words = { base: "base", rl: "RL", distilled: "distilled", instruct: "instruct", other: "" };
  const [a, b] = [words[first.role], second ? words[second.role] : ""];
  return a && b && a !== b ? [a, b] : [first.name, second?.name ?? ""];
}

// What a panel counts only when a tab asks for it, run by run. From counts alone: no file is read.
import { countOf } from "../../core/estimate/compareRuns.ts";
import { reachOf } from "../../core/estimate/countValues.ts";
import { coverCurve, coverGrid } from "../../core/estimate/coverCurve.ts";
import { pairN, type ProblemPair } from "../../core/estimate/difference.ts";
import { forecast } from "../../core/estimate/forecast/forecast.ts";
import { gap } from "../../core/estimate/gap.ts";
import { gPassAlongK } from "../../core/estimate/gPassCurve.ts";
import { kGrid } from "../../core/estimate/kGrid.ts";
import type { ProblemCount } from "../../core/estimate/names.ts";
import { pairProblems } from "../../core/estimate/pairProblems.ts";
import type { ScoreOptions } from "../../core/estimate/scoreIntervals.ts";
import { simultaneousBand } from "../../core/estimate/simultaneousBand.ts";
import type { RunTally } from "../../core/model.ts";
import type { BandView, ForecastView, GapsView, GapView, MetricView } from "../../protocol/analyses.ts";
import type { CurvesOptions } from "../../protocol/curves.ts";

/** The runs of a snapshot as it counted them. */
export interface CountedRuns {
  readonly tallies: readonly RunTally[];
  readonly referenceId: string | null;
  readonly options: CurvesOptions;
}

type PerRun<T> = Generator<T, void>;

/** The samples of the reference that dSE is usually told for (arXiv 2504.13837, figure 8). */
const usualK = 256;

export function* bandsOf(counted: CountedRuns): PerRun<BandView> {
  for (const { run, pairs } of againstReference(counted)) {
    const both = pairs.filter((pair) => pairN(pair) > 0);
    if (both.length === 0) continue;
    const ks = kGrid(both.reduce((most, pair) => Math.max(most, pairN(pair)), 0));
    const { points, factor, firstAhead, secondAhead } = simultaneousBand(both, ks);
    yield { runId: run.id, points, factor, runAhead: firstAhead, referenceAhead: secondAhead };
  }
}

/** Without its rows, which `gapRowsOf` counts one by one. */
export function gapsHead(counted: CountedRuns, k: number | null): Omit<GapsView, "rows"> {
  const reference = referenceOf(counted);
  const counts = reference === null ? [] : countsOf(reference, counted);
  const kMax = counts.reduce((most, count) => Math.max(most, reachOf(count)), 0);
  return { k: Math.max(1, Math.min(k ?? usualK, kMax)), kMax };
}

export function* gapRowsOf(counted: CountedRuns, k: number): PerRun<GapView> {
  const { interval } = counted.options;
  for (const { run, pairs } of againstReference(counted)) {
    const found = gap(
      pairs.map(([own, reference]) => [reference, own] as const),
      k,
      { interval },
    );
    if (found !== null) yield { runId: run.id, ...found };
  }
}

export function* gPassOf(counted: CountedRuns, tau: number): PerRun<MetricView> {
  for (const run of plainRuns(counted)) {
    const counts = countsOf(run, counted);
    const ks = kGrid(counts.reduce((most, { n }) => Math.max(most, n), 0));
    const points = gPassAlongK(counts, { ks, tau }, populationOf(counted));
    yield { runId: run.id, points: points.map(({ k, tau: _tau, ...point }) => ({ at: k, ...point })) };
  }
}

export function* coverOf(counted: CountedRuns): PerRun<MetricView> {
  for (const run of plainRuns(counted)) {
    const counts = countsOf(run, counted);
    const points = coverCurve(counts, coverGrid(counts), populationOf(counted));
    yield {
      runId: run.id,
      points: points.map(({ tau, count: _count, ...point }) => ({ at: tau, ...point })),
    };
  }
}

export function* forecastsOf(counted: CountedRuns): PerRun<ForecastView> {
  for (const run of plainRuns(counted)) yield { runId: run.id, forecast: forecast(countsOf(run, counted)) };
}

/** Of problems that ended at right answers c/n says nothing: no G-Pass, Cover or forecast. */
const plainRuns = ({ tallies }: CountedRuns): readonly RunTally[] =>
  tallies.filter(({ stopPlan }) => stopPlan === undefined);

function referenceOf({ tallies, referenceId }: CountedRuns): RunTally | null {
  return tallies.find(({ id }) => id === referenceId) ?? null;
}

function countsOf(run: RunTally, { options }: CountedRuns): readonly ProblemCount[] {
  return run.problems.map((tally) => countOf(tally, options.finishedOnly)).filter(({ n }) => n > 0);
}

/** Pairs are [run, reference]. */
function* againstReference(
  counted: CountedRuns,
): PerRun<{ readonly run: RunTally; readonly pairs: readonly ProblemPair[] }> {
  const reference = referenceOf(counted);
  if (reference === null) return;
  const { finishedOnly } = counted.options;
  for (const run of counted.tallies) {
    if (run === reference) continue;
    const pairs = pairProblems(run, reference).map(([own, other]): ProblemPair => [
      countOf(own, finishedOnly),
      countOf(other, finishedOnly),
    ]);
    yield { run, pairs };
  }
}

/** These have no variance for "these very problems": `fixed` gets the population's, which is wider. */
function populationOf({ options: { interval } }: CountedRuns): ScoreOptions {
  return { interval: interval === "fixed" ? "jbb" : interval };
}

import { compareRuns } from "../estimate/compareRuns.ts";
import type { ComparisonReport } from "../estimate/report.ts";
import type { RunTally } from "../model.ts";
import { type Block, type Report, text } from "./blocks.ts";
import { curveBlocks, differenceBlocks } from "./curveBlocks.ts";
import { count } from "../numberWords.ts";
import { perplexityBlocks, type ScoredRun } from "./perplexityBlocks.ts";
import { protocolBlocks } from "./protocolBlocks.ts";
import { coverageBlocks, gapBlocks } from "./solvedBlocks.ts";
import { histogramBlock, stepBlocks } from "./stepBlocks.ts";

/** A run in a report. */
export interface ReportRun {
  readonly tally: RunTally;
  /** Model and endpoint's origin; `null` for imported rollouts. */
  readonly source: { readonly model: string; readonly origin: string } | null;
  /** The file that holds its samples, and its sha256 as hex. */
  readonly file: { readonly name: string; readonly sha256: string };
  readonly scored: ScoredRun;
}

export interface ReportInput {
  readonly title: string;
  readonly madeAt: string;
  readonly runs: readonly ReportRun[];
  /** What a study found before its runs; said first. */
  readonly findings: readonly Block[];
  readonly draws?: number;
  readonly seed?: number;
}

/** Everything that the curves panel says of runs, as a report: curves, differences, coverage, gap, histogram, perplexity. */
export function runReport({ title, madeAt, runs, findings, draws, seed }: ReportInput): Report {
  const tallies = runs.map(({ tally }) => tally);
  const compared = compareRuns(tallies, {
    pairs: "reference",
    ...(draws === undefined ? {} : { draws }),
    ...(seed === undefined ? {} : { seed }),
  });
  const reference = tallies.find(({ id }) => id === compared.referenceId) ?? null;
  const others = reference === null ? [] : tallies.filter((tally) => tally !== reference);
  return {
    title,
    madeAt,
    blocks: [
      ...findings,
      ...summary(compared),
      ...curveBlocks(tallies, compared),
      ...(reference === null ? [] : differenceBlocks(reference, others, compared)),
      ...(reference === null ? [] : coverageBlocks(reference, others)),
      ...(reference === null ? [] : gapBlocks(reference, others)),
      ...stepBlocks(tallies),
      histogramBlock(tallies),
      ...perplexityBlocks(runs.map(({ scored }) => scored)),
      ...protocolBlocks(runs, compared),
    ],
  };
}

function summary({ crossovers, parity, runs }: ComparisonReport): Block[] {
  const counts = runs.map(
    ({ name, problems, samples }) => `${name}: ${count(problems)} problems, ${count(samples)} samples`,
  );
  return [
    text(`${counts.join("; ")}.`),
    ...crossovers.map(({ sentence }) => text(sentence)),
    ...(parity.sentence === "" ? [] : [text(parity.sentence)]),
  ];
}

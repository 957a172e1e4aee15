import { type CotDifferencePoint, cotDifference } from "../estimate/cot/cotDifference.ts";
import { type CotPassOptions, type CotPassReport, cotPass } from "../estimate/cot/cotPass.ts";
import { kGrid } from "../estimate/kGrid.ts";
import { cotProblems, pairedProblems } from "./cotProblems.ts";
import type { LabelSet } from "./labelSet.ts";
import type { RunItems } from "./model.ts";
import { plainItems, stoppedLabelsRefusal } from "./plainItems.ts";
import { type StopAdvice, stopAdvice } from "./stopAdvice.ts";

/** `aId` minus `bId`. */
export interface CotPairReport {
  readonly aId: string;
  readonly bId: string;
  readonly points: readonly CotDifferencePoint[];
  /** At each of `stopKs`. */
  readonly stops: readonly StopAdvice[];
}

export interface CotRunReport extends CotPassReport {
  readonly runId: string;
  readonly name: string;
  /** Right-answer texts whose label is ambiguous or in conflict: counted as not read. */
  readonly ambiguous: number;
}

export interface CotStudy {
  readonly runs: readonly CotRunReport[];
  /** The first run against each other one. */
  readonly pairs: readonly CotPairReport[];
  /** Why runs that stopped their problems early are in neither; `null`: there are none. */
  readonly refusal: string | null;
}

export interface CotStudyOptions extends CotPassOptions {
  /** Default: the grid up to the largest n. */
  readonly ks?: readonly number[];
  /** The k of the stop rule; default: the largest that the pair can estimate. */
  readonly stopKs?: readonly number[] | undefined;
}

/** CoT-Pass@k of each run, and each pair's difference with its stop rule. Human labels only; adjudications win. */
export function cotStudy(
  all: readonly RunItems[],
  labels: LabelSet,
  options: CotStudyOptions = {},
): CotStudy {
  const [runs, refusal] = [plainItems(all), stoppedLabelsRefusal(all)];
  const ks = options.ks ?? kGrid(mostSamples(runs.flatMap(({ problems }) => problems)));
  const reports = runs.map((run): CotRunReport => {
    const report = cotPass([...cotProblems(run, labels).values()], ks, options);
    return { runId: run.runId, name: run.name, ...report, ambiguous: ambiguousTexts(run, labels) };
  });
  const [first, ...others] = runs;
  if (first === undefined) return { runs: [], pairs: [], refusal };
  const pairs = others.map((other): CotPairReport => {
    const pair = [first, other] as const;
    return {
      aId: first.runId,
      bId: other.runId,
      points: cotDifference(pairedProblems(pair, labels), ks, options),
      stops: stopAdvice(pair, labels, { ...options, ks: options.stopKs }),
    };
  });
  return { runs: reports, pairs, refusal };
}

const mostSamples = (counts: readonly { readonly n: number }[]): number =>
  counts.reduce((max, { n }) => Math.max(max, n), 0);

function ambiguousTexts({ problems }: RunItems, labels: LabelSet): number {
  let ambiguous = 0;
  for (const { items } of problems) {
    for (const { id, correct } of items) {
      if (correct === 0) continue;
      const agreed = labels.agreed(id);
      if (agreed.kind === "conflict" || (agreed.kind === "agreed" && agreed.verdict === "ambiguous"))
        ambiguous++;
    }
  }
  return ambiguous;
}

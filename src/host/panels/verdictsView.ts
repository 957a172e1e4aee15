import type { VerdictComparison } from "../../core/dataset/verdicts/compareVerdicts.ts";
import type { RunTally, Verdict } from "../../core/model.ts";
import { goldWords } from "../../core/verify/code/codeGold.ts";
import type { CurvesOptions, RunProgress } from "../../protocol/curves.ts";
import type { JudgedView, JudgeView, VerdictCountsView, VerdictsView } from "../../protocol/verdicts.ts";
import { curvesSnapshot } from "./curvesSnapshot.ts";

const goldLength = 300;

export interface JudgedRun {
  readonly judge: JudgeView;
  /** The run as that judge sees it. */
  readonly tally: RunTally;
}

export interface VerdictsInput {
  readonly runId: string;
  readonly name: string;
  readonly judged: readonly JudgedRun[];
  readonly found: VerdictComparison;
  readonly options: CurvesOptions;
  /** How `unparsed` came about, for the person. */
  readonly noAnswer: string;
}

/** One run as several judges see it: where they differ, and its curve by each. */
export function verdictsView({ runId, name, judged, found, options, noAnswer }: VerdictsInput): VerdictsView {
  return {
    runId,
    judges: judged.map(({ judge }) => judge),
    ...countsView(found),
    rows: found.changes.map(({ problem, index, verdicts }) => ({
      problemKey: problem.key,
      problemId: problem.id,
      index,
      gold: goldWords(problem.gold)?.slice(0, goldLength) ?? null,
      verdicts: verdicts.map((verdict) => judgedView(verdict, noAnswer)),
    })),
    curves: curvesOf(name, judged, options),
  };
}

export function countsView({ samples, withoutVerdict, counts }: VerdictComparison): VerdictCountsView {
  return { samples, withoutVerdict, counts, differ: counts.reduce((sum, { count }) => sum + count, 0) };
}

export function judgedView(verdict: Verdict, noAnswer: string): JudgedView {
  const { kind } = verdict;
  if (kind === "unparsed") return { kind, extracted: null, how: noAnswer };
  if (kind === "error") return { kind, extracted: null, how: verdict.reason };
  if (kind === "undecided") return { kind, extracted: verdict.extracted, how: verdict.reason };
  return { kind, extracted: verdict.extracted, how: verdict.how };
}

/** One line a judge, as runs of a panel; the first is what the others are compared with. */
function curvesOf(
  name: string,
  judged: readonly JudgedRun[],
  options: CurvesOptions,
): VerdictsView["curves"] {
  const tallies = judged.map(({ judge, tally }) => ({ ...tally, id: judge.id, name: judge.words }));
  if (tallies.every(({ problems }) => problems.every(({ n }) => n === 0))) return null;
  return curvesSnapshot({
    version: 0,
    title: name,
    options: { ...options, referenceId: tallies[0]?.id ?? null },
    runs: tallies.map((tally) => ({ tally, progress: ended(tally) })),
    issues: [],
    error: null,
  });
}

const ended = ({ id, problems }: RunTally): RunProgress => {
  const total = problems.reduce((sum, { n }) => sum + n, 0);
  return { runId: id, state: "done", finished: total, total, message: null, failureCode: null };
};

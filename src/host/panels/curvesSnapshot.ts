import { compareRuns } from "../../core/estimate/compareRuns.ts";
import type { ComparisonReport, CrossoverReport, RunReport } from "../../core/estimate/report.ts";
import { goldWords } from "../../core/verify/code/codeGold.ts";
import type { LineCount } from "../../core/dataset/readRollouts.ts";
import type { InputIssue, OutcomeCounts, ProblemTally, Protocol, RunTally } from "../../core/model.ts";
import { count } from "../../core/numberWords.ts";
import type {
  CotLineView,
  CrossoverView,
  CurvesOptions,
  CurvesSnapshot,
  ProblemView,
  RunProgress,
  RunView,
  TabFocus,
} from "../../protocol/curves.ts";
import type { JudgeView, RunVerdictsView, VerdictsFocus } from "../../protocol/verdicts.ts";
import { compareOptions } from "./compareOptions.ts";

const previewLength = 300;

/** One run of a panel: its counts, and how far it is. */
export interface SnapshotRun {
  readonly tally: RunTally;
  readonly progress: RunProgress;
  /** Whose verdicts the tally counts; by default the run's own. */
  readonly verdicts?: RunVerdictsView;
  readonly cot?: CotLineView | null;
}

export interface SnapshotInput {
  readonly version: number;
  readonly title: string;
  readonly options: CurvesOptions;
  readonly runs: readonly SnapshotRun[];
  readonly issues: readonly InputIssue[];
  /** Of the files that the issues are about. */
  readonly lines?: LineCount;
  readonly error: string | null;
  readonly judges?: readonly JudgeView[];
  readonly focus?: VerdictsFocus | null;
  readonly tabFocus?: TabFocus | null;
  /** By `compareOptions`, where it was counted already. */
  readonly report?: ComparisonReport;
}

/** Everything the panel shows, from the counts of its runs. Rates are fractions. */
export function curvesSnapshot(input: SnapshotInput): CurvesSnapshot {
  const { options, runs } = input;
  const tallies = runs.map(({ tally }) => tally);
  const report = input.report ?? compareRuns(tallies, compareOptions(tallies, options));
  const problems = allProblems(tallies);
  const counted = options.finishedOnly ? finishedCounts : allCounts;
  return {
    version: input.version,
    title: input.title,
    options,
    referenceId: report.referenceId,
    runs: runs.map((run, index) => runView(run, { report: report.runs[index], problems, counted })),
    problems,
    differences: report.differences,
    crossovers: report.crossovers.map((crossover) => crossoverView(crossover, report.referenceId)),
    parity: report.parity,
    judges: input.judges ?? [],
    focus: input.focus ?? null,
    tabFocus: input.tabFocus ?? null,
    issues: input.issues.map(({ file, line, field, message }) => ({
      file,
      line,
      message: field === null ? message : `${field}: ${message}`,
    })),
    lines: input.lines ?? { skipped: 0, total: 0 },
    error: input.error,
  };
}

type Counted = (tally: ProblemTally) => {
  readonly n: number;
  readonly c: number;
  readonly truncated: number;
};
const allCounts: Counted = (tally) => tally;
const finishedCounts: Counted = ({ finishedN, finishedC }) => ({ n: finishedN, c: finishedC, truncated: 0 });

/** The union over all runs, in the order in which they are first met. */
function allProblems(tallies: readonly RunTally[]): readonly ProblemView[] {
  const byKey = new Map<string, ProblemView>();
  for (const { problems } of tallies) {
    for (const { problem } of problems) {
      const known = byKey.get(problem.key);
      // Another run's file may know the gold answer where the first one does not.
      if (known !== undefined && (known.gold !== null || problem.gold === null)) continue;
      byKey.set(problem.key, {
        key: problem.key,
        id: known?.id ?? problem.id,
        preview: problem.question.slice(0, previewLength),
        gold: goldWords(problem.gold),
      });
    }
  }
  return [...byKey.values()];
}

function runView(
  { tally, progress, verdicts, cot = null }: SnapshotRun,
  facts: {
    readonly report: RunReport | undefined;
    readonly problems: readonly ProblemView[];
    readonly counted: Counted;
  },
): RunView {
  const { report, problems, counted } = facts;
  const byKey = new Map(tally.problems.map((problem) => [problem.problem.key, counted(problem)]));
  const own = problems.map(({ key }) => byKey.get(key));
  const column = (field: "n" | "c" | "truncated"): Uint32Array =>
    Uint32Array.from(own, (counts) => counts?.[field] ?? 0);
  return {
    id: tally.id,
    name: tally.name,
    role: tally.role,
    metadata: tally.metadata,
    progress,
    problemCount: report?.problems ?? 0,
    samples: report?.samples ?? 0,
    nMin: report?.nMin ?? 0,
    nMax: report?.nMax ?? 0,
    verifier: tally.verifier,
    verdicts: verdicts ?? ownVerdicts(tally.verifier),
    protocolLine: tally.protocol === null ? null : protocolLine(tally.protocol),
    datasetHash: tally.protocol?.datasetHash ?? null,
    counts: outcomeCounts(tally),
    n: column("n"),
    c: column("c"),
    truncated: column("truncated"),
    tokensPerSample: report?.tokensPerSample ?? null,
    curve: report?.curve ?? [],
    majority: report?.majority ?? null,
    cot,
    ...(report?.stopped ? { stopped: report.stopped } : {}),
  };
}

/** Of a run whose verdicts are those in its file, with nothing known of others. */
function ownVerdicts(words: string): RunVerdictsView {
  const own: JudgeView = { id: "own", words };
  return { shown: own, own, changed: null, modes: null };
}

function outcomeCounts({ problems, protocol }: RunTally): OutcomeCounts {
  // Equal texts say something about seeds only where seeds were asked for and the temperature lets them matter.
  const seeded = protocol !== null && protocol.temperature > 0;
  const total = (read: (tally: ProblemTally) => number): number =>
    problems.reduce((sum, tally) => sum + read(tally), 0);
  return {
    truncated: total((tally) => tally.truncated),
    refused: total((tally) => tally.refused),
    unparsed: total((tally) => tally.unparsed),
    undecided: total((tally) => tally.undecided),
    error: total((tally) => tally.error),
    failed: total((tally) => tally.failed),
    ungraded: total((tally) => tally.ungraded),
    duplicates: seeded ? total((tally) => tally.duplicates) : 0,
  };
}

function crossoverView(crossover: CrossoverReport, referenceId: string | null): CrossoverView {
  const { aId, bId, overtaker, k, low, high, verdict, sentence } = crossover;
  return { runId: aId === referenceId ? bId : aId, overtakerId: overtaker, k, low, high, verdict, sentence };
}

/** `qwen-boxed · completions · T 0.6 · top-p 0.95 · max 16,384 tokens · seed 0` */
function protocolLine(protocol: Protocol): string {
  const { template, api, temperature, topP, maxTokens, seed } = protocol;
  return [
    template,
    api,
    `T ${temperature}`,
    `top-p ${topP}`,
    `max ${count(maxTokens)} tokens`,
    `seed ${seed}`,
  ].join(" · ");
}

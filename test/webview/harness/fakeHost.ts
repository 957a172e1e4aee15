// The host's side of the curves panel without VS Code: answers from real counts, remembers what it was asked.
import {
  bandsOf,
  coverOf,
  type CountedRuns,
  forecastsOf,
  gapRowsOf,
  gapsHead,
  gPassOf,
} from "../../../src/host/panels/curvesAnalyses.ts";
import { curvesSnapshot, type SnapshotRun } from "../../../src/host/panels/curvesSnapshot.ts";
import type { LineCount } from "../../../src/core/dataset/readRollouts.ts";
import type { InputIssue, RunTally } from "../../../src/core/model.ts";
import type {
  CurvesContract,
  CurvesOptions,
  CurvesSnapshot,
  RunProgress,
} from "../../../src/protocol/curves.ts";
import type { SampleRow } from "../../../src/protocol/samples.ts";
import type { CheckpointsView, PerplexityView } from "../../../src/protocol/perplexity.ts";
import type { JudgeView, VerdictsFocus, VerdictsView } from "../../../src/protocol/verdicts.ts";
import { hostile, seeded } from "./syntheticRuns.ts";

export interface HostCase {
  readonly title: string;
  readonly runs: readonly RunTally[];
  readonly progress?: (run: RunTally) => Partial<RunProgress>;
  readonly issues?: readonly InputIssue[];
  readonly lines?: LineCount;
  readonly error?: string | null;
  readonly judges?: readonly JudgeView[];
  /** The runs with the verdicts of a judge. */
  readonly judgedBy?: (judge: string) => readonly SnapshotRun[];
  /** What lies beside the runs, and what `scoreRuns` answers with; both may throw as the wire carries failures. */
  readonly scores?: () => PerplexityView;
  readonly score?: () => PerplexityView;
  readonly checkpoints?: () => CheckpointsView;
  /** Throws as the wire carries failures. */
  readonly compare?: (judges: readonly string[], options: CurvesOptions) => VerdictsView;
}

export interface Call {
  readonly method: string;
  readonly params: unknown;
}

type Requests = CurvesContract["requests"];

export class FakeHost {
  readonly calls: Call[] = [];
  private readonly hostCase: HostCase;
  private options: CurvesOptions = { interval: "jbb", referenceId: null, finishedOnly: false };
  private version = 0;
  private judge = "own";
  /** What the host wants to be looked at. */
  focus: VerdictsFocus | null = null;

  constructor(hostCase: HostCase) {
    this.hostCase = hostCase;
  }

  snapshot(): CurvesSnapshot {
    const { title, runs, issues = [], lines, error = null, progress } = this.hostCase;
    return curvesSnapshot({
      version: ++this.version,
      title,
      options: this.options,
      runs:
        this.hostCase.judgedBy?.(this.judge) ??
        runs.map((tally) => ({ tally, progress: { ...done(tally), ...progress?.(tally) } })),
      judges: this.hostCase.judges ?? [],
      focus: this.focus,
      issues,
      ...(lines === undefined ? {} : { lines }),
      error,
    });
  }

  private counted(): CountedRuns {
    const { referenceId } = this.snapshot();
    return { tallies: this.hostCase.runs, referenceId, options: this.options };
  }

  /** Throws an object with `code` and `message`, as the wire carries failures. */
  answer(method: string, params: unknown): unknown {
    this.calls.push({ method, params });
    switch (method as keyof Requests) {
      case "ready":
      case "addRuns":
        return this.snapshot();
      case "setOptions":
        this.options = params as CurvesOptions;
        return this.snapshot();
      case "judgeRuns":
        this.judge = (params as Requests["judgeRuns"]["params"]).judge;
        return this.snapshot();
      case "compareVerdicts": {
        const { judges } = params as Requests["compareVerdicts"]["params"];
        if (this.hostCase.compare === undefined) throw Object.assign(new Error("No."), { code: "none" });
        return this.hostCase.compare(judges, this.options);
      }
      case "readPerplexity":
        return (this.hostCase.scores ?? noScores)();
      case "scoreRuns":
        return (this.hostCase.score ?? this.hostCase.scores ?? noScores)();
      case "readCheckpoints":
        return this.hostCase.checkpoints?.() ?? { version: 1, runs: [] };
      case "readBands":
        return [...bandsOf(this.counted())];
      case "readGaps": {
        const head = gapsHead(this.counted(), (params as Requests["readGaps"]["params"]).k);
        return { ...head, rows: [...gapRowsOf(this.counted(), head.k)] };
      }
      case "readGPass":
        return [...gPassOf(this.counted(), (params as Requests["readGPass"]["params"]).tau)];
      case "readCover":
        return [...coverOf(this.counted())];
      case "readForecasts":
        return [...forecastsOf(this.counted())];
      case "setRunRole":
        return this.snapshot();
      case "listSamples":
        return this.samples(params as Requests["listSamples"]["params"]);
      case "readSample":
        return this.sample(params as Requests["readSample"]["params"]);
      case "saveExport":
        return `exports/${(params as Requests["saveExport"]["params"]).suggestedName}`;
      case "saveParquet":
        return `exports/${(params as Requests["saveParquet"]["params"]).suggestedName}`;
      case "labelProblems":
      case "inspectSample":
      case "openSource":
      case "openIssue":
      case "copyText":
      case "pauseRun":
      case "resumeRun":
      case "cancelRun":
      case "setApiKey":
      case "showLog":
        return null;
      default:
        throw Object.assign(new Error(`no such request: ${method}`), { code: "unknownMethod" });
    }
  }

  private samples({ runId, problemKey }: { runId: string; problemKey: string }): readonly SampleRow[] {
    const tally = this.hostCase.runs
      .find(({ id }) => id === runId)
      ?.problems.find(({ problem }) => problem.key === problemKey);
    const random = seeded(problemKey.length + (tally?.c ?? 0));
    const n = tally?.n ?? 0;
    const right = new Set<number>();
    while (right.size < (tally?.c ?? 0)) right.add(Math.floor(random() * n));
    return Array.from({ length: n }, (_, index) => ({
      index,
      verdict: right.has(index) ? "correct" : index % 17 === 3 ? "unparsed" : "incorrect",
      extracted:
        index % 17 === 3 && !right.has(index)
          ? null
          : right.has(index)
            ? (tally?.problem.gold ?? null)
            : String(index % 50),
      outcome: index % 29 === 5 && !right.has(index) ? "truncated" : "ok",
      finishReason: index % 29 === 5 && !right.has(index) ? "length" : "stop",
      tokens: 18 + (index % 30),
      preview: `(10 + ${index % 9}) * 2 = ${2 * (10 + (index % 9))}, so the answer is near. ${hostile}`.slice(
        0,
        160,
      ),
    }));
  }

  private sample(params: {
    runId: string;
    problemKey: string;
    index: number;
  }): Requests["readSample"]["result"] {
    const row = this.samples(params)[params.index];
    const problem = this.hostCase.runs[0]?.problems.find(
      (tally) => tally.problem.key === params.problemKey,
    )?.problem;
    if (!row || !problem)
      throw Object.assign(new Error("This sample is gone from its file."), { code: "gone" });
    const steps = Array.from(
      { length: 14 },
      (_, i) => `Step ${i + 1}: ${i + 3} * ${i + 4} = ${(i + 3) * (i + 4)}, which leaves ${97 - i}.`,
    );
    return {
      row,
      question: problem.question,
      gold: problem.gold,
      reasoning: null,
      text: `First, look at all four numbers.\n\n${steps.join("\n")}\n\nThe answer is ${row.extracted ?? "unknown"}. ${hostile}\n`,
      how: "exact",
      others:
        this.judge === "own"
          ? []
          : [
              {
                words: "labels \u201ccorrect\u201d in the file",
                kind: "incorrect",
                extracted: null,
                how: "file",
              },
            ],
      source: `rollouts/${params.runId}.jsonl:${params.index + 1}`,
    };
  }
}

export const done = (tally: RunTally): RunProgress => {
  const total = tally.problems.reduce((sum, { n }) => sum + n, 0);
  return { runId: tally.id, state: "done", finished: total, total, message: null, failureCode: null };
};

const noScores = (): PerplexityView => ({
  version: 1,
  scorers: [],
  problems: [],
  sets: [],
  refusal: null,
  scoring: null,
});

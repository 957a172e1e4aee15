// The curves panel's contract.
import type { IntervalMethod, Resolution } from "../core/estimate/names.ts";
import type { CurvePoint, DifferencePoint, MajorityPoint } from "../core/estimate/report.ts";
import type { StoppedMeter } from "../core/estimate/stoppedRun.ts";
import type { LineCount } from "../core/dataset/readRollouts.ts";
import type { OutcomeCounts, Role } from "../core/model.ts";
import type { BandView, ForecastView, GapsView, MetricView } from "./analyses.ts";
import type { ExportFile, ExportTable } from "./exports.ts";
import type { CheckpointsView, PerplexityView, ScoringRunView } from "./perplexity.ts";
import type { SampleRow, SampleText } from "./samples.ts";
import type { JudgeView, RunVerdictsView, VerdictsFocus, VerdictsView } from "./verdicts.ts";

export interface CurvesContract {
  readonly requests: {
    /** The view is there (again) and wants everything. */
    readonly ready: { readonly params: Record<string, never>; readonly result: CurvesSnapshot };
    /** Other options; a new snapshot follows as the result. */
    readonly setOptions: { readonly params: CurvesOptions; readonly result: CurvesSnapshot };
    /** Samples of one problem in one run, without their full text. */
    readonly listSamples: {
      readonly params: { readonly runId: string; readonly problemKey: string };
      readonly result: readonly SampleRow[];
    };
    /** The whole text of one sample. */
    readonly readSample: {
      readonly params: { readonly runId: string; readonly problemKey: string; readonly index: number };
      readonly result: SampleText;
    };
    /** Builds a queue of these problems' traces in the Label view. */
    readonly labelProblems: {
      readonly params: { readonly runIds: readonly string[]; readonly problemKeys: readonly string[] };
      readonly result: null;
    };
    /** The sample in the trace inspector, with the scores of this scorer (by its endpoint's name) where they are there. */
    readonly inspectSample: {
      readonly params: {
        readonly runId: string;
        readonly problemKey: string;
        readonly index: number;
        readonly scorer?: string;
      };
      readonly result: null;
    };
    /** What scorers say of the panel's runs, as it lies beside them; asks no server. */
    readonly readPerplexity: { readonly params: Record<string, never>; readonly result: PerplexityView };
    /**
     * Asks under which model these runs are to be scored, and which of their traces, then scores them with progress that
     * the person may cancel: everything scored is kept. `cancelled` where the person left.
     */
    readonly scoreRuns: {
      readonly params: { readonly runIds: readonly string[] };
      readonly result: PerplexityView;
    };
    /** Lengths and entropies along training. */
    readonly readCheckpoints: { readonly params: Record<string, never>; readonly result: CheckpointsView };
    /** Every other run minus the reference, with a band over all k. These five count the runs as the last snapshot does. */
    readonly readBands: { readonly params: Record<string, never>; readonly result: readonly BandView[] };
    /** The sampling-efficiency gap of every other run; `k`: samples of the reference, `null` for the usual 256. */
    readonly readGaps: { readonly params: { readonly k: number | null }; readonly result: GapsView };
    /** G-Pass@k along k, for at least a share `tau` of k samples right. */
    readonly readGPass: { readonly params: { readonly tau: number }; readonly result: readonly MetricView[] };
    /** Cover@tau along tau. */
    readonly readCover: { readonly params: Record<string, never>; readonly result: readonly MetricView[] };
    /** pass@k beyond n, with its bounds and its refusals. */
    readonly readForecasts: {
      readonly params: Record<string, never>;
      readonly result: readonly ForecastView[];
    };
    /** Asks for a run's role and training step. */
    readonly setRunRole: { readonly params: { readonly runId: string }; readonly result: CurvesSnapshot };
    /** The sample's line in its file, in the text editor. */
    readonly openSource: {
      readonly params: { readonly runId: string; readonly problemKey: string; readonly index: number };
      readonly result: null;
    };
    /** A skipped line (or the whole file, where `line` is null) in the text editor. */
    readonly openIssue: {
      readonly params: { readonly file: string; readonly line: number | null };
      readonly result: null;
    };
    /**
     * Shows runs with the verdicts of another judge (`own`: those that stand in their files), judging them first where
     * that was not done yet; with progress, which the person may cancel: then it fails with `cancelled` and nothing changes.
     */
    readonly judgeRuns: {
      readonly params: { readonly judge: string; readonly runIds: readonly string[] };
      readonly result: CurvesSnapshot;
    };
    /** Where two judges or more differ over a run's samples; judges them first where that was not done yet. */
    readonly compareVerdicts: {
      readonly params: { readonly runId: string; readonly judges: readonly string[] };
      readonly result: VerdictsView;
    };
    /** Asks where and writes; `null` when the person cancelled. The result is the path as shown to the person. */
    readonly saveExport: { readonly params: ExportFile; readonly result: string | null };
    /** The same for a table as a Parquet file; text columns and numbers, rates as fractions. */
    readonly saveParquet: { readonly params: ExportTable; readonly result: string | null };
    readonly copyText: { readonly params: { readonly text: string }; readonly result: null };
    /** Quick pick of further runs to put into this panel. */
    readonly addRuns: { readonly params: Record<string, never>; readonly result: CurvesSnapshot };
    readonly pauseRun: { readonly params: { readonly runId: string }; readonly result: null };
    readonly resumeRun: { readonly params: { readonly runId: string }; readonly result: null };
    /** Asks for the key of the endpoint that the run samples; nothing changes when the person cancels. */
    readonly setApiKey: { readonly params: { readonly runId: string }; readonly result: null };
    readonly cancelRun: { readonly params: { readonly runId: string }; readonly result: null };
    readonly showLog: { readonly params: Record<string, never>; readonly result: null };
  };
  readonly events: {
    /** Replaces all that was there. */
    readonly snapshot: CurvesSnapshot;
    /** At most 10 a second while a run of this panel works. */
    readonly progress: readonly RunProgress[];
    /** At most 10 a second while the files of its runs are read. */
    readonly reading: ReadingView;
    /** At most 10 a second while runs of this panel are scored; `null`: it has ended, and there is more to read. */
    readonly scoring: ScoringRunView | null;
  };
}

/** How far the files of a panel's runs are read. */
export interface ReadingView {
  /** The run whose file is being read. */
  readonly run: string;
  /** Runs that are read already, of how many. */
  readonly done: number;
  readonly runs: number;
  /** Of the run's file, 0 to 1. */
  readonly share: number;
}

export interface CurvesOptions {
  readonly interval: IntervalMethod;
  /** The run the others are compared with; `null`: the first base, else the first run. */
  readonly referenceId: string | null;
  /** Only samples that ended by themselves count. */
  readonly finishedOnly: boolean;
}

export interface CurvesSnapshot {
  readonly version: number;
  readonly title: string;
  readonly options: CurvesOptions;
  readonly referenceId: string | null;
  readonly runs: readonly RunView[];
  /** All problems of all runs; arrays of a RunView are parallel to it. */
  readonly problems: readonly ProblemView[];
  readonly differences: readonly DifferenceView[];
  readonly crossovers: readonly CrossoverView[];
  readonly parity: ParityView;
  /** What samples can be judged by here, in the order of a list; `own` is not among them. */
  readonly judges: readonly JudgeView[];
  /** What the host wants to be looked at, once: its number tells it from earlier ones. */
  readonly focus: VerdictsFocus | null;
  /** The same for a tab alone, by its id. */
  readonly tabFocus?: TabFocus | null;
  /** Input lines that were skipped, with where. */
  readonly issues: readonly IssueView[];
  /** How many lines that were, of how many in those files; 0 of 0 where files without lines have issues. */
  readonly lines: LineCount;
  /** Why there is nothing to show, if so: a sentence with what to do. */
  readonly error: string | null;
}

export interface TabFocus {
  readonly number: number;
  readonly tab: string;
}

export interface ProblemView {
  readonly key: string;
  readonly id: string;
  /** At most 300 characters; the whole question comes with a sample. */
  readonly preview: string;
  readonly gold: string | null;
}

/** `cancelled`: the person ended it with what there is; like `paused` and `failed` it can be resumed. */
export type RunState = "queued" | "running" | "paused" | "cancelled" | "done" | "failed" | "imported";

export interface RunProgress {
  readonly runId: string;
  readonly state: RunState;
  readonly finished: number;
  readonly total: number;
  /** E.g. "The server refused the key (401). Everything finished is kept." */
  readonly message: string | null;
  /** Code of what stopped it (`unauthorized`, ...), `null` while nothing did or where it is not known. */
  readonly failureCode: string | null;
}

export interface RunView {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly metadata: Readonly<Record<string, string | number>>;
  readonly progress: RunProgress;
  /** Problems with n > 0. */
  readonly problemCount: number;
  readonly samples: number;
  readonly nMin: number;
  readonly nMax: number;
  /** Name and version: `math@1:strict`; `file` for labels that stood in it. */
  readonly verifier: string;
  readonly verdicts: RunVerdictsView;
  /** One line of the protocol for the footer, or `null` for imported rollouts. */
  readonly protocolLine: string | null;
  readonly datasetHash: string | null;
  readonly counts: OutcomeCounts;
  /** Parallel to `CurvesSnapshot.problems`; n = 0 where the run has no sample of the problem. */
  readonly n: Uint32Array;
  readonly c: Uint32Array;
  readonly truncated: Uint32Array;
  /** Mean completion tokens of a sample; `null` where a count is missing. */
  readonly tokensPerSample: number | null;
  readonly curve: readonly CurvePoint[];
  /** Majority-vote curve where the file has extracted answers; `null` also with `finishedOnly`. */
  readonly majority: readonly MajorityPoint[] | null;
  /** `null` for a run without labels of humans. */
  readonly cot: CotLineView | null;
  /** Of a run that stops problems early: c/n says nothing there, `curve` is unbiased up to `nMax`; absent for others. */
  readonly stopped?: StoppedMeter | undefined;
}

/** CoT-Pass@k by the labels of humans: answer and chain of thought right. Fractions; 95 % for what reading all would show. */
export interface CotLineView {
  readonly points: readonly {
    readonly k: number;
    readonly value: number;
    readonly low: number;
    readonly high: number;
  }[];
  /** Texts of right answers that were read and judged, of all there are. */
  readonly read: number;
  readonly texts: number;
  /** Fewer than two labels a solved problem. */
  readonly preliminary: boolean;
  /** Keys of the problems with at least one right answer whose chain of thought humans found correct. */
  readonly verified: readonly string[];
  /** Why there are no points though there are labels: the run stopped its problems early. Absent for others. */
  readonly refusal?: string | undefined;
}

/** Run minus reference, paired over the problems that both have; fractions. */
export interface DifferenceView {
  readonly runId: string;
  readonly points: readonly DifferencePoint[];
}

/** Where one of the reference and `runId` overtakes the other; see core/estimate/crossover. */
export interface CrossoverView {
  readonly runId: string;
  /** Which of the two leads at the largest k; `null`: a tie there, so neither overtakes. */
  readonly overtakerId: string | null;
  /** First k from which the overtaker leads at every larger k; 1: it leads throughout; `null`: never, up to n. */
  readonly k: number | null;
  readonly low: number;
  /** `null`: never, up to n. */
  readonly high: number | null;
  readonly verdict: Resolution;
  /** What of it can be said, in a sentence. */
  readonly sentence: string;
}

export interface ParityView {
  readonly same: boolean;
  /** `null` when at least one run's protocol is not known (imported). */
  readonly known: boolean;
  readonly sentence: string;
  readonly rows: readonly { readonly setting: string; readonly values: readonly string[] }[];
}

export interface IssueView {
  readonly file: string;
  readonly line: number | null;
  readonly message: string;
}

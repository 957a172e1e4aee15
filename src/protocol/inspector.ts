// The trace inspector's contract. Arrays of numbers cross as typed arrays: 131,072 tokens are 2 MB, not 131,072 objects.
import type { TraceSummary } from "../core/trace/traceSummary.ts";
import type { ScorerFacts } from "../core/trace/scoredTrace.ts";
import type { Reach, Sampler } from "../core/trace/reachability.ts";

export interface InspectorContract {
  readonly requests: {
    /** The view is there (again) and wants everything. */
    readonly ready: { readonly params: Record<string, never>; readonly result: InspectorSnapshot };
    /** Follows the file while it grows: its newest sample is shown, now and whenever there is a newer one. */
    readonly setFollow: { readonly params: { readonly follow: boolean }; readonly result: InspectorSnapshot };
    /** Another trace of the same source: by its place in `traces`. Nothing is followed any more. */
    readonly openTrace: { readonly params: { readonly trace: number }; readonly result: InspectorSnapshot };
    /** Asks for a scorer; `null`: the person left. */
    readonly chooseScorer: { readonly params: { readonly trace: number }; readonly result: string | null };
    /**
     * Scores the trace by another scorer, or shows its own log-probs again; aborting leaves what was shown. `slow`: also
     * by one request a token. `against`: the scorer becomes the one that a log-ratio is taken against, and what is shown
     * of the trace otherwise stays. Fails with code `noScoring` where the scorer's log-probs cannot be trusted.
     */
    readonly scoreTrace: {
      readonly params: {
        readonly trace: number;
        readonly scorer: string;
        readonly slow: boolean;
        readonly against: boolean;
      };
      readonly result: InspectorSnapshot;
    };
    /** The problem `step` places on in its run or file, its first trace. */
    readonly openProblem: { readonly params: { readonly step: 1 | -1 }; readonly result: InspectorSnapshot };
    /** The problems of the trace's run or file, for a list; empty where there is no other. */
    readonly listProblems: {
      readonly params: Record<string, never>;
      readonly result: readonly ProblemRow[];
    };
    /** By its place in `listProblems`: its first trace. */
    readonly goToProblem: {
      readonly params: { readonly problem: number };
      readonly result: InspectorSnapshot;
    };
    /**
     * Scores the scorer's own traces of this problem, so that the open one has its percentile among them; says its
     * progress, and aborting keeps what is scored. Fails as `scoreTrace`.
     */
    readonly scoreOwnTraces: { readonly params: Record<string, never>; readonly result: InspectorSnapshot };
    /** Asks for a trace to compare with; `null`: the person left. */
    readonly chooseTrace: { readonly params: { readonly trace: number }; readonly result: number | null };
    /** Another trace of the source beside the open one, with the scores that are there; `null` closes it. */
    readonly openBeside: {
      readonly params: { readonly trace: number | null };
      readonly result: InspectorSnapshot;
    };
    readonly setOptions: { readonly params: InspectorOptions; readonly result: InspectorSnapshot };
    /** The numbers of one unit and its tokens, for the hover. */
    readonly readUnit: {
      /** `trace`: the open one, or the one beside it. */
      readonly params: { readonly trace: number; readonly unit: number };
      readonly result: UnitDetail;
    };
    /** The trace's line in its file, in the text editor. */
    readonly openSource: { readonly params: { readonly trace: number }; readonly result: null };
    /** Two traces beside each other: the texts in VS Code's diff editor. */
    readonly compareText: {
      readonly params: { readonly left: number; readonly right: number };
      readonly result: null;
    };
    readonly copyText: { readonly params: { readonly text: string }; readonly result: null };
    /** The workbench's own find widget over the page. */
    readonly showFind: { readonly params: Record<string, never>; readonly result: null };
    readonly showLog: { readonly params: Record<string, never>; readonly result: null };
  };
  readonly events: {
    /** Replaces all that was there. */
    readonly snapshot: InspectorSnapshot;
    /** At most 10 a second while a trace is scored. */
    readonly progress: ScoringProgress;
    /** A command of the workbench, rebound by the person, that the page carries out. */
    readonly act: InspectorAction;
  };
}

export type InspectorAction =
  | "nextSample"
  | "previousSample"
  | "nextProblem"
  | "previousProblem"
  | "nextStep"
  | "previousStep"
  | "nextToken"
  | "previousToken"
  | "nextText"
  | "foldThinking"
  | "openSource"
  | "follow"
  | "find"
  | "score"
  | "compare"
  | "compareText"
  | "help";

export type ColourMode = "none" | "surprisal" | "rank" | "entropy" | "logRatio" | "reach";
export type TextMode = "rendered" | "plain" | "raw";

export interface InspectorOptions {
  readonly colour: ColourMode;
  /** Units of at least this surprisal, in nats, count as low and are in the list. */
  readonly thresholdNats: number;
  /** Ranges whose log-ratio is at least this far from 0, in nats, are coloured and in the lists. */
  readonly thresholdRatioNats: number;
  readonly sampler: Sampler;
  readonly text: TextMode;
  /**
   * The scorer that a log-ratio is taken against; `null` for none. Its scores are shown where they are there already:
   * `logRatio` of the scores stays `null` until it has scored the trace.
   */
  readonly against: string | null;
}

export interface InspectorSnapshot {
  readonly version: number;
  readonly title: string;
  readonly options: InspectorOptions;
  readonly scorers: readonly ScorerView[];
  /** Whose scores are wanted; `null` before one was chosen. They are shown where they are there already. */
  readonly scorer: string | null;
  /** Traces of the same problem, without their texts. */
  readonly traces: readonly TraceRow[];
  /** Where the problem stands (0-based) among those of its run or file; `null` where there is no other. */
  readonly problem: { readonly at: number; readonly of: number } | null;
  /** The newest sample of the file is shown as it grows; `null` where nothing can grow. */
  readonly follow: boolean | null;
  /** The list of problems stands beside the trace from the start: the whole file was opened. */
  readonly list: boolean;
  /** The person asked for these scores with the trace: score it under this one at once. Said once. */
  readonly scoreNow: string | null;
  /** Traces of this problem that the scorer's own model wrote; `null` where none is known. */
  readonly own: OwnTracesView | null;
  /** `null` while nothing could be opened; `error` says why. */
  readonly trace: TraceView | null;
  /** The trace that is compared with `trace`, scored by the same scorer. */
  readonly beside: TraceView | null;
  /** A sentence with what to do. */
  readonly error: string | null;
}

/** Who can score: an endpoint, or the file itself. */
export interface ScorerView {
  readonly id: string;
  readonly name: string;
  readonly state: "ready" | "notProbed" | "refused";
  /** Why not, and what to do; "" where it can. */
  readonly reason: string;
}

export interface TraceRow {
  readonly name: string;
  readonly problemId: string;
  readonly index: number;
  readonly verdict: "correct" | "incorrect" | "unparsed" | "undecided" | "error" | "ungraded";
  readonly extracted: string | null;
  readonly perplexity: number | null;
  /** Of another run, asked in to be compared with: it stands behind the others, and is none of them. */
  readonly guest: boolean;
}

/** One problem of a run or file. */
export interface ProblemRow {
  readonly id: string;
  /** The run it belongs to, where a file has several; else "". */
  readonly run: string;
  /** Its beginning. */
  readonly question: string;
  readonly samples: number;
  /** Of the judged ones. */
  readonly correct: number;
  readonly judged: number;
}

export interface OwnTracesView {
  /** The run they are of. */
  readonly model: string;
  readonly n: number;
  /** So many have scores already. */
  readonly scored: number;
}

export interface TraceView {
  /** Its place in `traces`. */
  readonly trace: number;
  readonly question: string;
  readonly gold: string | null;
  readonly text: string;
  readonly steps: readonly StepView[];
  readonly segments: readonly SegmentView[];
  /** False claims of arithmetic, to be underlined. */
  readonly claims: readonly ClaimView[];
  /** `null` where the trace was not scored. */
  readonly scores: ScoresView | null;
}

export interface StepView {
  readonly start: number;
  readonly end: number;
  readonly title: string;
  readonly meanSurprisal: number | null;
  readonly perplexity: number | null;
}

export interface SegmentView {
  readonly kind: "think" | "answer";
  readonly start: number;
  readonly end: number;
}

export interface ClaimView {
  readonly start: number;
  readonly end: number;
  /** E.g. `195 + 367 + 562 + 900 is 2024, not 1924`. */
  readonly message: string;
}

/** One number a display unit; UTF-16 ranges that tile the text. NaN: not known. */
export interface ScoresView {
  readonly facts: ScorerFacts;
  readonly summary: TraceSummary;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Nats; Infinity at a floor. */
  readonly surprisal: Float32Array;
  /** 0 unknown, -k beyond the first k. */
  readonly ranks: Int32Array;
  /** Lower bounds, nats. */
  readonly entropy: Float32Array;
  /** 0 inside, 1 undecided, 2 outside. */
  readonly reach: Uint8Array;
  /** `null` without another scorer, or while that has not scored the trace. */
  readonly logRatio: LogRatioView | null;
  /** Least likely first, at most 100. */
  readonly lowest: Uint32Array;
  readonly forks: Uint32Array;
  readonly reachSummary: ReachSummary;
  /** Of this trace's perplexity; `null` where there are no traces to compare it with. */
  readonly percentile: PercentileView | null;
}

/** log P of this scorer - log P of the other, in nats. Ranges of its own where the tokenizers differ. */
export interface LogRatioView {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** NaN: not known. */
  readonly values: Float32Array;
  /** Of the trace under the other scorer. */
  readonly summary: TraceSummary;
}

/** A perplexity among those of the scorer's own traces of the same problem, under that scorer. */
export interface PercentileView {
  /** 0 to 1, ties by half (core/trace/traceSummary.ts). */
  readonly percentile: number;
  /** Traces compared with. */
  readonly n: number;
  /** The model that wrote them. */
  readonly model: string;
}

export interface ReachSummary {
  readonly outside: number;
  readonly undecided: number;
  /** Unit of the first token outside; `null` for none. */
  readonly firstExit: number | null;
  /** Unit of the first undecided token: before `firstExit` it may be the true one. */
  readonly firstUndecided: number | null;
  /** `null` where the trace cannot be drawn. */
  readonly log10DrawsLow: number | null;
  /** `null` where the trace cannot be drawn, or may not be. */
  readonly log10DrawsHigh: number | null;
}

export interface UnitDetail {
  readonly text: string;
  readonly tokens: readonly TokenDetail[];
  /** The tokens of the scorer that a log-ratio is taken against, where they lie on the same range of text; or []. */
  readonly against: readonly TokenDetail[];
}

export interface TokenDetail {
  readonly token: number;
  readonly id: number | null;
  readonly text: string;
  /** UTF-8, hexadecimal, with spaces between bytes. */
  readonly bytes: string;
  readonly logProb: number | null;
  readonly probability: number | null;
  readonly rank: number;
  readonly entropyLow: number | null;
  readonly entropyHigh: number | null;
  readonly reach: Reach;
  readonly alternatives: readonly { readonly text: string; readonly logProb: number }[];
}

export interface ScoringProgress {
  readonly trace: number;
  readonly scorer: string;
  /** E.g. `probing`, `waiting for base`, `window 3 of 7`. */
  readonly phase: string;
}

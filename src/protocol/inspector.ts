// The trace inspector's contract.
import type { Sampler } from "../core/trace/reachability.ts";
import type { TraceView, UnitDetail } from "./traceView.ts";

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

export interface ScoringProgress {
  readonly trace: number;
  readonly scorer: string;
  /** E.g. `probing`, `waiting for base`, `window 3 of 7`. */
  readonly phase: string;
}

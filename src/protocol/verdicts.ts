// What the curves panel is told of judges: whose verdicts are shown, and where several differ.
import type { CurvesSnapshot } from "./curves.ts";

/** Who may judge samples. */
export interface JudgeView {
  /** `own`, or a verifier's id: `math@1:strict`. */
  readonly id: string;
  /** `math, strict`; `labels “score” in the file` */
  readonly words: string;
}

/** Whose verdicts a run is shown with, and what is known of others. */
export interface RunVerdictsView {
  readonly shown: JudgeView;
  readonly own: JudgeView;
  /** How the shown verdicts differ from the run's own; `null` where those are shown. */
  readonly changed: VerdictCountsView | null;
  /** Of a verifier that has modes: how many verdicts depend on it. `null`: it has none, or nobody counts them. */
  readonly modes: ModesView | null;
}

export interface ModesView {
  /** The verifier in each of its modes. */
  readonly judges: readonly JudgeView[];
  /** `null` while they are counted. */
  readonly dependent: number | null;
  /** Samples that each mode has judged. */
  readonly samples: number;
  /** Of a run this large nobody counts them before being asked. */
  readonly onRequest: boolean;
}

export interface VerdictsFocus {
  readonly number: number;
  readonly runId: string;
  readonly judges: readonly string[];
}

export type VerdictWord = "correct" | "incorrect" | "unparsed" | "undecided" | "error";

/** Samples that every judge has judged, and those of them they do not agree on, the most frequent kind first. */
export interface VerdictCountsView {
  readonly samples: number;
  readonly withoutVerdict: number;
  readonly differ: number;
  readonly counts: readonly { readonly kinds: readonly VerdictWord[]; readonly count: number }[];
}

/** One run as several judges see it. */
export interface VerdictsView extends VerdictCountsView {
  readonly runId: string;
  readonly judges: readonly JudgeView[];
  /** The first of those that differ, in the order of the problems; `differ` counts all. */
  readonly rows: readonly VerdictRow[];
  /** The run's curve by each judge, as runs of a panel; `null` where nothing is graded. */
  readonly curves: CurvesSnapshot | null;
}

export interface VerdictRow {
  readonly problemKey: string;
  readonly problemId: string;
  /** 0-based, among the problem's samples. */
  readonly index: number;
  /** At most 300 characters. */
  readonly gold: string | null;
  /** One per judge. */
  readonly verdicts: readonly JudgedView[];
}

export interface JudgedView {
  readonly kind: VerdictWord;
  readonly extracted: string | null;
  /** By what rule, or why it cannot be said. */
  readonly how: string;
}

// The Label view's contract. In blind mode nothing of model, score, run, other raters, order or file names is in any of
// this: the host leaves it out, so it cannot be in the page.
import type { CotVerdict } from "../core/label/model.ts";

export interface LabelsContract {
  readonly requests: {
    /** The view is there (again) and wants everything. */
    readonly ready: { readonly params: Record<string, never>; readonly result: LabelsSnapshot };
    /**
     * Labels the item that is shown, or corrects its label; answered when the label is on disk, with the next item.
     * Fails with `otherItem` when the host shows another one by now, with `diskFull` or `storeFailed`: not labelled then.
     */
    readonly judge: { readonly params: Judgement; readonly result: LabelsSnapshot };
    /** Another note on the label that the shown item has; as `judge`, but the item stays. Without a label nothing is said. */
    readonly saveNote: {
      readonly params: { readonly item: number; readonly note: string };
      readonly result: LabelsSnapshot;
    };
    /** Takes the last label back and shows its item again. */
    readonly undo: { readonly params: Record<string, never>; readonly result: LabelsSnapshot };
    /** Not now: the item comes again after all others. */
    readonly skip: { readonly params: { readonly item: number }; readonly result: LabelsSnapshot };
    /** Back through what was labelled (-1), and forward again (1). */
    readonly go: { readonly params: { readonly by: -1 | 1 }; readonly result: LabelsSnapshot };
    readonly setBlind: { readonly params: { readonly blind: boolean }; readonly result: LabelsSnapshot };
    /** False sums of the item: after the label, or when they are asked for. */
    readonly readFlags: { readonly params: { readonly item: number }; readonly result: readonly FlagView[] };
    /** Opens the trace inspector beside, which goes where the queue goes while it is open. Fails with `blind`. */
    readonly inspect: { readonly params: { readonly item: number }; readonly result: null };
    readonly buildQueue: { readonly params: Record<string, never>; readonly result: null };
    readonly importRollouts: { readonly params: Record<string, never>; readonly result: null };
    /** Roll-up, agreement, conflicts and CoT-Pass@k of the queue's runs. Fails with `blind` in blind mode. */
    readonly readResults: { readonly params: Record<string, never>; readonly result: ResultsView };
    /** Shows the item of a conflict, to be settled by the next label; `null` goes back to the queue. */
    readonly openConflict: {
      readonly params: { readonly conflict: string | null };
      readonly result: LabelsSnapshot;
    };
    /** The keyboard shortcuts editor, at this view's keys. */
    readonly showKeys: { readonly params: Record<string, never>; readonly result: null };
    readonly showLog: { readonly params: Record<string, never>; readonly result: null };
    /** Whether single keys are labels now: the view has the focus, and nobody types. */
    readonly setKeys: { readonly params: { readonly free: boolean }; readonly result: null };
  };
  readonly events: {
    /** Replaces all that was there. */
    readonly snapshot: LabelsSnapshot;
    /** A key of the view was pressed: keys are commands of the window, so that they can be bound to others. */
    readonly press: LabelAction;
    /** The line under the buttons, some moments after a label. */
    readonly summary: SummaryView;
  };
}

/** What a key does; each is a command, e.g. `rolloutLens.labelWrong`. */
export type LabelAction =
  | "wrong"
  | "ambiguous"
  | "correct"
  | "markStep"
  | "nextStep"
  | "previousStep"
  | "note"
  | "undo"
  | "skip"
  | "nextTrace"
  | "previousTrace"
  | "blind"
  | "flags"
  | "rendered"
  | "problem"
  | "inspect"
  | "results"
  | "help";
export const labelActions: readonly LabelAction[] = [
  "wrong",
  "ambiguous",
  "correct",
  "markStep",
  "nextStep",
  "previousStep",
  "note",
  "undo",
  "skip",
  "nextTrace",
  "previousTrace",
  "blind",
  "flags",
  "rendered",
  "problem",
  "inspect",
  "results",
  "help",
];

export interface Judgement {
  /** `ItemView.item` of what the person saw. */
  readonly item: number;
  readonly verdict: CotVerdict;
  /** 0-based. */
  readonly firstWrongStep: number | null;
  readonly note: string;
  readonly seconds: number;
}

export interface LabelsSnapshot {
  readonly version: number;
  /** Keys as they are bound unless the person changed them; actions without one are absent. */
  readonly keys: Readonly<Partial<Record<LabelAction, string>>>;
  readonly blind: boolean;
  /** `null`: there is no queue. */
  readonly queue: QueueView | null;
  /** `null`: nothing (more) to label, being read, or `error` says why not. */
  readonly item: ItemView | null;
  readonly canUndo: boolean;
  readonly summary: SummaryView | null;
  /** Being read: what is done of how much, 0 to 1. */
  readonly reading: number | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface QueueView {
  /** E.g. `MATH, answer right, 0 < a < 5 %`; "" in blind mode. */
  readonly title: string;
  readonly done: number;
  readonly total: number;
  /** Skipped ones among those that are left. */
  readonly skipped: number;
  /** Median of the last labels; `null` before the first. */
  readonly secondsEach: number | null;
}

export interface ItemView {
  /** Names what is shown in requests; says nothing about it. */
  readonly item: number;
  readonly question: string;
  readonly gold: string | null;
  readonly text: string;
  /** UTF-16 ranges that tile the text. */
  readonly steps: readonly { readonly start: number; readonly end: number }[];
  /** What this rater said of it; `null`: nothing yet. */
  readonly label: OwnLabel | null;
  /** `null` in blind mode. */
  readonly facts: ItemFacts | null;
  /** A conflict to be settled; `null`: an item of the queue. */
  readonly conflict: readonly OtherLabel[] | null;
}

export interface OwnLabel {
  readonly verdict: CotVerdict;
  readonly firstWrongStep: number | null;
  readonly note: string;
}

export interface ItemFacts {
  /** E.g. `Problem 70`. */
  readonly problem: string;
  /** E.g. `Qwen2.5-Math-7B, sample 2 of 8`. */
  readonly source: string;
  readonly answerRight: boolean;
  /** Of the problem in that run, with the 95 % interval of its rate. */
  readonly c: number;
  readonly n: number;
  readonly low: number;
  readonly high: number;
  /** What others said of it, after this rater's own label. */
  readonly others: readonly OtherLabel[];
}

export interface OtherLabel {
  readonly rater: string;
  readonly kind: "human" | "model";
  readonly verdict: CotVerdict;
  readonly firstWrongStep: number | null;
  readonly note: string;
}

/** A false claim of arithmetic; UTF-16 range in the item's text. */
export interface FlagView {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** Fractions. `null` where there is nothing to say. */
export interface RateView {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface SummaryView {
  /** Problems with a right chain of thought, of those that are labelled. */
  readonly right: number;
  readonly labelled: number;
  readonly share: RateView | null;
  /** Kappa of this rater with the other human (the lowest where there are several), on so many shared items. */
  readonly agreement: { readonly kappa: number | null; readonly items: number } | null;
}

export interface ResultsView {
  /** In words, e.g. `0 < accuracy < 5 %`. */
  readonly window: string;
  readonly raters: readonly {
    readonly name: string;
    readonly kind: "human" | "model";
    readonly labels: number;
  }[];
  readonly runs: readonly RunResult[];
  readonly agreement: AgreementView | null;
  readonly conflicts: readonly ConflictView[];
  readonly curves: readonly CotCurveView[];
  /** What the stop rule says of each pair of runs, and what else the person should know. */
  readonly sentences: readonly string[];
  /** Lines of label files that could not be read. */
  readonly issues: readonly string[];
}

export interface RollUpRow {
  readonly name: string;
  /** E.g. `24/25`. */
  readonly form: string;
  readonly share: RateView | null;
  readonly open: number;
  readonly ambiguous: number;
  readonly unlabelled: number;
}

export interface RunResult extends RollUpRow {
  readonly runId: string;
  readonly bins: readonly RollUpRow[];
}

export interface AgreementView {
  readonly items: number;
  readonly pairs: readonly {
    readonly a: string;
    readonly b: string;
    readonly model: boolean;
    readonly items: number;
    readonly same: number | null;
    readonly kappa: RateView | null;
    readonly weighted: RateView | null;
  }[];
  /** Of all humans, where there are more than two or items are missing. */
  readonly alpha: RateView | null;
  readonly ordinalAlpha: RateView | null;
}

export interface ConflictView {
  /** To be opened by. */
  readonly conflict: string;
  /** E.g. `Problem 70, sample 2`. */
  readonly name: string;
  readonly labels: readonly OtherLabel[];
  readonly settled: CotVerdict | null;
}

export interface CotCurveView {
  readonly runId: string;
  readonly name: string;
  /** Labels of humans that count here, and texts that could have one. */
  readonly labels: number;
  readonly texts: number;
  readonly preliminary: boolean;
  readonly points: readonly ({ readonly k: number; readonly passAtK: number } & RateView)[];
}

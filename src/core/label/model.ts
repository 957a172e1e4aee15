// Labels of chains of thought (arXiv 2504.13837, appendix: manual CoT check): readonly types, no behaviour.
import type { StopPlan } from "../estimate/adaptive/stopPlan.ts";

/** What a rater says of one chain of thought. `ambiguous`: steps are skipped, so that it cannot be judged; left out of every rate. */
export type CotVerdict = "wrong" | "ambiguous" | "correct";
/** In rising order: the three levels of the weighted agreement. */
export const cotVerdicts: readonly CotVerdict[] = ["wrong", "ambiguous", "correct"];

/** A problem and a text, hashed (see `itemId`): the same in every file, run and session. 16 hex digits. */
export type ItemId = string;

/** `model`: a pre-labeller. Never counted as a human: in no roll-up, no curve, no agreement among humans. */
export type RaterKind = "human" | "model";
export const raterKinds: readonly RaterKind[] = ["human", "model"];

export interface Rater {
  readonly name: string;
  readonly kind: RaterKind;
}

/** What is said of one item. */
export interface LabelEntry {
  readonly item: ItemId;
  readonly verdict: CotVerdict;
  /** 0-based index of the step in `splitSteps` of the text; `null`: not said. */
  readonly firstWrongStep: number | null;
  /** Empty where there is none. */
  readonly note: string;
  /** From showing the item to the key. */
  readonly seconds: number;
}

/** An entry as it lies on disk. */
export interface Label extends LabelEntry {
  /** Of its line; unique. */
  readonly lineId: string;
  readonly rater: string;
  readonly raterKind: RaterKind;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** `true`: settles a conflict of raters, and wins over all their labels. */
  readonly adjudication: boolean;
}

/** A text of one problem in one run; equal texts are one. */
export interface TextItem {
  readonly id: ItemId;
  /** `Sample.index` of the first sample that has the text. */
  readonly index: number;
  /** Samples that have it, and how many of them were judged correct by the verifier. */
  readonly count: number;
  readonly correct: number;
}

/** One problem of one run with its distinct texts, in the order of their first samples; n and c as in `ProblemTally`. */
export interface ProblemItems {
  readonly problemKey: string;
  readonly n: number;
  readonly c: number;
  readonly items: readonly TextItem[];
}

export interface RunItems {
  readonly runId: string;
  readonly name: string;
  /** Of a run that stops its problems early; absent for others. */
  readonly stopPlan?: StopPlan | undefined;
  readonly problems: readonly ProblemItems[];
}

/** Where an item's text is found: `RolloutRun.locate(problemKey)` of that run, sample `index`. */
export interface ItemPlace {
  readonly runId: string;
  readonly index: number;
  readonly count: number;
  readonly correct: number;
}

/** An item to label. A text that two runs share is one item with two places. */
export interface LabelItem {
  readonly id: ItemId;
  readonly problemKey: string;
  readonly places: readonly ItemPlace[];
}

/**
 * - `hardFirst`: one per solved problem in rising c, another where that one was not right, at most 6 each; then the rest
 *   at random. The order of the CoT-Pass@k estimate (fewest labels for its interval).
 * - `random`: a simple random sample.
 * - `problem`: by problem, in the order of the runs.
 */
export type QueueOrder = "hardFirst" | "random" | "problem";
export const queueOrders: readonly QueueOrder[] = ["hardFirst", "random", "problem"];

export interface QueueSpec {
  /** Accuracy c/n of the item's problem in its run: above < c/n < below, both strictly; `null`: no such end. */
  readonly above: number | null;
  readonly below: number | null;
  /** Keys of the only problems that are asked about; absent: all. */
  readonly problems?: readonly string[];
  /** Only texts whose answer is correct. */
  readonly correctOnly: boolean;
  readonly order: QueueOrder;
  /** At most so many items; `null`: all. */
  readonly size: number | null;
  readonly seed: number;
  /** Share of the problems that every rater gets (for agreement), 0 to 1; the others are dealt among the raters. */
  readonly overlap: number;
  /** How many raters share the work, and which of them this is (0-based); one rater gets everything. */
  readonly raters: number;
  readonly rater: number;
}

/** What the paper's authors read: every right answer of the problems with 0 < accuracy < 5 %. */
export const defaultQueueSpec: QueueSpec = {
  above: 0,
  below: 0.05,
  correctOnly: true,
  order: "hardFirst",
  size: null,
  seed: 1,
  overlap: 0.2,
  raters: 1,
  rater: 0,
};

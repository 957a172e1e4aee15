import type { Bounds } from "../estimate/meanInterval.ts";
import type { LabelSet } from "./labelSet.ts";
import type { QueueSpec, RunItems } from "./model.ts";

/** Problems of one run (or of one difficulty bin of it) by what was said of their right answers. */
export interface ProblemRollUp {
  /** With a right answer in the window. */
  readonly solved: number;
  /** With at least one correct chain of thought. */
  readonly right: number;
  /** All read, none correct. */
  readonly wrong: number;
  /** Some read and wrong, none correct, some not read yet: may still become right. */
  readonly open: number;
  /** None correct and some ambiguous or in conflict: left out. */
  readonly ambiguous: number;
  /** Without any label. */
  readonly unlabelled: number;
  /** right + wrong + open: the denominator. */
  readonly labelled: number;
  /** right / labelled with the 95 % interval of Clopper and Pearson; `null` where nothing is labelled. */
  readonly share: ({ readonly value: number } & Bounds) | null;
  /** The paper's form, e.g. `24/25`. */
  readonly form: string;
}

export interface BinRollUp extends ProblemRollUp {
  /** Accuracy c/n: above < a <= upTo. */
  readonly above: number;
  readonly upTo: number;
}

export interface RunRollUp extends ProblemRollUp {
  readonly runId: string;
  readonly name: string;
  readonly bins: readonly BinRollUp[];
  /** Distinct right-answer texts in the window by what humans say of them. */
  readonly texts: {
    readonly all: number;
    readonly correct: number;
    readonly wrong: number;
    readonly ambiguous: number;
    readonly conflict: number;
  };
}

/** Per run, over the right answers of the problems in the window. Human labels only; adjudications win. */
export function rollUp(
  runs: readonly RunItems[],
  labels: LabelSet,
  window: Pick<QueueSpec, "above" | "below"> = { above: 0, below: 0.05 },
): readonly RunRollUp[] {
  throw new Error(`not there yet ${runs.length} ${labels.raters.length} ${window.above}`);
}

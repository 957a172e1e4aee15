// One problem's samples, as the curves panel lists and shows them.
import type { TrialDetail } from "../core/model.ts";
import type { JudgedView } from "./verdicts.ts";

export interface SampleRow {
  readonly index: number;
  readonly verdict: "correct" | "incorrect" | "unparsed" | "undecided" | "error" | "ungraded";
  readonly extracted: string | null;
  readonly outcome: "ok" | "truncated" | "refused" | "failed";
  readonly finishReason: string | null;
  readonly tokens: number | null;
  /** At most 160 characters. */
  readonly preview: string;
}

export interface SampleText {
  readonly row: SampleRow;
  readonly question: string;
  readonly gold: string | null;
  readonly reasoning: string | null;
  readonly text: string;
  /** How the verdict came about, e.g. `exact`, or its reason. */
  readonly how: string;
  /** Of a program that failed a test: what it was called with, what had to come and what came. */
  readonly trial?: TrialDetail | null;
  /** The sample is a program, and the question what it goes on from: both stand as they are. */
  readonly isProgram?: boolean;
  /** What other judges have said of it, without the one whose verdict is shown. */
  readonly others: readonly (JudgedView & { readonly words: string })[];
  /** `path:line`, if the sample can be opened in the editor. */
  readonly source: string | null;
}

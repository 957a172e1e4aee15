import type { CotVerdict } from "../../src/core/label/model.ts";
import type {
  FlagView,
  LabelAction,
  LabelsContract,
  LabelsSnapshot,
  ResultsView,
} from "../../src/protocol/labels.ts";
import type { Client } from "../shared/client.ts";
import { noMarks, type StepMarks } from "./stepMarks.ts";

export interface State {
  readonly snapshot: LabelsSnapshot | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly marks: StepMarks;
  /** `null`: not asked for. */
  readonly flags: readonly FlagView[] | null;
  /** Markdown and LaTeX are set, instead of the plain text. */
  readonly rendered: boolean;
  readonly problemOpen: boolean;
  readonly help: boolean;
  readonly page: "label" | "results";
  readonly results: ResultsView | null;
  /** What a screen reader is told. */
  readonly said: string;
}

export const firstState: State = {
  snapshot: null,
  failure: null,
  marks: noMarks,
  flags: null,
  rendered: false,
  problemOpen: false,
  help: false,
  page: "label",
  results: null,
  said: "",
};

/** What the parts of the page may do. */
export interface App {
  readonly client: Client<LabelsContract>;
  state(): State;
  set(patch: Partial<State>): void;
  /** As if its key was pressed: one after another, each on what is shown then. */
  press(action: LabelAction): void;
  goToStep(step: number): void;
  /** Of the shown item, if it is labelled; without a label the note goes with the label to come. */
  saveNote(): void;
  openConflict(conflict: string | null): void;
  retry(): void;
  /** Nothing is waited for; a failure is shown. */
  run(request: Promise<unknown>): void;
}

export const verdictWords: Readonly<Record<CotVerdict, string>> = {
  wrong: "Wrong",
  ambiguous: "Ambiguous",
  correct: "Correct",
};

/** How far the queue is, to be said. */
export function labelledWords({ snapshot }: State): string {
  const { done = 0, total = 0 } = snapshot?.queue ?? {};
  return `${done} of ${total} labelled.`;
}

import type {
  InspectorContract,
  InspectorOptions,
  InspectorSnapshot,
  ProblemRow,
} from "../../src/protocol/inspector.ts";
import type { Client } from "../shared/client.ts";

export interface State {
  readonly snapshot: InspectorSnapshot | null;
  readonly failure: {
    readonly code: string;
    readonly message: string;
    readonly scorer: string | null;
  } | null;
  /** While a trace is scored: by whom, and what is being done. */
  readonly scoring: { readonly scorer: string; readonly phase: string } | null;
  /** The unit of the first trace that is looked at, -1 for none. */
  readonly unit: number;
  readonly help: boolean;
  /** Of the run or file; `null` until the list was asked for. */
  readonly problems: readonly ProblemRow[] | null;
  /** The list of problems is shown. */
  readonly listed: boolean;
}

export interface ScoreWish {
  readonly trace: number;
  readonly scorer: string;
  readonly slow: boolean;
  readonly against: boolean;
}

/** What the parts of the page may do. */
export interface App {
  readonly client: Client<InspectorContract>;
  /** Asks for everything, at the start or again. */
  begin(): void;
  state(): State;
  setOptions(patch: Partial<InspectorOptions>): void;
  openTrace(trace: number): void;
  openProblem(step: 1 | -1): void;
  /** Shows the newest sample of a growing file from now on, or no more. */
  follow(): void;
  goToProblem(problem: number): void;
  listProblems(shown: boolean): void;
  /** Asks for another trace and shows it beside; closes it where one stands there. */
  compare(): void;
  /** The two texts in VS Code's own diff. */
  compareText(): void;
  /** Asks for a scorer first. */
  chooseScorer(against: boolean): void;
  score(wish: Pick<ScoreWish, "scorer"> & Partial<ScoreWish>): void;
  scoreOwnTraces(): void;
  cancel(): void;
  goTo(unit: number): void;
  run(request: Promise<unknown>): void;
  set(patch: Partial<State>): void;
}

export const scorerName = ({ scorers }: InspectorSnapshot, id: string | null): string | null =>
  id === null ? null : (scorers.find((one) => one.id === id)?.name ?? id);

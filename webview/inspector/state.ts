import type { InspectorContract, InspectorOptions, InspectorSnapshot } from "../../src/protocol/inspector.ts";
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
  /** The unit that is looked at, -1 for none. */
  readonly unit: number;
  readonly help: boolean;
}

/** What the parts of the page may do. */
export interface App {
  readonly client: Client<InspectorContract>;
  state(): State;
  setOptions(patch: Partial<InspectorOptions>): void;
  openTrace(trace: number): void;
  chooseScorer(): void;
  score(scorer: string, slow: boolean): void;
  cancel(): void;
  goTo(unit: number): void;
  run(request: Promise<unknown>): void;
  set(patch: Partial<State>): void;
}

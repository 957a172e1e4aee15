import type { CancelSignal } from "../ports.ts";
import type { Verdict } from "../model.ts";

export interface VerifyItem {
  readonly question: string;
  readonly gold: string;
  readonly response: string;
}

/** Judges a response against a gold answer. `id` is stored with every verdict. */
export interface Verifier {
  /** Name and version, e.g. `math@1:standard`; a new version whenever a verdict may change. */
  readonly id: string;
  /** Never rejects for a bad response: that is an `error` or `undecided` verdict. */
  verify(item: VerifyItem, signal?: CancelSignal): Promise<Verdict> | Verdict;
}

import type { Verdict } from "../model.ts";

/** A verdict in the words of a comparison of two answers. */
export interface PairLine {
  readonly verdict: "equal" | "notEqual" | "undecided";
  /** By what rule: exact, rounding, identity, set ...; for `undecided` the reason. */
  readonly how: string;
  /** What was taken for the answer; `null` where there is none. */
  readonly extracted: string | null;
}

/** A response without any answer differs from every gold answer. */
export function pairLine(verdict: Verdict): PairLine {
  if (verdict.kind === "unparsed") return { verdict: "notEqual", how: "no answer found", extracted: null };
  if (verdict.kind === "error") return { verdict: "undecided", how: verdict.reason, extracted: null };
  const { extracted } = verdict;
  if (verdict.kind === "undecided") return { verdict: "undecided", how: verdict.reason, extracted };
  return { verdict: verdict.kind === "correct" ? "equal" : "notEqual", how: verdict.how, extracted };
}

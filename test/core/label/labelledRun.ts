import type { ItemId, RunItems } from "../../../src/core/label/model.ts";
import { labelSet, type LabelSet } from "../../../src/core/label/labelSet.ts";
import type { CotVerdict, RaterKind } from "../../../src/core/label/model.ts";

/** 16 hex digits that say which problem and which text. */
export const itemOf = (problem: number, text: number): ItemId =>
  problem.toString(16).padStart(8, "0") + text.toString(16).padStart(8, "0");

/** So many problems of n samples, c of them right, each with a text of its own. */
export function runOf(
  problems: number,
  { n, c }: { readonly n: number; readonly c: number },
  runId = "run",
): RunItems {
  return {
    runId,
    name: runId,
    problems: Array.from({ length: problems }, (_, p) => ({
      problemKey: `p${p}`,
      n,
      c,
      items: Array.from({ length: c }, (__, i) => ({ id: itemOf(p, i), index: i, count: 1, correct: 1 })),
    })),
  };
}

export interface Say {
  readonly item: ItemId;
  readonly verdict: CotVerdict;
  readonly rater?: string;
  readonly kind?: RaterKind;
  readonly adjudication?: boolean;
}

/** What these say, in their order. */
export function labelsOf(says: readonly Say[]): LabelSet {
  return labelSet(
    says.map(({ item, verdict, rater = "anna", kind = "human", adjudication = false }, i) => ({
      id: `line${i}`,
      at: i,
      rater,
      kind,
      act: {
        type: adjudication ? "adjudication" : "label",
        entry: { item, verdict, firstWrongStep: null, note: "", seconds: 1 },
      },
    })),
  );
}

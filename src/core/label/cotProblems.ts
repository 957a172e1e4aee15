import type { CotPair } from "../estimate/cot/cotDifference.ts";
import type { CotProblem } from "../estimate/cot/cotPass.ts";
import type { LabelSet } from "./labelSet.ts";
import type { ItemId, RunItems } from "./model.ts";

/** The problems that both runs have, as the estimate wants them. */
export function pairedProblems(
  [a, b]: readonly [RunItems, RunItems],
  labels: LabelSet,
  isRead?: (item: ItemId) => boolean,
): readonly CotPair[] {
  const others = cotProblems(b, labels, isRead);
  return [...cotProblems(a, labels, isRead)].flatMap(([key, problem]): readonly CotPair[] => {
    const other = others.get(key);
    return other === undefined ? [] : [[problem, other]];
  });
}

/** The problems of a run as the estimate wants them; by `problemKey`, in the run's order. `isRead`: labels to look at. */
export function cotProblems(
  run: RunItems,
  labels: LabelSet,
  isRead: (item: ItemId) => boolean = () => true,
): ReadonlyMap<string, CotProblem> {
  return new Map(
    run.problems.map(({ problemKey, n, c, items }) => {
      const read = { rightTexts: 0, wrongTexts: 0, rightSamples: 0, wrongSamples: 0 };
      const unread: number[] = [];
      let readable = 0;
      for (const { id, correct } of items) {
        if (correct === 0) continue;
        readable += correct;
        const agreed = isRead(id) ? labels.agreed(id) : null;
        if (agreed?.kind !== "agreed" || agreed.verdict === "ambiguous") unread.push(correct);
        else if (agreed.verdict === "correct") {
          read.rightTexts++;
          read.rightSamples += correct;
        } else {
          read.wrongTexts++;
          read.wrongSamples += correct;
        }
      }
      // Right answers without a text to read (an empty one) can never be labelled.
      for (let rest = c - readable; rest > 0; rest--) unread.push(1);
      return [problemKey, { n, c, ...read, unread }];
    }),
  );
}

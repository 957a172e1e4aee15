import type { RunItems } from "./model.ts";

/**
 * Runs whose labels can be counted. One that stopped its problems early cannot: it ends at the r-th right answer, so a right
 * chain of thought that would have come later was never sampled, and (1 - pq)^k has no unbiased estimate beyond k = r.
 */
export const plainItems = (runs: readonly RunItems[]): readonly RunItems[] =>
  runs.filter(({ stopPlan }) => stopPlan === undefined);

/** Why the others are left out, in words; `null`: none is. */
export function stoppedLabelsRefusal(runs: readonly RunItems[]): string | null {
  const stopped = runs.filter(({ stopPlan }) => stopPlan !== undefined);
  if (stopped.length === 0) return null;
  const names = stopped.map(({ name }) => name).join(", ");
  const most = Math.max(...stopped.map(({ stopPlan }) => stopPlan?.r ?? 0));
  const last = most === 1 ? "their first right answer" : `${most} right answers`;
  return (
    `CoT-Pass@k and the problems with a right chain of thought cannot be told of ${names}: its problems ended at ` +
    `${last}, so chains that would have come later were never written. The labels are kept; ` +
    "for CoT-Pass@k sample the same number for every problem."
  );
}

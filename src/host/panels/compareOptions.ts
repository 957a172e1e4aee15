import type { CompareOptions } from "../../core/estimate/report.ts";
import type { RunTally } from "../../core/model.ts";
import type { CurvesOptions } from "../../protocol/curves.ts";

/** How a panel compares its runs. */
export function compareOptions(
  tallies: readonly RunTally[],
  { interval, finishedOnly, referenceId }: CurvesOptions,
): CompareOptions {
  // A reference that was removed from the panel is no reference.
  const isThere = tallies.some(({ id }) => id === referenceId);
  return { interval, finishedOnly, pairs: "reference", referenceId: isThere ? referenceId : null };
}

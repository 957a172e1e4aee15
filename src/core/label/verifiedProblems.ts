import type { LabelSet } from "./labelSet.ts";
import type { RunItems } from "./model.ts";

/** Keys of the problems of which at least one right answer has a chain of thought that humans agree is correct. */
export function verifiedProblems({ problems }: RunItems, labels: LabelSet): string[] {
  const isVerified = ({ id, correct }: RunItems["problems"][number]["items"][number]): boolean => {
    if (correct === 0) return false;
    const agreed = labels.agreed(id);
    return agreed.kind === "agreed" && agreed.verdict === "correct";
  };
  return problems.filter(({ items }) => items.some(isVerified)).map(({ problemKey }) => problemKey);
}

import * as vscode from "vscode";
import type { ProblemCount } from "../../core/estimate/names.ts";
import { rateInterval } from "../../core/estimate/rateInterval.ts";
import type { LabelSet } from "../../core/label/labelSet.ts";
import type { ItemId, Label, LabelItem } from "../../core/label/model.ts";
import { splitSteps } from "../../core/trace/steps.ts";
import type { ItemFacts, ItemView, OtherLabel, OwnLabel } from "../../protocol/labels.ts";
import type { ItemText } from "./itemTexts.ts";
import type { LabelledRun } from "./labelledRuns.ts";
import type { ShownItem } from "./labelSession.ts";

export interface ShownProblem extends ProblemCount {
  readonly id: string;
}

/** Ids and counts of the problems of runs, found in constant time. */
export class ShownProblems {
  private readonly byRun = new Map<string, ReadonlyMap<string, ShownProblem>>();

  constructor(runs: readonly LabelledRun[]) {
    for (const { entry, loaded, items } of runs) {
      const counts = new Map(items.problems.map((problem) => [problem.problemKey, problem]));
      const shown = loaded.tally.problems.map(({ problem }): [string, ShownProblem] => {
        const { n = 0, c = 0 } = counts.get(problem.key) ?? {};
        return [problem.key, { id: problem.id, n, c, stop: items.stopPlan }];
      });
      this.byRun.set(entry.id, new Map(shown));
    }
  }

  find(runId: string, problemKey: string): ShownProblem | null {
    return this.byRun.get(runId)?.get(problemKey) ?? null;
  }
}

export interface ItemContext {
  readonly blind: boolean;
  readonly problems: ShownProblems;
  readonly own: Label | null;
  /** Everybody's; `null` before they were read. */
  readonly everyone: LabelSet | null;
  readonly rater: string;
}

/** The item as the view is told of it. Blind: the problem, the text, and nothing of where they come from. */
export function itemView(shown: ShownItem, context: ItemContext): ItemView {
  const { token, item, text, adjudicates } = shown;
  const { own, everyone, rater, blind } = context;
  const label: OwnLabel | null =
    own === null ? null : { verdict: own.verdict, firstWrongStep: own.firstWrongStep, note: own.note };
  const others = blind ? [] : othersOf(everyone, item.id, rater);
  return {
    item: token,
    question: text?.question ?? "",
    gold: text?.gold ?? null,
    text: text?.text ?? "",
    steps: text === null ? [] : splitSteps(text.text).map(({ start, end }) => ({ start, end })),
    label,
    facts: blind || text === null ? null : itemFacts(item, text, { ...context, others }),
    conflict: adjudicates && !blind ? allOf(everyone, item.id) : null,
  };
}

function itemFacts(
  { problemKey }: LabelItem,
  { run, ref, samples }: ItemText,
  { problems, own, others }: ItemContext & { readonly others: readonly OtherLabel[] },
): ItemFacts {
  const problem = problems.find(run.id, problemKey) ?? { id: problemKey, n: 0, c: 0 };
  const { id, n, c } = problem;
  return {
    problem: vscode.l10n.t("Problem {0}", id),
    source: vscode.l10n.t("{0}, sample {1} of {2}", run.name, ref.index + 1, samples),
    answerRight: ref.verdict?.kind === "correct",
    c,
    n,
    ...rateInterval(problem),
    // What others say comes after one's own judgement.
    others: own === null ? [] : others,
  };
}

const othersOf = (labels: LabelSet | null, item: ItemId, rater: string): readonly OtherLabel[] =>
  allOf(labels, item).filter((label) => label.rater !== rater);

const allOf = (labels: LabelSet | null, item: ItemId): readonly OtherLabel[] =>
  labels?.of(item).map(otherLabel) ?? [];

export const otherLabel = ({ rater, raterKind, verdict, firstWrongStep, note }: Label): OtherLabel => ({
  rater,
  kind: raterKind,
  verdict,
  firstWrongStep,
  note,
});

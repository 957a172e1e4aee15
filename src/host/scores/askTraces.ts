import * as vscode from "vscode";
import type { RunTally } from "../../core/model.ts";
import { count } from "../../core/numberWords.ts";
import { promptTemplates, type PromptTemplate } from "../../core/run/templates.ts";
import type { TraceChoice } from "../../core/trace/pickTraces.ts";

const sampleSizes: readonly number[] = [1, 4, 16, 64];
const seed = 0;

/** Traces of the runs, or the worked solutions of their dataset. */
export type ScoredTexts =
  | { readonly kind: "samples"; readonly choice: TraceChoice }
  | { readonly kind: "gold" };

/**
 * Asks which texts are to be scored; `null` when the person left.
 * @param solutions worked solutions that the dataset of these runs has
 */
export async function askTraces(
  tallies: readonly RunTally[],
  title: string,
  solutions: number,
): Promise<ScoredTexts | null> {
  const problems = tallies.flatMap((tally) => tally.problems);
  const most = Math.max(...problems.map(({ n }) => n));
  const chosen = (perProblem: number | null, correctOnly: boolean): number =>
    problems.reduce((sum, { n, c }) => sum + Math.min(perProblem ?? Infinity, correctOnly ? c : n), 0);
  const item = (label: string, choice: Omit<TraceChoice, "seed">) => ({
    label,
    description: vscode.l10n.t("{0} traces", count(chosen(choice.perProblem, choice.correctOnly))),
    choice: { ...choice, seed },
    texts: { kind: "samples", choice: { ...choice, seed } } as ScoredTexts,
  });
  const gold = {
    label: vscode.l10n.t("Reference solutions of the dataset"),
    description: vscode.l10n.t("{0} texts", count(solutions)),
    texts: { kind: "gold" } as ScoredTexts,
  };
  const sizes = sampleSizes.filter((size) => size < most);
  const items = [
    ...sizes.map((perProblem) =>
      item(vscode.l10n.t("{0} of each problem", perProblem), { perProblem, correctOnly: false }),
    ),
    item(vscode.l10n.t("All traces"), { perProblem: null, correctOnly: false }),
    ...sizes.map((perProblem) =>
      item(vscode.l10n.t("{0} of each problem, only right answers", perProblem), {
        perProblem,
        correctOnly: true,
      }),
    ),
    item(vscode.l10n.t("All right answers"), { perProblem: null, correctOnly: true }),
  ].filter((one) => chosen(one.choice.perProblem, one.choice.correctOnly) > 0);
  const placeHolder = vscode.l10n.t("Drawn at random with a fixed seed; what is scored already is kept");
  const all = [...items, ...(solutions > 0 ? [gold] : [])];
  return (await vscode.window.showQuickPick(all, { title, placeHolder }))?.texts ?? null;
}

/** Rollouts of others do not say with which prompt they were sampled; `null` when the person left. */
export async function askPrompt(title: string): Promise<PromptTemplate | null> {
  const items = promptTemplates.map((template) => ({
    label: template.title,
    description: template.id,
    template,
  }));
  const placeHolder = vscode.l10n.t("The prompt that stood before the traces: the file does not say it");
  const options = { title, placeHolder, matchOnDescription: true };
  return (await vscode.window.showQuickPick(items, options))?.template ?? null;
}

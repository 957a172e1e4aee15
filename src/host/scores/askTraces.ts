import * as vscode from "vscode";
import type { RunTally } from "../../core/model.ts";
import { promptTemplates, type PromptTemplate } from "../../core/run/templates.ts";
import type { TraceChoice } from "../../core/trace/pickTraces.ts";
import { formatCount } from "../format.ts";

const sampleSizes: readonly number[] = [1, 4, 16, 64];
const seed = 0;

/** Asks which traces of these runs are to be scored; `null` when the person left. */
export async function askTraces(tallies: readonly RunTally[], title: string): Promise<TraceChoice | null> {
  const problems = tallies.flatMap((tally) => tally.problems);
  const most = Math.max(...problems.map(({ n }) => n));
  const count = (perProblem: number | null, correctOnly: boolean): number =>
    problems.reduce((sum, { n, c }) => sum + Math.min(perProblem ?? Infinity, correctOnly ? c : n), 0);
  const item = (label: string, choice: Omit<TraceChoice, "seed">) => ({
    label,
    description: vscode.l10n.t("{0} traces", formatCount(count(choice.perProblem, choice.correctOnly))),
    choice: { ...choice, seed },
  });
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
  ].filter((one) => count(one.choice.perProblem, one.choice.correctOnly) > 0);
  const placeHolder = vscode.l10n.t("Drawn at random with a fixed seed; what is scored already is kept");
  return (await vscode.window.showQuickPick(items, { title, placeHolder }))?.choice ?? null;
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

import * as vscode from "vscode";
import { toLabelCsv } from "../../core/label/exchange/labelCsv.ts";
import type { LabelledText } from "../../core/label/exchange/labelledText.ts";
import { toPrm800k } from "../../core/label/exchange/prm800k.ts";
import { toProcessBench } from "../../core/label/exchange/processBench.ts";
import type { LabelSet } from "../../core/label/labelSet.ts";
import type { Label, LabelItem } from "../../core/label/model.ts";
import { count } from "../../core/numberWords.ts";
import type { Report } from "../report.ts";
import { findItems, type LabelledRun, readItem } from "./labelledRuns.ts";

export type ExportFormat = "csv" | "prm800k" | "processBench";

export interface ExportedLabels {
  readonly text: string;
  readonly written: number;
  /** Labels that the format cannot say: an ambiguous chain, a wrong one without its step. */
  readonly left: number;
}

interface LabelledItem {
  readonly item: LabelItem;
  readonly labels: readonly Label[];
}

/**
 * All labels of the runs' texts: as a table everybody's, in PRM800K each human's, in ProcessBench what the humans agreed
 * on. Texts are read from the runs' files.
 */
export async function exportedLabels(
  runs: readonly LabelledRun[],
  labels: LabelSet,
  format: ExportFormat,
): Promise<ExportedLabels> {
  const items = findItems(runs, new Set(labels.items()));
  const labelled = items.map((item): LabelledItem => ({ item, labels: labels.of(item.id) }));
  if (format === "csv") {
    const all = labelled.flatMap(({ item, labels: said }) => [...said, ...settled(labels, item)]);
    return { text: toLabelCsv(all), written: all.length, left: 0 };
  }
  const lines: string[] = [];
  let left = 0;
  for (const { item, labels: said } of labelled) {
    const humans = said.filter(({ raterKind }) => raterKind === "human");
    const chosen = format === "prm800k" ? humans : agreedOf(labels, item, humans);
    if (chosen.length === 0) continue;
    const text = await labelledText(runs, item);
    for (const label of chosen) {
      const line = (format === "prm800k" ? toPrm800k : toProcessBench)({ ...text, label });
      if (line === null) left++;
      else lines.push(`${JSON.stringify(line)}\n`);
    }
  }
  return { text: lines.join(""), written: lines.length, left };
}

const settled = (labels: LabelSet, { id }: LabelItem): readonly Label[] => {
  const adjudication = labels.adjudicationOf(id);
  return adjudication === null ? [] : [adjudication];
};

/** The label that says what holds: the settling one, else the first of those who agreed. */
function agreedOf(labels: LabelSet, { id }: LabelItem, humans: readonly Label[]): readonly Label[] {
  const agreed = labels.agreed(id);
  if (agreed.kind !== "agreed") return [];
  const label = labels.adjudicationOf(id) ?? humans.find(({ verdict }) => verdict === agreed.verdict);
  return label === undefined ? [] : [label];
}

async function labelledText(
  runs: readonly LabelledRun[],
  item: LabelItem,
): Promise<Omit<LabelledText, "label">> {
  const { question, gold, text, run, ref } = await readItem(runs, item);
  const problem = runs
    .find(({ entry }) => entry.id === run.id)
    ?.loaded.tally.problems.find((one) => one.problem.key === item.problemKey)?.problem;
  return {
    problemId: problem?.id ?? item.problemKey,
    question,
    gold,
    generator: run.name,
    text,
    answerIsCorrect: ref.verdict?.kind === "correct",
  };
}

/** Asks for the format and the file, and writes it. */
export async function exportLabels(
  runs: readonly LabelledRun[],
  labels: LabelSet,
  report: Report,
): Promise<void> {
  const items: readonly (vscode.QuickPickItem & { readonly format: ExportFormat })[] = [
    { label: "CSV", description: vscode.l10n.t("every label of every rater"), format: "csv" },
    { label: "PRM800K", description: vscode.l10n.t("each human's, rated steps, JSONL"), format: "prm800k" },
    {
      label: "ProcessBench",
      description: vscode.l10n.t("what the humans agreed on, JSONL"),
      format: "processBench",
    },
  ];
  const title = vscode.l10n.t("Export labels");
  const chosen = await vscode.window.showQuickPick(items, { title });
  if (chosen === undefined) return;
  const { text, written, left } = await exportedLabels(runs, labels, chosen.format);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `labels.${chosen.format === "csv" ? "csv" : `${chosen.format}.jsonl`}`;
  const target = await vscode.window.showSaveDialog({
    title,
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  const words = vscode.l10n.t("{0} labels were exported.", count(written));
  const rest = vscode.l10n.t("{0} are not in it: this format cannot say them.", count(left));
  void report.tell(left === 0 ? words : `${words} ${rest}`, { severity: "information" });
}

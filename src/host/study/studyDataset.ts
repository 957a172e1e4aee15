import * as vscode from "vscode";
import { askForFiles } from "../files.ts";

export const demoDataset = (extensionUri: vscode.Uri): vscode.Uri =>
  vscode.Uri.joinPath(extensionUri, "media", "demo", "countdown.jsonl");

/**
 * The dataset of a study that is not where it was: an update of the extension moves the demo's, others are asked for.
 * `null` when the person left.
 */
export async function findDataset(name: string, extensionUri: vscode.Uri): Promise<vscode.Uri | null> {
  if (/media[\\/]demo[\\/]countdown\.jsonl$/.test(name)) return demoDataset(extensionUri);
  const title = vscode.l10n.t("The study's dataset {0} is not there any more: where is it?", name);
  return (await askForFiles(title, false))[0] ?? null;
}

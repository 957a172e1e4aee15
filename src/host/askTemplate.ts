import * as vscode from "vscode";
import { promptTemplates } from "../core/run/templates.ts";

/** Asks for a prompt template: its name, or the path of a file; `null` when the person left. */
export async function askTemplate(title = vscode.l10n.t("Prompt template")): Promise<string | null> {
  const fromFile = {
    label: vscode.l10n.t("$(folder-opened) From a file..."),
    description: "{question}",
    id: "",
  };
  const items = [
    ...promptTemplates.map(({ id, title }) => ({ label: title, description: id, id })),
    fromFile,
  ];
  const chosen = await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true });
  if (chosen === undefined) return null;
  if (chosen !== fromFile) return chosen.id;
  const [file] = (await vscode.window.showOpenDialog({ title })) ?? [];
  return file?.fsPath ?? null;
}

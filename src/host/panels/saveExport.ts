import * as vscode from "vscode";
import type { ExportFile, ExportTable } from "../../protocol/exports.ts";
import { displayName } from "../files.ts";

/** Asks where and writes; the path as shown to the person, or `null` when they left. */
export async function saveExport({ suggestedName, content }: ExportFile): Promise<string | null> {
  const target = await ask(suggestedName);
  if (target === undefined) return null;
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  await vscode.workspace.fs.writeFile(target, bytes);
  return displayName(target);
}

/** The same for a table as Parquet. */
export async function saveParquet({ suggestedName, ...table }: ExportTable): Promise<string | null> {
  const target = await ask(suggestedName);
  if (target === undefined) return null;
  const { parquetTable } = await import("../../core/report/parquetTable.ts");
  await vscode.workspace.fs.writeFile(target, parquetTable(table));
  return displayName(target);
}

function ask(suggestedName: string): Thenable<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return vscode.window.showSaveDialog({
    title: vscode.l10n.t("Save {0}", suggestedName),
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, suggestedName) }),
  });
}

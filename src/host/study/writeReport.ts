import * as vscode from "vscode";
import { idOf } from "../../core/study/spec.ts";
import type { Features } from "../features.ts";
import { displayName } from "../files.ts";
import type { RunEntry } from "../runEntry.ts";
import { runsIn } from "../runRows.ts";
import { reportOfRuns, runsOfStudy } from "./reportOfRuns.ts";
import { studyFolderIn } from "./studyRows.ts";

/** Writes what runs say as HTML, Markdown and LaTeX: of a study, of rows of the Runs view, of the curves in front, or chosen. */
export async function writeReport(features: Features, args: readonly unknown[]): Promise<void> {
  const entries = await runsOf(features, args);
  const [first] = entries;
  if (first === undefined) return;
  const folder = await askFolder(entries);
  if (folder === null) return;
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t("Writing the report"),
  };
  const names = await vscode.window.withProgress(options, () => write(features, entries, folder));
  await open(features, folder, names);
}

async function runsOf(features: Features, args: readonly unknown[]): Promise<readonly RunEntry[]> {
  const { catalog, curves, runActions } = features;
  const folder = studyFolderIn(args);
  if (folder !== null) return runsOfStudy(features, folder);
  await catalog.load();
  const rows = runsIn(args).map(({ id }) => id);
  const ids = rows.length > 0 ? rows : curves.inFront();
  if (ids.length > 0) return ids.flatMap((id) => catalog.find(id) ?? []);
  return runActions.pickSeveral(vscode.l10n.t("Write report"), ({ finished }) => finished > 0);
}

/** The usual folder in one step, or another one; `null` when the person left. */
async function askFolder(entries: readonly RunEntry[]): Promise<vscode.Uri | null> {
  const usual = usualFolder(entries);
  const title = vscode.l10n.t("Folder of the report");
  const other = { label: vscode.l10n.t("$(folder-opened) Another folder ..."), uri: null };
  if (usual !== null) {
    const here = { label: `$(folder) ${displayName(usual)}`, uri: usual };
    const chosen = await vscode.window.showQuickPick([here, other], { title, ignoreFocusOut: true });
    if (chosen === undefined) return null;
    if (chosen.uri !== null) return chosen.uri;
  }
  const openLabel = vscode.l10n.t("Write report");
  const picked = await vscode.window.showOpenDialog({
    title,
    openLabel,
    canSelectFiles: false,
    canSelectFolders: true,
  });
  return picked?.[0] ?? null;
}

function usualFolder(entries: readonly RunEntry[]): vscode.Uri | null {
  const [study, ...more] = new Set(entries.map((entry) => entry.study?.folder));
  if (study !== undefined && more.length === 0) return vscode.Uri.joinPath(vscode.Uri.file(study), "report");
  const [workspace] = vscode.workspace.workspaceFolders ?? [];
  const [first] = entries;
  if (workspace === undefined || first === undefined) return null;
  return vscode.Uri.joinPath(workspace.uri, "reports", idOf(`${first.dataset}-${entries.length}-runs`));
}

async function write(
  features: Features,
  entries: readonly RunEntry[],
  folder: vscode.Uri,
): Promise<readonly string[]> {
  const [{ runReport }, { reportFiles }] = await Promise.all([
    import("../../core/report/runReport.ts"),
    import("../../core/report/files.ts"),
  ]);
  const input = await reportOfRuns(features, entries);
  const files = reportFiles(runReport({ ...input, madeAt: new Date().toISOString() }));
  await vscode.workspace.fs.createDirectory(folder);
  for (const [name, text] of files)
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, name), new TextEncoder().encode(text));
  return [...files.keys()];
}

/** The page opens in a browser where one can read this machine's files; everywhere the Markdown opens here. */
async function open({ report }: Features, folder: vscode.Uri, names: readonly string[]): Promise<void> {
  const page = vscode.Uri.joinPath(folder, "report.html");
  const isLocal = vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
  await vscode.commands.executeCommand("markdown.showPreview", vscode.Uri.joinPath(folder, "report.md"));
  const browse = { title: vscode.l10n.t("Open in browser"), run: () => vscode.env.openExternal(page) };
  const asText = {
    title: vscode.l10n.t("Open report.html"),
    run: () => vscode.commands.executeCommand("vscode.open", page),
  };
  const reveal = {
    title: vscode.l10n.t("Reveal"),
    run: () => vscode.commands.executeCommand(isLocal ? "revealFileInOS" : "revealInExplorer", page),
  };
  const words = vscode.l10n.t("Written to {0}: {1}.", displayName(folder), names.join(", "));
  void report.tell(words, { severity: "information", actions: [isLocal ? browse : asText, reveal] });
}

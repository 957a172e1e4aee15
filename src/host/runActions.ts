import * as vscode from "vscode";
import { count } from "../core/numberWords.ts";
import type { RunCatalog } from "./catalog.ts";
import { baseName, displayName } from "./files.ts";
import type { Report } from "./report.ts";
import { samplesUri } from "./runData.ts";
import type { RunEntry } from "./runEntry.ts";
import type { Runs } from "./runs.ts";
import { runDescription } from "./views/runWords.ts";

export interface RunActionsPorts {
  readonly catalog: RunCatalog;
  readonly runs: Runs;
  readonly report: Report;
  /** Drops what was kept of a file's content. */
  readonly forget: (file: vscode.Uri) => Promise<void>;
}

/** What a person does with a run besides looking at it. */
export class RunActions {
  private readonly ports: RunActionsPorts;

  constructor(ports: RunActionsPorts) {
    this.ports = ports;
  }

  /** Asks for one run among those that fit; `null` when the person left. Says so when none fits. */
  async pick(title: string, fits: (entry: RunEntry) => boolean): Promise<RunEntry | null> {
    const items = await this.items((entry) => fits(entry));
    if (items.length === 0) {
      void this.ports.report.tell(vscode.l10n.t("{0}: no run to choose from.", title), {
        severity: "information",
      });
      return null;
    }
    return (await vscode.window.showQuickPick(items, { title }))?.entry ?? null;
  }

  async pickSeveral(title: string, fits: (entry: RunEntry) => boolean): Promise<readonly RunEntry[]> {
    const items = await this.items(fits);
    if (items.length === 0) {
      void this.ports.report.tell(vscode.l10n.t("{0}: no run to choose from.", title), {
        severity: "information",
      });
      return [];
    }
    const chosen = await vscode.window.showQuickPick(items, {
      title,
      canPickMany: true,
      matchOnDescription: true,
    });
    return chosen?.map(({ entry }) => entry) ?? [];
  }

  /** The samples as a file of their own. */
  async export(entry: RunEntry): Promise<void> {
    const source = fileOf(entry);
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.joinPath(source, "..");
    const name = entry.source.kind === "imported" ? baseName(source) : `${entry.id}.jsonl`;
    const target = await vscode.window.showSaveDialog({
      title: vscode.l10n.t("Export samples of {0}", entry.name),
      defaultUri: vscode.Uri.joinPath(folder, name),
    });
    if (target === undefined || target.toString() === source.toString()) return;
    await vscode.workspace.fs.copy(source, target, { overwrite: true });
  }

  async reveal(entry: RunEntry): Promise<void> {
    const file = fileOf(entry);
    if (vscode.workspace.getWorkspaceFolder(file) !== undefined)
      await vscode.commands.executeCommand("revealInExplorer", file);
    else if (vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined)
      await vscode.commands.executeCommand("revealFileInOS", file);
    // The file is on another machine than the window: there is nothing to reveal it in.
    else await vscode.commands.executeCommand("vscode.open", file);
  }

  /** Imported rollouts leave the list; their file stays. */
  async remove(entry: RunEntry): Promise<void> {
    await this.ports.catalog.remove(entry.id);
    await this.ports.forget(fileOf(entry));
  }

  /** Runs of our own go to the trash with their folders, after a question; imported ones leave the list. Those that went. */
  async delete(entries: readonly RunEntry[]): Promise<readonly RunEntry[]> {
    const folders = entries.flatMap(({ source }) => (source.kind === "sampled" ? [source.folder] : []));
    if (folders.length > 0 && !(await this.confirmDelete(entries, folders))) return [];
    for (const entry of entries) {
      await this.ports.runs.cancel(entry.id);
      if (entry.source.kind === "sampled") await deleteFolder(vscode.Uri.file(entry.source.folder));
      await this.remove(entry);
    }
    return entries;
  }

  private confirmDelete(entries: readonly RunEntry[], folders: readonly string[]): Promise<boolean> {
    const [first] = entries;
    const finished = entries.reduce((sum, entry) => sum + entry.finished, 0);
    const names = folders.map((folder) => displayName(vscode.Uri.file(folder))).join(", ");
    return this.ports.report.confirm({
      message:
        entries.length === 1
          ? vscode.l10n.t("Delete the run {0}?", first?.name ?? "")
          : vscode.l10n.t("Delete {0} runs?", entries.length),
      detail: vscode.l10n.t("{0} finished samples in {1}.", count(finished), names),
      yes: vscode.l10n.t("Delete"),
    });
  }

  private async items(
    fits: (entry: RunEntry) => boolean,
  ): Promise<(vscode.QuickPickItem & { entry: RunEntry })[]> {
    await this.ports.catalog.load();
    return this.ports.catalog
      .all()
      .filter(fits)
      .map((entry) => ({
        label: entry.name,
        description: `${entry.dataset} · ${runDescription(entry, this.ports.runs.progressOf(entry.id))}`,
        entry,
      }));
  }
}

const fileOf = ({ source }: RunEntry): vscode.Uri =>
  source.kind === "imported" ? vscode.Uri.parse(source.uri) : samplesUri(source.folder);

/** A machine without a trash (most servers) deletes for good: the question was asked. */
async function deleteFolder(folder: vscode.Uri): Promise<void> {
  try {
    await vscode.workspace.fs.delete(folder, { recursive: true, useTrash: true });
  } catch {
    await vscode.workspace.fs.delete(folder, { recursive: true, useTrash: false });
  }
}

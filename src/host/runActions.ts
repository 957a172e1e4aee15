import * as vscode from "vscode";
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
    const inside = vscode.workspace.getWorkspaceFolder(file) !== undefined;
    if (inside) await vscode.commands.executeCommand("revealInExplorer", file);
    else await vscode.commands.executeCommand("revealFileInOS", file);
  }

  /** Imported rollouts leave the list; their file stays. */
  async remove(entry: RunEntry): Promise<void> {
    await this.ports.catalog.remove(entry.id);
  }

  /** A run of our own goes to the trash with its folder, after a question. */
  async delete(entry: RunEntry): Promise<void> {
    if (entry.source.kind === "imported") return this.remove(entry);
    const folder = vscode.Uri.file(entry.source.folder);
    const yes = await this.ports.report.confirm({
      message: vscode.l10n.t("Delete the run {0}?", entry.name),
      detail: vscode.l10n.t("{0} finished samples in {1}.", entry.finished, displayName(folder)),
      yes: vscode.l10n.t("Delete"),
    });
    if (!yes) return;
    await this.ports.runs.cancel(entry.id);
    await deleteFolder(folder);
    await this.ports.catalog.remove(entry.id);
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

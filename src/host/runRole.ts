import * as vscode from "vscode";
import type { Role, RunTally } from "../core/model.ts";
import type { FileStore } from "../core/ports.ts";
import type { RunCatalog } from "./catalog.ts";
import type { RunData } from "./runData.ts";
import type { RunEntry } from "./runEntry.ts";

export interface RunRolePorts {
  readonly catalog: RunCatalog;
  readonly data: RunData;
  readonly files: () => Promise<FileStore>;
}

type Metadata = RunTally["metadata"];

interface RoleChoice extends vscode.QuickPickItem {
  readonly role: Role;
  readonly isCheckpoint: boolean;
}

/** What a run is in comparisons: its role, and the training step of a checkpoint. */
export class RunRole implements vscode.Disposable {
  private readonly ports: RunRolePorts;
  private readonly changed = new vscode.EventEmitter<string>();
  /** The id of a run that has another role or step now. */
  readonly onDidChange = this.changed.event;

  constructor(ports: RunRolePorts) {
    this.ports = ports;
  }

  /** Asks, and writes it down; nothing changes when the person leaves. Rejects with `runBusy` while the run is sampled. */
  async ask(entry: RunEntry): Promise<void> {
    const { metadata } = (await this.ports.data.loadOwn(entry)).tally;
    const chosen = await askRole(entry, metadata);
    if (chosen === undefined) return;
    const { step: known, ...others } = metadata;
    if (!chosen.isCheckpoint) return this.set(entry, chosen.role, others);
    const step = await askStep(entry, known);
    if (step !== null) await this.set(entry, chosen.role, { ...others, step });
  }

  dispose(): void {
    this.changed.dispose();
  }

  private async set(entry: RunEntry, role: Role, metadata: Metadata): Promise<void> {
    const { catalog, files } = this.ports;
    if (entry.source.kind === "sampled") {
      const { describeRun } = await import("../core/run/store.ts");
      await describeRun(entry.source.folder, { role, metadata }, { files: await files(), owner: "VS Code" });
      await catalog.patch(entry.id, { role });
    } else await catalog.patch(entry.id, { role, metadata });
    this.changed.fire(entry.id);
  }
}

function askRole({ name, role }: RunEntry, { step }: Metadata): Thenable<RoleChoice | undefined> {
  const words: readonly (readonly [string, Role, boolean])[] = [
    [vscode.l10n.t("Base model"), "base", false],
    [vscode.l10n.t("Checkpoint of a training run"), "rl", true],
    [vscode.l10n.t("RL model"), "rl", false],
    [vscode.l10n.t("Distilled model"), "distilled", false],
    [vscode.l10n.t("Instruct model"), "instruct", false],
    [vscode.l10n.t("Other"), "other", false],
  ];
  const items = words.map(([label, own, isCheckpoint]): RoleChoice => {
    const now = own === role && isCheckpoint === (step !== undefined && own === "rl");
    return { label, role: own, isCheckpoint, description: now ? vscode.l10n.t("now") : "" };
  });
  return vscode.window.showQuickPick(items, { title: vscode.l10n.t("Role of {0}", name) });
}

async function askStep({ name }: RunEntry, known: string | number | undefined): Promise<number | null> {
  const guess = /(\d+)\D*$/.exec(name)?.[1] ?? "";
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t("Training step of {0}", name),
    value: known === undefined ? guess : String(known),
    validateInput: (input) =>
      /^\d{1,12}$/.test(input.trim()) ? null : vscode.l10n.t("A whole number from 0, e.g. 270"),
  });
  return text === undefined ? null : Number(text.trim());
}

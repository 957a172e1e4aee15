import * as vscode from "vscode";
import type { ContextValues } from "../contextKeys.ts";
import type { Datasets } from "../datasets.ts";
import { baseName, isDataFileName } from "../files.ts";
import type { Log } from "../log.ts";
import { messageOf } from "../report.ts";

const settleMs = 150;

/** Tells menus what the active text editor shows, by the first record of its content. */
export class ActiveFileKind implements vscode.Disposable {
  private readonly ports: { readonly datasets: Datasets; readonly context: ContextValues; readonly log: Log };
  private readonly subscriptions: vscode.Disposable[];
  private timer: ReturnType<typeof setTimeout> | null = null;
  private asked = 0;

  constructor(ports: { readonly datasets: Datasets; readonly context: ContextValues; readonly log: Log }) {
    this.ports = ports;
    this.subscriptions = [
      vscode.window.onDidChangeActiveTextEditor(() => this.later(0)),
      vscode.workspace.onDidSaveTextDocument(() => this.later(settleMs)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document === vscode.window.activeTextEditor?.document) this.later(settleMs);
      }),
    ];
    this.later(0);
  }

  dispose(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private later(ms: number): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.update(), ms);
  }

  private async update(): Promise<void> {
    const turn = ++this.asked;
    const uri = vscode.window.activeTextEditor?.document.uri;
    const kind = uri === undefined ? undefined : await this.kindOf(uri);
    // Another editor became active meanwhile: its answer counts.
    if (turn === this.asked) this.ports.context.set("rolloutLens.activeFileKind", kind);
  }

  private async kindOf(uri: vscode.Uri): Promise<"dataset" | "rollouts" | undefined> {
    if (!isDataFileName(baseName(uri)) || !["file", "untitled", "vscode-vfs"].includes(uri.scheme))
      return undefined;
    try {
      const { kind } = await this.ports.datasets.sniff(uri);
      return kind === "unknown" ? undefined : kind;
    } catch (error) {
      this.ports.log.debug(`sniff ${baseName(uri)}: ${messageOf(error)}`);
      return undefined;
    }
  }
}

import * as vscode from "vscode";
import type { Runs } from "../runs.ts";

/** The thin bar of the Runs view, while a run of this window is at work. */
export class RunsProgress implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  private end: (() => void) | null = null;

  constructor(runs: Runs) {
    this.subscription = runs.onDidProgress(() => (runs.activeIds().length > 0 ? this.show() : this.hide()));
  }

  dispose(): void {
    this.subscription.dispose();
    this.hide();
  }

  private show(): void {
    if (this.end !== null) return;
    const ended = new Promise<void>((resolve) => {
      this.end = resolve;
    });
    void vscode.window.withProgress({ location: { viewId: "rolloutLens.runs" } }, () => ended);
  }

  private hide(): void {
    this.end?.();
    this.end = null;
  }
}

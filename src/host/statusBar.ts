import * as vscode from "vscode";
import { count } from "../core/numberWords.ts";
import type { RunCatalog } from "./catalog.ts";
import type { Runs } from "./runs.ts";

/** One item while runs are at work: finished and planned samples of all of them. A click shows the run. */
export class StatusBar implements vscode.Disposable {
  private readonly runs: Runs;
  private readonly catalog: RunCatalog;
  private readonly item: vscode.StatusBarItem;
  private readonly subscriptions: vscode.Disposable[];

  constructor({ runs, catalog }: { readonly runs: Runs; readonly catalog: RunCatalog }) {
    this.runs = runs;
    this.catalog = catalog;
    this.item = vscode.window.createStatusBarItem("rolloutLens.progress", vscode.StatusBarAlignment.Left);
    this.item.name = vscode.l10n.t("Rollout Lens progress");
    const update = (): void => this.update();
    this.subscriptions = [this.item, runs.onDidProgress(update), catalog.onDidChange(update)];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private update(): void {
    const entries = this.runs.activeIds().flatMap((id) => this.catalog.find(id) ?? []);
    const [first] = entries;
    if (first === undefined) {
      this.item.hide();
      return;
    }
    const progress = entries.map(({ id }) => this.runs.progressOf(id));
    const sum = (read: (index: number) => number): number =>
      entries.reduce((total, _, index) => total + read(index), 0);
    const finished = count(sum((index) => progress[index]?.finished ?? entries[index]!.finished));
    const total = count(sum((index) => entries[index]!.total));
    const moving = entries.some(({ state }) => state === "running");
    this.item.text = `$(${moving ? "loading~spin" : "debug-pause"}) ${finished}/${total}`;
    this.item.command = {
      command: "rolloutLens.showRun",
      title: vscode.l10n.t("Show the run"),
      arguments: [first.id],
    };
    this.item.tooltip = entries.map(({ name, dataset }) => `${name} · ${dataset}`).join("\n");
    this.item.accessibilityInformation = {
      label: vscode.l10n.t("Rollout Lens: {0} of {1} samples finished", finished, total),
    };
    this.item.show();
  }
}

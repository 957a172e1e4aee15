import * as vscode from "vscode";
import { count } from "../../core/numberWords.ts";
import type { RunCatalog } from "../catalog.ts";
import type { RunEntry, StudyRef } from "../runEntry.ts";
import { groupRuns, type RunGroup } from "../runGroups.ts";
import type { Runs } from "../runs.ts";
import { isCutOff, runDescription, summaryWords } from "./runWords.ts";

export interface DatasetNode {
  readonly kind: "dataset";
  readonly key: string;
  /** What stands in its row. */
  readonly name: string;
  /** `null`: all runs of a dataset that are in no study. */
  readonly study: StudyRef | null;
  readonly runs: readonly RunEntry[];
}
export interface RunNode {
  readonly kind: "run";
  /** Kept up to date: a row stays the same object, so that it can be redrawn alone. */
  entry: RunEntry;
}
export type RunsNode = DatasetNode | RunNode;

const redrawMs = 250;

/** The Runs view: by dataset, the newest run last, as the comparisons grow. */
export class RunsTree implements vscode.TreeDataProvider<RunsNode>, vscode.Disposable {
  private readonly catalog: RunCatalog;
  private readonly runs: Runs;
  private readonly changed = new vscode.EventEmitter<RunsNode | undefined>();
  private readonly rows = new Map<string, RunNode>();
  /** Rows to redraw at the next turn; `null`: the whole tree. */
  private stale: Set<string> | null = new Set();
  private readonly subscriptions: vscode.Disposable[];
  private timer: ReturnType<typeof setTimeout> | null = null;
  readonly onDidChangeTreeData = this.changed.event;

  constructor({ catalog, runs }: { readonly catalog: RunCatalog; readonly runs: Runs }) {
    this.catalog = catalog;
    this.runs = runs;
    this.subscriptions = [
      catalog.onDidChange(() => {
        this.stale = null;
        this.soon();
      }),
      runs.onDidProgress((id) => {
        this.stale?.add(id);
        this.soon();
      }),
      this.changed,
    ];
  }

  async getChildren(node?: RunsNode): Promise<RunsNode[]> {
    await this.catalog.load();
    if (node?.kind === "run") return [];
    if (node?.kind === "dataset") return node.runs.map((entry) => this.rowOf(entry));
    return groupRuns(this.catalog.all()).map(datasetNode);
  }

  getTreeItem(node: RunsNode): vscode.TreeItem {
    return node.kind === "dataset" ? datasetItem(node) : this.runItem(node);
  }

  getParent(node: RunsNode): RunsNode | null {
    if (node.kind === "dataset") return null;
    const group = groupRuns(this.catalog.all()).find(({ runs }) =>
      runs.some(({ id }) => id === node.entry.id),
    );
    return group === undefined ? null : datasetNode(group);
  }

  dispose(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** The tree is redrawn at most four times a second: faster is not readable. */
  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.redraw();
    }, redrawMs);
  }

  private redraw(): void {
    const { stale } = this;
    this.stale = new Set();
    if (stale === null) this.changed.fire(undefined);
    for (const id of stale ?? []) {
      const entry = this.catalog.find(id);
      if (entry !== null && this.rows.has(id)) this.changed.fire(this.rowOf(entry));
    }
  }

  private rowOf(entry: RunEntry): RunNode {
    const row: RunNode = this.rows.get(entry.id) ?? { kind: "run", entry };
    row.entry = entry;
    this.rows.set(entry.id, row);
    return row;
  }

  private runItem(node: RunNode): vscode.TreeItem {
    const { entry } = node;
    const item = new vscode.TreeItem(entry.name);
    const description = runDescription(entry, this.runs.progressOf(entry.id));
    item.id = entry.id;
    item.description = description;
    item.contextValue = `run.${entry.state}`;
    item.iconPath = iconOf(entry);
    item.tooltip = [entry.name, description, summaryWords(entry.summary), entry.message ?? ""]
      .filter((line, index, lines) => line !== "" && lines.indexOf(line) === index)
      .join("\n");
    item.accessibilityInformation = { label: `${entry.name}, ${description}` };
    item.command = {
      command: "rolloutLens.openCurves",
      title: vscode.l10n.t("Open curves"),
      arguments: [node],
    };
    return item;
  }
}

const datasetNode = ({ key, name, study, runs }: RunGroup): DatasetNode => ({
  kind: "dataset",
  key,
  name,
  study,
  runs,
});

function datasetItem({ key, name, study, runs }: DatasetNode): vscode.TreeItem {
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Expanded);
  const problems = Math.max(...runs.map(({ datasetProblems }) => datasetProblems));
  const size = problems === 1 ? vscode.l10n.t("1 problem") : vscode.l10n.t("{0} problems", count(problems));
  item.id = key;
  item.description =
    study === null ? size : [runs[0]?.dataset, size, stateOf(study, runs)].filter(Boolean).join(" · ");
  item.contextValue = contextOf(study, runs);
  item.iconPath = new vscode.ThemeIcon(study === null ? "database" : "beaker");
  if (study !== null)
    item.accessibilityInformation = { label: `${vscode.l10n.t("Study")} ${name}, ${item.description}` };
  return item;
}

const isAtWork = (runs: readonly RunEntry[]): boolean => runs.some(({ state }) => state === "running");

function stateOf({ finished }: StudyRef, runs: readonly RunEntry[]): string {
  if (isAtWork(runs)) return vscode.l10n.t("at work");
  return finished ? "" : vscode.l10n.t("unfinished");
}

function contextOf(study: StudyRef | null, runs: readonly RunEntry[]): string {
  if (study === null) return "dataset.runs";
  if (isAtWork(runs)) return "study.running";
  return study.finished ? "study.finished" : "study.unfinished";
}

function iconOf({ state, summary }: RunEntry): vscode.ThemeIcon {
  const icon = (id: string, color?: string): vscode.ThemeIcon =>
    new vscode.ThemeIcon(id, color === undefined ? undefined : new vscode.ThemeColor(color));
  switch (state) {
    case "queued":
      return icon("clock");
    case "running":
      return icon("sync~spin", "charts.blue");
    case "paused":
      return icon("debug-pause");
    case "cancelled":
      return icon("circle-slash");
    case "failed":
      return icon("error", "rolloutLens.verdict.wrong");
    case "imported":
      return icon("desktop-download");
    case "done":
  }
  if (isCutOff(summary)) return icon("warning", "list.warningForeground");
  return icon("pass", "rolloutLens.verdict.correct");
}

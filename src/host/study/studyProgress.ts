import * as vscode from "vscode";
import { count } from "../../core/numberWords.ts";
import type { StudySpec } from "../../core/study/spec.ts";
import { type Stage, stageCount, type StageResult } from "../../core/study/stages.ts";
import { stageWords } from "../../core/study/stageWords.ts";

/** How far a study is: in its notification and in the status bar. */
export class StudyProgress implements vscode.Disposable {
  readonly #spec: StudySpec;
  readonly #report: vscode.Progress<{ message?: string; increment?: number }>;
  readonly #item: vscode.StatusBarItem;
  #head = "";
  #done = 0;
  #total: number | null = null;
  #shown = 0;

  constructor(spec: StudySpec, report: vscode.Progress<{ message?: string; increment?: number }>) {
    this.#spec = spec;
    this.#report = report;
    this.#item = vscode.window.createStatusBarItem(
      `rolloutLens.study ${spec.name}`,
      vscode.StatusBarAlignment.Left,
    );
    this.#item.name = vscode.l10n.t("Rollout Lens study");
    this.#item.command = "rolloutLens.runs.focus";
  }

  /** A stage begins; `results` are those before it. */
  begin(stage: Stage, results: readonly StageResult[]): void {
    this.#done = results.length;
    this.#total = stageCount(this.#spec, results);
    const words = stageWords(stage);
    const number = count(this.#done + 1);
    this.#head =
      this.#total === null
        ? vscode.l10n.t("{0}, step {1}", words, number)
        : vscode.l10n.t("{0}, {1} of {2}", words, number, count(this.#total));
    this.within(0, 0, "");
  }

  /** Samples or traces of the stage. */
  within(finished: number, total: number, what: string): void {
    const counts = total === 0 ? "" : vscode.l10n.t(": {0} of {1} {2}", count(finished), count(total), what);
    const message = `${this.#head}${counts}`;
    this.#report.report({ message, increment: this.#increment(total === 0 ? 0 : finished / total) });
    this.#item.text = `$(beaker) ${this.#spec.name}: ${this.#place()}`;
    this.#item.tooltip = message;
    this.#item.accessibilityInformation = { label: `${this.#spec.name}, ${message}` };
    this.#item.show();
  }

  dispose(): void {
    this.#item.dispose();
  }

  #place(): string {
    const number = count(this.#done + 1);
    return this.#total === null ? number : `${number}/${count(this.#total)}`;
  }

  /** Percent since the last one; of a search nobody knows the end. */
  #increment(ofStage: number): number {
    if (this.#total === null) return 0;
    const now = (100 * (this.#done + ofStage)) / this.#total;
    const step = Math.max(0, now - this.#shown);
    this.#shown += step;
    return step;
  }
}

import * as vscode from "vscode";
import type { Datasets } from "../datasets.ts";
import { baseName, isDataFileName } from "../files.ts";
import type { Log } from "../log.ts";
import { messageOf } from "../report.ts";

/** Lines with a lens of their own: the first ones. More would make a long file slow to scroll. */
const lineLimit = 1000;

export interface RolloutLensesPorts {
  readonly datasets: Datasets;
  readonly log: Log;
  /** Under whom a click scores; `null`: it asks. */
  readonly usualScorer: () => Promise<string | null>;
  /** Something that changes what the lenses say. */
  readonly onDidChange: readonly vscode.Event<unknown>[];
}

/** Code lenses on rollout files: to all traces on the first line, to its own trace on each record's line. */
export class RolloutLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly ports: RolloutLensesPorts;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(ports: RolloutLensesPorts) {
    this.ports = ports;
    this.subscriptions = [
      this.changed,
      ...ports.onDidChange.map((event) => event(() => this.changed.fire())),
      vscode.languages.registerCodeLensProvider({ pattern: "**/*.{jsonl,ndjson,json}" }, this),
    ];
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const { uri } = document;
    if (!isDataFileName(baseName(uri))) return [];
    try {
      if ((await this.ports.datasets.sniff(uri)).kind !== "rollouts") return [];
      const all = lens(1, {
        title: vscode.l10n.t("Inspect traces"),
        command: "rolloutLens.inspectTraces",
        arguments: [uri],
      });
      return [all, ...(await this.lineLenses(document))];
    } catch (error) {
      this.ports.log.debug(`code lenses of ${baseName(uri)}: ${messageOf(error)}`);
      return [];
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private async lineLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const scorer = await this.ports.usualScorer();
    const title =
      scorer === null ? vscode.l10n.t("Inspect trace") : vscode.l10n.t("Inspect trace under {0}", scorer);
    const command = scorer === null ? "rolloutLens.inspectTrace" : "rolloutLens.inspectUnderBase";
    const last = Math.min(lineLimit, document.lineCount);
    return Array.from({ length: last }, (_, i) => i + 1)
      .filter((line) => isRecordLine(document.lineAt(line - 1).text))
      .map((line) => lens(line, { title, command, arguments: [document.uri, line] }));
  }
}

/** A file that is one JSON value over many lines has no record on a line of its own. */
const isRecordLine = (text: string): boolean => /^\s*\{.+\}\s*$/s.test(text);

/** @param line 1-based */
const lens = (line: number, command: vscode.Command): vscode.CodeLens =>
  new vscode.CodeLens(new vscode.Range(line - 1, 0, line - 1, 0), command);

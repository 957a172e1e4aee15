import * as vscode from "vscode";
import { count } from "../../core/numberWords.ts";
import type { Datasets } from "../datasets.ts";
import { baseName, isDataFileName } from "../files.ts";
import type { Log } from "../log.ts";
import type { QuickPassAtK } from "../quickPassAtK.ts";
import { messageOf } from "../report.ts";
import type { Settings } from "../settings.ts";

/** Rows with a lens of their own: the first ones. More would make a long file slow to scroll. */
const rowLimit = 1000;

export interface DatasetLensesPorts {
  readonly datasets: Datasets;
  readonly settings: Settings;
  readonly quickPassAtK: QuickPassAtK;
  readonly log: Log;
  /** Something that changes what the lenses say. */
  readonly onDidChange: readonly vscode.Event<unknown>[];
}

/** Code lenses on dataset files: a run over all problems on the first line, one problem on each row. */
export class DatasetLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly ports: DatasetLensesPorts;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(ports: DatasetLensesPorts) {
    this.ports = ports;
    this.subscriptions = [
      this.changed,
      ...ports.onDidChange.map((event) => event(() => this.changed.fire())),
      vscode.languages.registerCodeLensProvider({ pattern: "**/*.{jsonl,ndjson,json,csv,tsv}" }, this),
    ];
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const { uri } = document;
    if (!vscode.workspace.isTrusted || !isDataFileName(baseName(uri))) return [];
    try {
      if ((await this.ports.datasets.sniff(uri)).kind !== "dataset") return [];
      const { problems } = await this.ports.datasets.peek(uri);
      if (problems.length === 0) return [];
      const rows = problems
        .slice(0, rowLimit)
        .filter(({ line }) => line !== null && line <= document.lineCount)
        .map(({ line, key }) => sampleLens(uri, line!, key));
      return [...(await this.headLenses(uri, problems.length)), ...rows];
    } catch (error) {
      this.ports.log.debug(`code lenses of ${baseName(uri)}: ${messageOf(error)}`);
      return [];
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private async headLenses(uri: vscode.Uri, problemCount: number): Promise<vscode.CodeLens[]> {
    const endpoint = await this.ports.quickPassAtK.usualEndpoint();
    const samples = this.ports.settings.get("samplesPerProblem", uri);
    const counts = [count(problemCount), count(samples)] as const;
    const title =
      endpoint === null
        ? vscode.l10n.t("Quick pass@k: {0} problems x {1} samples", ...counts)
        : vscode.l10n.t("Quick pass@k: {0} problems x {1} samples on {2}", ...counts, endpoint.config.name);
    return [
      lens(1, { title, command: "rolloutLens.quickPassAtK", arguments: [uri] }),
      lens(1, {
        title: vscode.l10n.t("Configure..."),
        command: "rolloutLens.configurePassAtK",
        arguments: [uri],
      }),
    ];
  }
}

const sampleLens = (uri: vscode.Uri, line: number, problemKey: string): vscode.CodeLens =>
  lens(line, {
    title: vscode.l10n.t("Sample this problem"),
    command: "rolloutLens.sampleProblem",
    arguments: [uri, problemKey],
  });

/** @param line 1-based */
const lens = (line: number, command: vscode.Command): vscode.CodeLens =>
  new vscode.CodeLens(new vscode.Range(line - 1, 0, line - 1, 0), command);

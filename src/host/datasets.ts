import * as vscode from "vscode";
import type { FieldMapping } from "../core/dataset/fields.ts";
import type { DatasetFile } from "../core/dataset/readDataset.ts";
import type { Sniffed } from "../core/dataset/sniff.ts";
import { issueText } from "../core/parse.ts";
import { displayName, withSource } from "./files.ts";
import type { Report } from "./report.ts";
import { stampOf } from "./runData.ts";

const mappingsName = "rolloutLens.columnMappings";
const mappingsVersion = 1;

interface StoredMappings {
  readonly version: number;
  readonly bySchema: Readonly<Record<string, FieldMapping>>;
}

/** Reads datasets; columns are asked for when they are not sure, and the answer is kept for each schema. */
export class Datasets {
  private readonly state: vscode.Memento;
  private readonly report: Report;
  private readonly cache = new Map<string, { readonly stamp: string; readonly dataset: DatasetFile }>();

  constructor({ state, report }: { readonly state: vscode.Memento; readonly report: Report }) {
    this.state = state;
    this.report = report;
  }

  /** What a file is, by its first record. */
  async sniff(uri: vscode.Uri): Promise<Sniffed> {
    const { sniff } = await import("../core/dataset/sniff.ts");
    return withSource(uri, (source) => sniff(source));
  }

  /** The dataset as far as it is sure, without asking: for code lenses. */
  async peek(uri: vscode.Uri): Promise<DatasetFile> {
    const stamp = `${await stampOf(uri)}:${versionOf(uri)}`;
    const known = this.cache.get(uri.toString());
    if (known?.stamp === stamp) return known.dataset;
    const dataset = await this.readWithRemembered(uri);
    this.cache.set(uri.toString(), { stamp, dataset });
    return dataset;
  }

  /** The dataset, to be sampled; `null` when the person did not choose columns or nothing could be read (and was told so). */
  async open(uri: vscode.Uri): Promise<DatasetFile | null> {
    let dataset = await this.peek(uri);
    if (dataset.unsure !== null) {
      const mapping = await this.askMapping(dataset);
      if (mapping === null) return null;
      dataset = await this.readAs(uri, mapping, dataset.schema);
    }
    this.tellIssues(uri, dataset);
    return dataset.problems.length === 0 ? null : dataset;
  }

  /** Asks for the columns again, whatever was remembered. */
  async chooseColumns(uri: vscode.Uri): Promise<void> {
    const { readDataset } = await import("../core/dataset/readDataset.ts");
    const dataset = await withSource(uri, (source) => readDataset(source));
    if (dataset.code !== null) {
      const words = "{0} holds programming tasks, which have their columns by their benchmark.";
      void this.report.tell(vscode.l10n.t(words, displayName(uri)), { severity: "information" });
      return;
    }
    const mapping = await this.askMapping(dataset);
    if (mapping !== null) await this.readAs(uri, mapping, dataset.schema);
  }

  private async readWithRemembered(uri: vscode.Uri): Promise<DatasetFile> {
    const { readDataset } = await import("../core/dataset/readDataset.ts");
    const path = uri.scheme === "file" && versionOf(uri) === null ? { path: uri.fsPath } : {};
    const first = await withSource(uri, (source) => readDataset(source, path));
    const mapping = first.code === null ? this.mappings()[first.schema] : undefined;
    return mapping === undefined ? first : withSource(uri, (source) => readDataset(source, { mapping }));
  }

  private async readAs(uri: vscode.Uri, mapping: FieldMapping, schema: string): Promise<DatasetFile> {
    await this.state.update(mappingsName, {
      version: mappingsVersion,
      bySchema: { ...this.mappings(), [schema]: mapping },
    } satisfies StoredMappings);
    this.cache.delete(uri.toString());
    return this.peek(uri);
  }

  private mappings(): Readonly<Record<string, FieldMapping>> {
    const stored = this.state.get<StoredMappings>(mappingsName);
    return stored?.version === mappingsVersion ? stored.bySchema : {};
  }

  private async askMapping(dataset: DatasetFile): Promise<FieldMapping | null> {
    const offered = dataset.unsure ?? {
      columns: [dataset.mapping.question, ...(dataset.mapping.gold === null ? [] : [dataset.mapping.gold])],
      question: [dataset.mapping.question],
      gold: dataset.mapping.gold === null ? [] : [dataset.mapping.gold],
    };
    const question = await pickColumn(
      vscode.l10n.t("{0}: which column is the question?", dataset.name),
      ordered(offered.question, offered.columns).map((label) => ({ label, column: label })),
    );
    if (question === null) return null;
    const none = { label: vscode.l10n.t("No column: there are no answers"), column: "" };
    const gold = await pickColumn(vscode.l10n.t("{0}: which column is the right answer?", dataset.name), [
      ...ordered(offered.gold, offered.columns)
        .filter((column) => column !== question)
        .map((label) => ({ label, column: label })),
      none,
    ]);
    if (gold === null) return null;
    return { question, gold: gold === "" ? null : gold, id: dataset.mapping.id };
  }

  private tellIssues(uri: vscode.Uri, { issues, problems }: DatasetFile): void {
    const [first] = issues;
    if (first === undefined) {
      if (problems.length === 0)
        void this.report.tell(vscode.l10n.t("{0} has no problem in it.", displayName(uri)));
      return;
    }
    const rest =
      problems.length === 0
        ? vscode.l10n.t("Nothing in the file could be used.")
        : vscode.l10n.t(
            "{0} of {1} lines were skipped; the rest is used.",
            issues.length,
            issues.length + problems.length,
          );
    const { line } = first;
    const goTo = { title: vscode.l10n.t("Go to line {0}", line ?? 1), run: () => openAtLine(uri, line ?? 1) };
    void this.report.tell(`${issueText(first)}. ${rest}`, {
      severity: problems.length === 0 ? "error" : "warning",
      actions: line === null ? [] : [goTo],
    });
  }
}

/** The likeliest first, then all the others. */
const ordered = (likely: readonly string[], all: readonly string[]): readonly string[] => [
  ...new Set([...likely, ...all]),
];

async function pickColumn(
  title: string,
  items: readonly { readonly label: string; readonly column: string }[],
): Promise<string | null> {
  const chosen = await vscode.window.showQuickPick([...items], { title, ignoreFocusOut: true });
  return chosen?.column ?? null;
}

const versionOf = (uri: vscode.Uri): number | null =>
  vscode.workspace.textDocuments.find(
    (document) => document.isDirty && document.uri.toString() === uri.toString(),
  )?.version ?? null;

/** @param line 1-based */
export async function openAtLine(uri: vscode.Uri, line: number): Promise<void> {
  const at = new vscode.Position(Math.max(0, line - 1), 0);
  try {
    await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at), preview: true });
  } catch {
    // Binary, or too large for a text editor: its usual editor says what it can.
    await vscode.commands.executeCommand("vscode.open", uri);
  }
}

import * as vscode from "vscode";
import { LensError } from "../../core/errors.ts";
import { fromLabelCsv } from "../../core/label/exchange/labelCsv.ts";
import { TextIndex } from "../../core/label/exchange/labelledText.ts";
import { fromPrm800k } from "../../core/label/exchange/prm800k.ts";
import { fromProcessBench } from "../../core/label/exchange/processBench.ts";
import type { LabelEntry } from "../../core/label/model.ts";
import { count } from "../../core/numberWords.ts";
import { FieldError, isRecord } from "../../core/parse.ts";
import { baseName, displayName } from "../files.ts";
import type { Report } from "../report.ts";
import { findItems } from "./labelledRuns.ts";
import type { Labels } from "./labels.ts";
import type { OpenQueue } from "./openQueue.ts";
import { openRaterLabels } from "./raterLogs.ts";

export interface ImportedLabels {
  readonly entries: readonly LabelEntry[];
  /** Lines whose text is in none of the runs, or that say nothing. */
  readonly unknown: number;
  readonly issues: readonly string[];
}

/**
 * Labels of a CSV, PRM800K or ProcessBench file, for the texts that are known. A line that cannot be read is an issue with
 * its line and field. Throws `noLabels` where the file is none of these.
 */
export function importedLabels(name: string, text: string, index: TextIndex): ImportedLabels {
  const issues: string[] = [];
  if (!/^\s*\{/.test(text)) {
    try {
      const { entries, issues: bad } = fromLabelCsv(text);
      issues.push(...bad.map(({ row, field, message }) => told(name, row, { field, message })));
      return { entries, unknown: 0, issues };
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      throw new LensError("noLabels", `${name}: ${error.field}: ${error.detail}. Nothing was imported.`, {
        cause: error,
      });
    }
  }
  const entries: LabelEntry[] = [];
  let unknown = 0;
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    try {
      const value: unknown = JSON.parse(line);
      const foreign = isRecord(value) && "question" in value ? fromPrm800k(value) : fromProcessBench(value);
      const found = foreign === null ? [] : index.entriesOf(foreign);
      if (found.length === 0) unknown++;
      entries.push(...found);
    } catch (error) {
      if (error instanceof FieldError)
        issues.push(told(name, i + 1, { field: error.field, message: error.detail }));
      else if (error instanceof SyntaxError)
        issues.push(told(name, i + 1, { field: null, message: "not JSON" }));
      else throw error;
    }
  }
  return { entries, unknown, issues };
}

const told = (
  name: string,
  line: number,
  { field, message }: { readonly field: string | null; readonly message: string },
): string => `${name} line ${line}: ${field === null || field === "" ? "" : `${field}: `}${message}`;

/** Asks for a file of labels and a name for their rater, and appends what fits the queue's runs to that rater's files. */
export async function importLabels(open: OpenQueue, labels: Labels, report: Report): Promise<void> {
  const asked = await askForLabels();
  if (asked === null) return;
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(asked.uri));
  const index = new TextIndex();
  const runs = await (
    await labels.store.runs()
  ).open(
    open.runs.map(({ entry }) => entry.id),
    {
      signal: new AbortController().signal,
      onProgress: () => undefined,
      onText: (item, one) => index.add(item, one),
    },
  );
  const read = importedLabels(displayName(asked.uri), text, index);
  const known = new Map(
    findItems(runs, new Set(read.entries.map(({ item }) => item))).map((item) => [item.id, item]),
  );
  const written = await labels.aside(async () => {
    const log = await openRaterLabels({ name: asked.rater, kind: "human" }, runs, labels.store);
    try {
      let set = 0;
      for (const entry of read.entries) {
        const item = known.get(entry.item);
        if (item === undefined) continue;
        await log.set(item, entry);
        set++;
      }
      return set;
    } finally {
      await log.close();
    }
  });
  const unknown = read.unknown + read.entries.length - written;
  const words = [
    vscode.l10n.t("{0} labels of {1} were imported.", count(written), asked.rater),
    unknown > 0 && vscode.l10n.t("{0} are of texts that these runs do not have.", count(unknown)),
    read.issues.length > 0 &&
      vscode.l10n.t("{0} lines could not be read: {1}", count(read.issues.length), read.issues[0] ?? ""),
  ];
  void report.tell(words.filter((one) => one !== false).join(" "), {
    severity: read.issues.length > 0 ? "warning" : "information",
  });
}

interface Asked {
  readonly uri: vscode.Uri;
  readonly rater: string;
}

async function askForLabels(): Promise<Asked | null> {
  const title = vscode.l10n.t("Import labels");
  const filters = {
    [vscode.l10n.t("PRM800K, ProcessBench, CSV")]: ["jsonl", "csv"],
    [vscode.l10n.t("All files")]: ["*"],
  };
  const [uri] = (await vscode.window.showOpenDialog({ title, filters })) ?? [];
  if (uri === undefined) return null;
  const rater = await vscode.window.showInputBox({
    title: vscode.l10n.t("Import labels of which rater?"),
    value: baseName(uri).replace(/\.(jsonl|csv)$/i, ""),
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === "" ? vscode.l10n.t("A name is needed.") : null),
  });
  return rater === undefined ? null : { uri, rater: rater.trim() };
}

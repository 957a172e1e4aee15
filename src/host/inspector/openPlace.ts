import * as vscode from "vscode";
import { baseName } from "../files.ts";
import { openAtLine } from "../datasets.ts";
import type { TraceDocuments } from "./traceDocuments.ts";

/** Where a trace stands in its file. */
export interface TracePlace {
  readonly file: vscode.Uri;
  /** 1-based; `null` where the format has no lines. */
  readonly line: number | null;
  /** In a file that no text editor can show (Parquet, gzip): reads the record. */
  readonly record: RecordPlace | null;
}

export interface RecordPlace {
  /** 1-based, where the format has no lines. */
  readonly row: number;
  readonly read: () => Promise<unknown>;
}

/** The trace's line in the text editor; of a packed file its record, as a document that can only be read. */
export async function openPlace(
  { file, line, record }: TracePlace,
  documents: Pick<TraceDocuments, "show">,
): Promise<void> {
  if (record !== null) {
    const name = baseName(file);
    const place =
      line === null
        ? vscode.l10n.t("{0} row {1}.json", name, record.row)
        : vscode.l10n.t("{0} line {1}.json", name, line);
    await documents.show({ name: place, text: `${JSON.stringify(await record.read(), null, 2)}\n` });
  } else if (line === null) await vscode.commands.executeCommand("vscode.open", file);
  else await openAtLine(file, line);
}

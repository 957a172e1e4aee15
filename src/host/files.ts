import * as vscode from "vscode";
import { LensError } from "../core/errors.ts";
import type { ByteSource } from "../core/ports.ts";

/** A source that gives its handle back. */
export interface OpenSource extends ByteSource {
  close(): Promise<void>;
}

/** A file's path as the person knows it: relative to the workspace folder where it lies in one. */
export const displayName = (uri: vscode.Uri): string => vscode.workspace.asRelativePath(uri, false);

export const baseName = (uri: vscode.Uri): string => uri.path.slice(uri.path.lastIndexOf("/") + 1);

/** `math500` for `data/math500.jsonl.gz`. */
export const datasetName = (uri: vscode.Uri): string =>
  baseName(uri)
    .replace(/\.gz$/i, "")
    .replace(/\.(jsonl|ndjson|json|csv|tsv|parquet)$/i, "");

/** What the file menus offer; package.json says the same in its `when` clauses. */
export const isDataFileName = (name: string): boolean =>
  /\.(jsonl|ndjson|json|csv|tsv|parquet|gz)$/i.test(name);

const unsavedText = (uri: vscode.Uri): vscode.TextDocument | undefined =>
  vscode.workspace.textDocuments.find(
    (document) => document.uri.toString() === uri.toString() && (document.isDirty || document.isUntitled),
  );

/** Does an editor hold another text than the file? Then that one is read. */
export const isUnsaved = (uri: vscode.Uri): boolean => unsavedText(uri) !== undefined;

/** @throws LensError `notFound`, `isDirectory`, `noPermission`, `unreadable` */
export async function openSource(uri: vscode.Uri): Promise<OpenSource> {
  const unsaved = unsavedText(uri);
  if (unsaved !== undefined) return inMemory(uri, new TextEncoder().encode(unsaved.getText()));
  if (uri.scheme === "file") {
    const { fileSource } = await import("../node/fileSource.ts");
    return fileSource(uri.fsPath, displayName(uri));
  }
  return inMemory(uri, new Uint8Array(await readVirtual(uri)));
}

/** Opens, uses and closes. */
export async function withSource<T>(uri: vscode.Uri, use: (source: OpenSource) => Promise<T>): Promise<T> {
  const source = await openSource(uri);
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}

async function inMemory(uri: vscode.Uri, bytes: Uint8Array<ArrayBuffer>): Promise<OpenSource> {
  const { memorySource } = await import("../core/dataset/memorySource.ts");
  return { ...memorySource(displayName(uri), bytes), close: () => Promise.resolve() };
}

async function readVirtual(uri: vscode.Uri): Promise<Uint8Array> {
  try {
    return await vscode.workspace.fs.readFile(uri);
  } catch (cause) {
    const code =
      cause instanceof vscode.FileSystemError && cause.code === "FileNotFound" ? "notFound" : "unreadable";
    throw new LensError(code, vscode.l10n.t("{0} could not be read.", displayName(uri)), { cause });
  }
}

/** The file that a command is about: its argument, else that of the active tab (also one with no text editor). */
export function activeFile(): vscode.Uri | null {
  const editor = vscode.window.activeTextEditor?.document.uri;
  if (editor !== undefined) return editor;
  const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uri = typeof input === "object" && input !== null && "uri" in input ? input.uri : null;
  return uri instanceof vscode.Uri ? uri : null;
}

export async function askForFiles(title: string, many: boolean): Promise<readonly vscode.Uri[]> {
  const chosen = await vscode.window.showOpenDialog({
    title,
    canSelectMany: many,
    filters: {
      [vscode.l10n.t("Datasets and rollouts")]: ["jsonl", "ndjson", "json", "csv", "tsv", "parquet", "gz"],
      [vscode.l10n.t("All files")]: ["*"],
    },
  });
  return chosen ?? [];
}

import * as vscode from "vscode";
import type { RunCatalog } from "./catalog.ts";
import { baseName } from "./files.ts";
import { stampOf } from "./runData.ts";
import type { RunEntry } from "./runEntry.ts";

/** The run whose folder a file is part of: `samples.jsonl` or `run.json` beside each other; `null` for other files. */
export async function ownRunOf(uri: vscode.Uri, catalog: RunCatalog): Promise<RunEntry | null> {
  if (uri.scheme !== "file" || !["samples.jsonl", "run.json"].includes(baseName(uri))) return null;
  const folder = vscode.Uri.joinPath(uri, "..");
  if ((await stampOf(vscode.Uri.joinPath(folder, "run.json"))) === "absent") return null;
  return catalog.addFolder(folder.fsPath);
}

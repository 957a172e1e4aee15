import * as vscode from "vscode";
import { labelsFolder } from "../../core/label/labelPaths.ts";
import { sha256 } from "../../node/sha256.ts";
import type { RunEntry } from "../runEntry.ts";

/**
 * Where a run's labels are: inside its folder, or beside a rollout file of the workspace, so that git can merge them and
 * the command line finds them. Files from elsewhere (examples, other disks) have theirs in the workspace's storage.
 */
export function labelFolder({ source }: RunEntry, storage: string): string {
  if (source.kind === "sampled") return labelsFolder(source.folder, "runFolder");
  const uri = vscode.Uri.parse(source.uri);
  if (uri.scheme === "file" && vscode.workspace.getWorkspaceFolder(uri) !== undefined)
    return labelsFolder(uri.fsPath, "file");
  const name = sha256(new TextEncoder().encode(source.uri)).slice(0, 16);
  return `${storage}/labels/${name}`;
}

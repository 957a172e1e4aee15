import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { readRows, syntheticRows, type RecordedRow } from "../fakes/server/answers.ts";
import { sharedData } from "../paths.ts";

export interface Workspace {
  readonly folder: string;
  readonly name: string;
  readonly remove: () => void;
}

/** Contents by path. */
export type WorkspaceFiles = Readonly<Record<string, string | Uint8Array>>;

/** A folder of its own with these files, to be opened in a workbench. */
export function makeWorkspace(files: WorkspaceFiles): Workspace {
  const folder = mkdtempSync(join(tmpdir(), "rollout-lens-folder-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return { folder, name: basename(folder), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export const jsonLines = (rows: readonly unknown[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join("");

/** 100 problems with 8 recorded solutions each where the real data is, else ones of our own making. */
export function recordedRows(): readonly (RecordedRow & { readonly gt: string })[] {
  const path = sharedData("rollouts/math_cot_100x8.jsonl");
  if (path === null) return syntheticRows(100);
  return readRows(path).map((row) => ({ ...row, gt: row.gt ?? "" }));
}

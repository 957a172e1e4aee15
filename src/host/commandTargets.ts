// What a command acts on, from its arguments: they come from menus, keys, links and other extensions, so they are looked
// at, not trusted; what is missing is asked for.
import * as vscode from "vscode";
import { activeFile, askForFiles } from "./files.ts";
import type { Features } from "./features.ts";
import type { RunEntry } from "./runEntry.ts";
import { runsIn } from "./runRows.ts";
import type { DemoSize } from "./tryDemo.ts";

export async function importFrom(
  features: Features,
  uris: readonly vscode.Uri[],
): Promise<readonly string[]> {
  return uris.length === 0 ? [] : features.imports.add(uris);
}

/** Rows of the Runs view, or a rollout file (which is imported first), else a run that the person picks. */
export async function judgedRuns(
  features: Features,
  args: readonly unknown[],
  title: string,
): Promise<readonly RunEntry[]> {
  const { catalog } = features;
  await catalog.load();
  const rows = runsIn(args).map(({ id }) => id);
  const ids = rows.length > 0 ? rows : await importFrom(features, urisIn(args));
  if (ids.length > 0) return ids.flatMap((id) => catalog.find(id) ?? []);
  const picked = await features.runActions.pick(title, ({ finished }) => finished > 0);
  return picked === null ? [] : [picked];
}

export async function datasetUri(args: readonly unknown[]): Promise<vscode.Uri | null> {
  return (
    urisIn(args)[0] ??
    activeFile() ??
    (await askForFiles(vscode.l10n.t("Choose a dataset"), false))[0] ??
    null
  );
}

export async function rolloutUris(args: readonly unknown[]): Promise<readonly vscode.Uri[]> {
  const given = urisIn(args);
  if (given.length > 0) return given;
  const active = activeFile();
  return active === null ? askForFiles(vscode.l10n.t("Open curves"), true) : [active];
}

/** The explorer gives the file under the mouse and the whole selection; the selection counts. */
export function urisIn([first, selection]: readonly unknown[]): readonly vscode.Uri[] {
  const selected = Array.isArray(selection) ? selection.filter((uri) => uri instanceof vscode.Uri) : [];
  if (selected.length > 0) return selected;
  return first instanceof vscode.Uri ? [first] : [];
}

export async function runOf(
  { catalog, runActions }: Features,
  args: readonly unknown[],
  title: string,
  states?: readonly RunEntry["state"][],
): Promise<RunEntry | null> {
  const [row] = runsIn(args.slice(0, 1));
  // The row may be older than the run's last step.
  if (row !== undefined) return catalog.find(row.id);
  return runActions.pick(title, ({ state }) => states?.includes(state) ?? true);
}

/** How much to sample, where a command says so. */
export function demoSizeIn(value: unknown): DemoSize | undefined {
  const { problems, samplesPerProblem } = (value ?? {}) as Partial<Record<keyof DemoSize, unknown>>;
  const isCount = (count: unknown): count is number => Number.isSafeInteger(count) && (count as number) > 0;
  return isCount(problems) && isCount(samplesPerProblem) ? { problems, samplesPerProblem } : undefined;
}

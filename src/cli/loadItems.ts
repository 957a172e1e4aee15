import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { collectItems, type ItemText } from "../core/label/collectItems.ts";
import { labelsFolder } from "../core/label/labelPaths.ts";
import type { RunItems } from "../core/label/model.ts";
import { type ReadLabels, readLabels } from "../core/label/readLabels.ts";
import { LensError } from "../core/errors.ts";
import type { Problem } from "../core/model.ts";
import { issueText } from "../core/parse.ts";
import { fileSource } from "../node/fileSource.ts";
import { usageError } from "./args.ts";
import type { CommandContext } from "./command.ts";
import { readPath } from "./loadRuns.ts";

/** What FILES may be for commands that need the texts. */
export const textFilesHelp = `FILES: rollouts (JSONL, JSON, CSV, Parquet, gzip), a run folder of ours or its samples.jsonl.
A file of several models gives one run each; FILE#NAME takes only that one.`;

export interface LoadedItems {
  readonly runs: readonly RunItems[];
  /** By key; the first file that has a problem holds. */
  readonly problems: ReadonlyMap<string, Problem>;
  /** The folder of each file in which its labels are looked for. */
  readonly labelFolders: readonly string[];
}

/** The chains of thought of each file, by run. Throws as `loadRuns`, and `stale`. */
export async function loadItems(
  paths: readonly string[],
  context: CommandContext,
  onText?: (text: ItemText) => void,
): Promise<LoadedItems> {
  const runs: RunItems[] = [];
  const problems = new Map<string, Problem>();
  const labelFolders: string[] = [];
  for (const path of paths) {
    const { samples, folder, read, tallyOf } = await readPath(path, context);
    const chosen = read.runs.filter(({ tally }) => tally.problems.some(({ n }) => n > 0));
    for (const { tally } of chosen)
      for (const { problem } of tally.problems)
        if (!problems.has(problem.key)) problems.set(problem.key, problem);
    const source = await fileSource(samples);
    try {
      const { signal } = context;
      const found = await collectItems(
        source,
        chosen,
        onText === undefined ? { signal } : { signal, onText },
      );
      for (const [i, run] of found.entries()) {
        const counted = chosen[i];
        runs.push({ ...run, name: counted === undefined ? run.name : tallyOf(counted).name });
      }
    } finally {
      await source.close();
    }
    labelFolders.push(folder === null ? labelsFolder(path, "file") : labelsFolder(folder, "runFolder"));
  }
  return { runs, problems, labelFolders };
}

/** Labels of files, or of all files of folders. What could not be read is noted. Throws `input` also where there is no label at all, `newerSchema`. */
export async function loadLabels(paths: readonly string[], context: CommandContext): Promise<ReadLabels> {
  const files = paths.flatMap(labelFilesAt);
  const sources = await Promise.all(files.map((file) => fileSource(file)));
  try {
    const read = await readLabels(sources);
    for (const issue of read.issues) context.note(issueText(issue));
    if (read.lines.length === 0)
      throw new LensError("input", `No label could be read from ${paths.join(", ")}.`);
    if (read.issues.length > 0) context.note("What could not be read was passed over; the rest counts.");
    return read;
  } finally {
    await Promise.all(sources.map((source) => source.close()));
  }
}

function labelFilesAt(path: string): readonly string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new LensError("input", `${path} does not exist.`);
  if (!found.isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => name.endsWith(".jsonl"));
  if (names.length === 0) throw new LensError("input", `${path} holds no labels (no *.jsonl).`);
  return names.sort().map((name) => join(path, name));
}

/** Those named by `--labels`, else those beside the rollouts; none is an error. */
export function labelPaths(named: readonly string[], folders: readonly string[]): readonly string[] {
  if (named.length > 0) return named;
  const beside = folders.filter((folder) => existsSync(folder));
  if (beside.length > 0) return beside;
  throw usageError(
    `There are no labels beside the rollouts (${folders.join(", ")}). Name them: --labels FILES...`,
  );
}

/** Takes `--labels A B ...` out of the arguments: everything up to the next option. */
export function splitLabels(args: readonly string[]): {
  readonly rest: readonly string[];
  readonly labels: readonly string[];
} {
  const rest: string[] = [];
  const labels: string[] = [];
  let inLabels = false;
  for (const arg of args) {
    if (arg === "--labels") inLabels = true;
    else if (arg.startsWith("--labels=")) labels.push(arg.slice("--labels=".length));
    else if (arg.startsWith("-")) {
      inLabels = false;
      rest.push(arg);
    } else (inLabels ? labels : rest).push(arg);
  }
  if (labels.length === 0 && args.includes("--labels"))
    throw usageError("--labels: name at least one file of labels, or a folder of them.");
  return { rest, labels };
}

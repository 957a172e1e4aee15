import type { RunEntry, StudyRef } from "./runEntry.ts";

/** Runs that can be compared, under the name of their dataset or study. */
export interface RunGroup {
  /** Unlike names, never the same for two groups. */
  readonly key: string;
  readonly name: string;
  readonly study: StudyRef | null;
  readonly runs: readonly RunEntry[];
}

const shortestPrefix = 3;

/**
 * Runs of a study stand under its name. Other sampled runs go by their dataset, also when only some of its problems were sampled. Imported rollouts join the
 * runs over the same problems, whatever their file is called.
 */
export function groupRuns(entries: readonly RunEntry[]): readonly RunGroup[] {
  const datasetOfSet = new Map<string, string>();
  for (const { source, problemSet, dataset } of entries)
    if (source.kind === "sampled" && problemSet !== null) datasetOfSet.set(problemSet, dataset);
  const groups = new Map<string, RunEntry[]>();
  for (const entry of entries) {
    const key = keyOf(entry, datasetOfSet);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return [...groups]
    .map(([key, runs]) => {
      const study = runs[0]?.study ?? null;
      return { key, name: study?.name ?? nameOf(runs), study, runs: runs.sort(byCreation) };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

function keyOf(
  { source, dataset, problemSet, study }: RunEntry,
  datasetOfSet: ReadonlyMap<string, string>,
): string {
  if (study !== undefined) return `study ${study.folder}`;
  if (source.kind === "sampled" || problemSet === null) return `dataset ${dataset}`;
  const sampled = datasetOfSet.get(problemSet);
  return sampled === undefined ? `set ${problemSet}` : `dataset ${sampled}`;
}

/** A sampled run knows its dataset; rollout files only have names of their own, of which the common start is taken. */
function nameOf(runs: readonly RunEntry[]): string {
  const sampled = runs.find(({ source }) => source.kind === "sampled");
  if (sampled !== undefined) return sampled.dataset;
  const names = runs.map(({ dataset }) => dataset);
  const prefix = commonStart(names).replace(/[\W_]+$/, "");
  return prefix.length >= shortestPrefix ? prefix : (names[0] ?? "");
}

function commonStart(names: readonly string[]): string {
  const [first = "", ...others] = names;
  let length = first.length;
  for (const name of others) while (!name.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length);
}

/** The newest run last, as comparisons grow; imported ones have no time and come first. */
const byCreation = (a: RunEntry, b: RunEntry): number => (a.createdAt ?? "").localeCompare(b.createdAt ?? "");

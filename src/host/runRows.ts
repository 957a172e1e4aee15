import type { RunEntry } from "./runEntry.ts";

/** What a command is given for a run that is known by its id alone. */
export const rowOfRun = (
  id: string,
): { readonly entry: Pick<RunEntry, "id"> & { readonly source: null } } => ({
  entry: { id, source: null },
});

/** Runs of tree rows: the one that was clicked and, where several are selected, all of them. */
export function runsIn([first, selection]: readonly unknown[]): readonly RunEntry[] {
  const rows: readonly unknown[] = Array.isArray(selection) && selection.length > 0 ? selection : [first];
  const found = rows.flatMap((row) => {
    if (typeof row !== "object" || row === null) return [];
    if ("entry" in row && isRunEntry(row.entry)) return [row.entry];
    return "runs" in row && Array.isArray(row.runs) ? row.runs.filter((run) => isRunEntry(run)) : [];
  });
  return [...new Map(found.map((entry) => [entry.id, entry])).values()];
}

const isRunEntry = (value: unknown): value is RunEntry =>
  typeof value === "object" && value !== null && "id" in value && "source" in value;

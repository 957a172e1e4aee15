import { randomUUID } from "node:crypto";
import { type LabelLog, openLabelLog } from "../../core/label/labelLog.ts";
import type { Rater } from "../../core/label/model.ts";
import type { Clock, FileStore } from "../../core/ports.ts";
import type { LabelledRun } from "./labelledRuns.ts";
import { RaterLabels } from "./raterLabels.ts";

export interface RaterLogsPorts {
  readonly files: () => Promise<FileStore>;
  readonly clock: Pick<Clock, "now">;
}

/** A rater's files of all these runs, opened for writing. Rejects with `labelsBusy`, or as the store does. */
export async function openRaterLabels(
  rater: Rater,
  runs: readonly LabelledRun[],
  { files, clock }: RaterLogsPorts,
): Promise<RaterLabels> {
  const store = await files();
  const logs = new Map<string, LabelLog>();
  try {
    for (const folder of new Set(runs.map((run) => run.folder))) {
      const ports = { files: store, clock, newId: randomUUID, owner: "VS Code" };
      logs.set(folder, await openLabelLog(folder, rater, ports));
    }
  } catch (error) {
    for (const log of logs.values()) await log.close();
    throw error;
  }
  const folders = new Map(runs.map(({ entry, folder }) => [entry.id, folder]));
  return new RaterLabels({ logs, folderOf: (runId) => folders.get(runId) ?? "" });
}

import { randomUUID } from "node:crypto";
import { type LabelLog, openLabelLog } from "../../core/label/labelLog.ts";
import type { QueueSpec, Rater } from "../../core/label/model.ts";
import { type LabelQueue, labelQueue } from "../../core/label/queue.ts";
import type { Clock, FileStore } from "../../core/ports.ts";
import { ItemTexts } from "./itemTexts.ts";
import { type LabelledRun, type LabelledRuns, type Opening, readItem } from "./labelledRuns.ts";
import { LabelSession } from "./labelSession.ts";
import { ShownProblems } from "./labelsSnapshot.ts";
import { queueTitle } from "./queueWords.ts";
import { RaterLabels } from "./raterLabels.ts";

/** What is labelled, and by whom: all that has to be remembered, the labels themselves say the rest. */
export interface QueueChoice {
  readonly runIds: readonly string[];
  readonly spec: QueueSpec;
  readonly rater: string;
}

export interface OpenQueue {
  readonly choice: QueueChoice;
  readonly runs: readonly LabelledRun[];
  readonly queue: LabelQueue;
  readonly labels: RaterLabels;
  readonly session: LabelSession;
  readonly problems: ShownProblems;
  readonly title: string;
}

export interface OpenQueuePorts {
  readonly runs: Pick<LabelledRuns, "open">;
  readonly files: () => Promise<FileStore>;
  readonly clock: Pick<Clock, "now">;
}

/**
 * Reads the runs and the rater's labels of them, and shows what is to be labelled now. Rejects as `LabelledRuns.open`, with
 * `labelsBusy`, or as the store does.
 */
export async function openQueue(
  choice: QueueChoice,
  ports: OpenQueuePorts,
  opening: Opening & { readonly onLabel: () => void },
): Promise<OpenQueue> {
  const runs = await ports.runs.open(choice.runIds, opening);
  const labels = await openLabels(choice, runs, ports);
  const items = runs.map((run) => run.items);
  const said = labels.all().map(({ item, verdict }) => [item, verdict] as const);
  const queue = labelQueue(items, choice.spec, said);
  const texts = new ItemTexts((item) => readItem(runs, item));
  const session = new LabelSession({ queue, labels, texts, onLabel: opening.onLabel });
  await session.open();
  const datasets = runs.map(({ entry }) => entry.dataset);
  const title = queueTitle(datasets, choice.spec);
  return { choice, runs, queue, labels, session, problems: new ShownProblems(runs), title };
}

async function openLabels(
  { rater: name }: QueueChoice,
  runs: readonly LabelledRun[],
  { files, clock }: OpenQueuePorts,
): Promise<RaterLabels> {
  const rater: Rater = { name, kind: "human" };
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

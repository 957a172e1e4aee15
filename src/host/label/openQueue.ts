import type { QueueSpec } from "../../core/label/model.ts";
import { type LabelQueue, labelQueue } from "../../core/label/queue.ts";
import { ItemTexts } from "./itemTexts.ts";
import { type LabelledRun, type LabelledRuns, type Opening, readItem } from "./labelledRuns.ts";
import { LabelSession } from "./labelSession.ts";
import { ShownProblems } from "./labelsSnapshot.ts";
import { queueTitle } from "./queueWords.ts";
import type { RaterLabels } from "./raterLabels.ts";
import { openRaterLabels, type RaterLogsPorts } from "./raterLogs.ts";

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

export interface OpenQueuePorts extends RaterLogsPorts {
  readonly runs: Pick<LabelledRuns, "open">;
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
  const labels = await openRaterLabels({ name: choice.rater, kind: "human" }, runs, ports);
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

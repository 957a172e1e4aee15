import { LensError } from "../core/errors.ts";
import { perplexityBox } from "../core/estimate/perplexityBox.ts";
import { count } from "../core/numberWords.ts";
import { perplexityOf, type ScoreSetHead } from "../core/trace/scoreSet.ts";
import { openScoreSet, type ScoreSet, scoreSetPath, scoresFolderName } from "../core/trace/scoreSetFile.ts";
import { scoreTraces, type ScoreTracesOptions } from "../core/trace/scoreTraces.ts";
import type { TraceScorer } from "../core/trace/scorer.ts";
import { nodeFileStore } from "../node/fileStore.ts";
import type { CommandContext } from "./command.ts";
import type { ScoreTarget } from "./scoreTargets.ts";
import { table } from "./table.ts";

export interface BesideWork {
  /** The run's. */
  readonly folder: string;
  readonly head: ScoreSetHead;
  readonly scorer: TraceScorer;
  readonly asked: Pick<ScoreTracesOptions, "top" | "tooLong" | "concurrency">;
  readonly json: boolean;
}

/** Scores a run into the set that the window reads and goes on with. Throws `scoresBusy`, and as `scoreTraces`. */
export async function scoreBeside(
  targets: readonly ScoreTarget[],
  { folder, head, scorer, asked, json }: BesideWork,
  context: CommandContext,
): Promise<void> {
  const scores = `${folder}/${scoresFolderName}`;
  const lock = await nodeFileStore.lock(scores, "command line");
  if (lock === null)
    throw new LensError("scoresBusy", `${folder} is being scored by another window or process. Wait for it.`);
  try {
    const log = await openScoreSet(scores, head, nodeFileStore);
    try {
      const { signal } = context;
      let told = 0;
      const onProgress = (done: number, total: number): void => {
        if (done < told + 1000) return;
        told = done;
        context.note(`${done} of ${total}`);
      };
      const result = await scoreTraces(targets, { scorer, log }, { ...asked, signal, onProgress });
      const { before, scored, refused } = result;
      context.note(
        `${before + scored} scored (${before} of them before), ${refused} refused; prompts by ${head.prompt}.`,
      );
      const boxes = boxesOf(targets, log.set);
      const set = scoreSetPath(scores, head);
      context.out(json ? `${JSON.stringify({ set, ...result, boxes })}\n` : readable(boxes));
    } finally {
      await log.close();
    }
  } finally {
    await lock.release();
  }
}

type Boxes = Readonly<Record<"all" | "correct" | "incorrect", ReturnType<typeof perplexityBox>>>;

function boxesOf(targets: readonly ScoreTarget[], set: ScoreSet): Boxes {
  const problems = new Map(
    [...new Set(targets.map(({ problemKey }) => problemKey))].map((key, i) => [key, i]),
  );
  const rows = targets.flatMap((target) => {
    const line = set.find(target);
    const perplexity = line?.kind === "scored" ? perplexityOf(line.numbers) : null;
    if (line?.kind !== "scored" || perplexity === null) return [];
    const problem = problems.get(target.problemKey) ?? 0;
    // No answer found is no right one, as in the window.
    const verdict = target.verdict === "unparsed" ? "incorrect" : target.verdict;
    return [{ problem, perplexity, surprisal: -line.numbers.sum, verdict }];
  });
  const box = (wanted: string | null) => {
    const own = rows.filter(({ verdict }) => wanted === null || verdict === wanted);
    return perplexityBox({
      perplexities: Float64Array.from(own, ({ perplexity }) => perplexity),
      surprisals: Float64Array.from(own, ({ surprisal }) => surprisal),
      problems: Uint32Array.from(own, ({ problem }) => problem),
    });
  };
  return { all: box(null), correct: box("correct"), incorrect: box("incorrect") };
}

function readable(boxes: Boxes): string {
  const head = ["verdict", "traces", "problems", "median PPL", "95 %", "25 %", "75 %", "nats a trace"];
  const rows = Object.entries(boxes).flatMap(([name, box]) =>
    box === null
      ? []
      : [
          [
            name,
            count(box.traces),
            count(box.problems),
            box.median.toFixed(4),
            box.interval === null
              ? "too few problems"
              : `[${box.interval.low.toFixed(4)}, ${box.interval.high.toFixed(4)}]`,
            box.q25.toFixed(4),
            box.q75.toFixed(4),
            box.meanSurprisal.toFixed(3),
          ],
        ],
  );
  return table(head, rows);
}

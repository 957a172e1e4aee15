import type { Problem } from "../model.ts";
import type { FileStore } from "../ports.ts";
import { decodeCodeGold, goldWords, isCodeGold, lineAt } from "../verify/code/codeGold.ts";
import { percent, count } from "../numberWords.ts";
import type { GuessFilter } from "./spec.ts";
import { isGuessable, type SolveCount } from "./stages.ts";

// Beside the study, once its guesses are counted (A13): the dataset without the problems that were dropped, and those with why.
export const keptFileName = "kept.jsonl";
export const droppedFileName = "dropped.jsonl";

/**
 * Writes both files. A kept line is `{id, question, answer}`, or a programming task's own line: read as a dataset it gives
 * the same problems. Rejects with `stale` where a task's line is no longer that of the study, `diskFull`, `storeFailed`.
 */
export async function writeGuessFiles(
  folder: string,
  { problems, counts, filter }: GuessParts,
  files: FileStore,
): Promise<void> {
  const found = new Map(counts.map((count) => [count.key, count]));
  const dropped = (problem: Problem): SolveCount | null => {
    const count = found.get(problem.key);
    return count !== undefined && isGuessable(filter, count) ? count : null;
  };
  const kept: string[] = [];
  const left: string[] = [];
  for (const problem of problems) {
    const count = dropped(problem);
    if (count === null) kept.push(await datasetLine(problem, files));
    else left.push(droppedLine(problem, count, filter));
  }
  const lines = (all: readonly string[]): Uint8Array =>
    new TextEncoder().encode(all.map((line) => `${line}\n`).join(""));
  await files.replace(`${folder}/${keptFileName}`, lines(kept));
  await files.replace(`${folder}/${droppedFileName}`, lines(left));
}

interface GuessParts {
  readonly problems: readonly Problem[];
  readonly counts: readonly SolveCount[];
  readonly filter: GuessFilter;
}

async function datasetLine({ id, question, gold }: Problem, files: FileStore): Promise<string> {
  if (gold === null || !isCodeGold(gold))
    return JSON.stringify({ id, question, ...(gold === null ? {} : { answer: gold }) });
  const task = decodeCodeGold(gold);
  if ("raw" in task) return oneLine(task.raw);
  const source = await files.open(task.file);
  return oneLine(
    lineAt(task, source === null ? new ArrayBuffer(0) : await source.slice(task.start, task.end)),
  );
}

/** A task may stand on several lines of its file; no string of JSON holds a bare line break. */
const oneLine = (raw: string): string => raw.trim().replaceAll(/[\r\n]+\s*/g, " ");

function droppedLine(problem: Problem, { n, c }: SolveCount, { above, below, model }: GuessFilter): string {
  const { id, question, gold } = problem;
  const why = `${model} answers it without reasoning ${count(c)} of ${count(n)} times: more than ${percent(above)} % and less than ${percent(below)} %`;
  return JSON.stringify({ id, question, answer: goldWords(gold), right: c, of: n, accuracy: c / n, why });
}

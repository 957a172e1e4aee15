import { readFileSync } from "node:fs";

/** What the model says to one prompt under one seed. */
export interface Answer {
  readonly text: string;
  readonly finishReason: string | null;
  readonly reasoning?: string;
}
export type Answerer = (prompt: string, seed: number) => Answer;

/** A problem with recorded solutions: the shape of Qwen's evaluation files. */
export interface RecordedRow {
  readonly question: string;
  readonly code: readonly string[];
  readonly gt?: string;
}

/** Plays recorded solutions back: the row whose question stands last in the prompt, its solution number `seed % code.length`. */
export function replayQwen(rows: readonly RecordedRow[]): Answerer {
  const known = new Map<string, RecordedRow | null>();
  return (prompt, seed) => {
    let row = known.get(prompt);
    if (row === undefined) known.set(prompt, (row = rowOf(rows, prompt)));
    if (row === null || row.code.length === 0)
      return { text: `I do not know this problem (draw ${seed}).`, finishReason: "stop" };
    return { text: row.code[Math.abs(seed) % row.code.length] ?? "", finishReason: "stop" };
  };
}

function rowOf(rows: readonly RecordedRow[], prompt: string): RecordedRow | null {
  let best: RecordedRow | null = null;
  let bestEnd = -1;
  for (const row of rows) {
    const question = row.question.trim();
    const at = prompt.lastIndexOf(question);
    // Few-shot examples stand before the problem; of two that end alike the longer is the problem.
    if (at === -1 || at + question.length < bestEnd) continue;
    if (at + question.length === bestEnd && question.length <= (best?.question.trim().length ?? 0)) continue;
    best = row;
    bestEnd = at + question.length;
  }
  return best;
}

/** Reads `replayQwen` rows from a JSONL file. */
export function readRows(path: string): RecordedRow[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line.trim() !== "").map((line) => JSON.parse(line) as RecordedRow);
}

const names = ["Ada", "Bo", "Cleo", "Dan", "Edda", "Finn", "Gul", "Hana"];
const things = ["apples", "books", "coins", "drums", "eggs", "forks"];

/**
 * Word problems of our own making in the shape of `RecordedRow`, for machines without the real data. Problem i is
 * solved by about (i % 9) / 8 of its solutions, so that curves rise and the histogram has both ends.
 */
export function syntheticRows(count: number, solutions = 8): (RecordedRow & { readonly gt: string })[] {
  return Array.from({ length: count }, (_, i) => {
    const [boxes, each, lost] = [3 + (i % 17), 4 + ((i * 7) % 23), 1 + ((i * 5) % 11)];
    const name = names[i % names.length] ?? "";
    const thing = things[i % things.length] ?? "";
    const question = `Problem ${i + 1}. ${name} has ${boxes} boxes with ${each} ${thing} each and gives ${lost} ${thing} away. How many ${thing} are left?`;
    const right = boxes * each - lost;
    const code = Array.from({ length: solutions }, (_, s) => {
      const said = s < ((i % 9) * solutions) / 8 ? right : right + 1 + ((s + i) % 5);
      return `First, ${name} has ${boxes} x ${each} = ${boxes * each} ${thing}.\n\nAfter giving ${lost} away, ${said} are left (try ${s + 1}).\n\nThe answer is \\boxed{${said}}.`;
    });
    return { question, gt: String(right), code };
  });
}

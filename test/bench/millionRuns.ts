// A million samples in 20 runs, as trainers dump them: 200 problems of 250 samples a run, a file a run.
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

export const runCount = 20;
export const problemCount = 200;
export const samplesPerProblem = 250;

/** The files' paths, by run. */
export async function writeMillion(folder: string): Promise<readonly string[]> {
  const paths = Array.from({ length: runCount }, (_, run) => join(folder, `run-${run}.jsonl`));
  for (const [run, path] of paths.entries())
    await pipeline(Readable.from(chunks(run)), createWriteStream(path));
  return paths;
}

function* chunks(run: number): Generator<string> {
  let state = 1 + run;
  const random = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
  for (let problem = 0; problem < problemCount; problem++) {
    // Every run has a spread of rates of its own; some problems are beyond it.
    const rate = Math.max(0, ((problem * 37 + run * 11) % problemCount) / problemCount - 0.1) ** 2;
    const lines: string[] = [];
    for (let sample = 0; sample < samplesPerProblem; sample++) {
      const right = random() < rate;
      lines.push(
        JSON.stringify({
          model: `model-${run}`,
          problem_id: `p${problem}`,
          question: `What is ${problem} + ${problem + 7}?`,
          answer: String(2 * problem + 7),
          response: `${problem} + ${problem + 7} is \\boxed{${right ? 2 * problem + 7 : sample}}.`,
          score: right ? 1 : 0,
          tokens: 12 + (sample % 9),
        }),
      );
    }
    yield `${lines.join("\n")}\n`;
  }
}

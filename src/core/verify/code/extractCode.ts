import { afterThinking } from "../math/extract.ts";
import type { CodeAnswer, CodeTask } from "./codeTask.ts";

/** A program to run. `longestBlock`: only the longest block that parses, and of it what the entry point needs. */
export interface Extracted {
  readonly source: string;
  readonly longestBlock: string | null;
}

/**
 * The program in an answer, taken as the task's harness takes it; `null` where there is none.
 * - HumanEval: the completion goes on from the prompt as it stands (openai/human-eval). A chat model's fenced code is
 *   the program where it defines the function, else it goes on from the prompt.
 * - HumanEval+ and MBPP+: the longest block that parses, reachable from the entry point (evalplus `sanitize`), of the
 *   prompt with its completion, or of a chat model's answer alone.
 * - MBPP: between [BEGIN] and [DONE], else the last fence, else all.
 * - LiveCodeBench: between the last two fence lines; without any fence all of it (its base models).
 */
export function extractCode(task: CodeTask, { kind, text }: CodeAnswer): Extracted | null {
  if (task.format === "humaneval") return kind === "solution" ? whole(text) : humanEval(task, text);
  if (task.format === "evalplus") {
    const answer = afterThinking(text).text;
    // A base model's completion has no fence at the start of a line: it ends it.
    const isProgram = kind === "solution" || fence.test(answer);
    const source = isProgram ? answer : `${task.prompt}\n${answer}`;
    return { source, longestBlock: task.entryPoint };
  }
  const answer = afterThinking(text).text;
  if (task.format === "mbpp") return mbpp(answer);
  return liveCode(answer);
}

/** A fence line. */
const fence = /^\s{0,3}```/m;

const whole = (source: string): Extracted => ({ source, longestBlock: null });

function humanEval(task: CodeTask & { format: "humaneval" }, text: string): Extracted {
  if (!fence.test(text)) return whole(task.prompt + text);
  const defined = new RegExp(`^\\s*(?:async\\s+)?def\\s+${task.entryPoint}\\b`, "m");
  const blocks = fencedBlocks(afterThinking(text).text);
  const complete = blocks.findLast((block) => defined.test(block));
  if (complete === undefined) return whole(task.prompt + (blocks.at(-1) ?? text));
  // Its imports and helpers stand in the prompt; the later definition wins.
  return whole(`${importsOf(task.prompt)}${complete}`);
}

/** What stands above the function in the prompt: imports and helpers that a repeated function may leave out. */
function importsOf(prompt: string): string {
  const last = [...prompt.matchAll(/^(?:async\s+)?def\s/gm)].at(-1);
  return last === undefined ? "" : prompt.slice(0, last.index);
}

function fencedBlocks(text: string): readonly string[] {
  const lines = text.split("\n");
  const blocks: string[] = [];
  let start = -1;
  for (const [at, line] of lines.entries()) {
    if (!/^\s{0,3}```/.test(line)) continue;
    if (start === -1) start = at;
    else {
      blocks.push(lines.slice(start + 1, at).join("\n"));
      start = -1;
    }
  }
  // A completion that ran out of tokens has no closing fence.
  if (start !== -1) blocks.push(lines.slice(start + 1).join("\n"));
  return blocks;
}

function mbpp(text: string): Extracted {
  const begin = text.lastIndexOf("[BEGIN]");
  if (begin !== -1) return whole(text.slice(begin + "[BEGIN]".length).split("[DONE]", 1)[0]!);
  const blocks = fencedBlocks(text);
  return whole(
    blocks.findLast((block) => /\bdef\s/.test(block)) ?? blocks.at(-1) ?? text.split("[DONE]", 1)[0]!,
  );
}

function liveCode(text: string): Extracted | null {
  const lines = text.split("\n");
  const fences = [...lines.keys()].filter((at) => lines[at]!.includes("```"));
  if (fences.length === 0) return whole(text.trim());
  if (fences.length === 1) return null;
  return whole(lines.slice(fences.at(-2)! + 1, fences.at(-1)).join("\n"));
}

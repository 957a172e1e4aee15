import type { CodeAnswer, CodeTask } from "./codeTask.ts";
import { extractCode } from "./extractCode.ts";

/** What the checker (media/sandbox/checker.py) is given, and how long all of it may take. */
export interface TrialPlan {
  /** JSON. */
  readonly text: string;
  /** The checker's own limit; an engine adds a margin before it ends the process. */
  readonly totalMs: number;
}

/** Limits in a native interpreter, milliseconds: EvalPlus' 4 s (or 4x the reference) a call, LiveCodeBench's 6 s a test. */
const callMs = 4000;
const testMs = 6000;
/** EvalPlus' limit of a task, whatever a call may take. */
const taskMs = 60_000;

export interface TrialLimits {
  /** How many times slower than a native interpreter the engine is taken to be: limits are multiplied by it. */
  readonly slowness: number;
  /** In a native interpreter, a call (LiveCodeBench: a test) instead of the benchmark's own limit; `null`: that one. */
  readonly limitSeconds: number | null;
}

/** The trial of an answer; `null` where it holds no code. */
export function trialPlan(task: CodeTask, answer: CodeAnswer, limits: TrialLimits): TrialPlan | null {
  const extracted = extractCode(task, answer);
  if (extracted === null) return null;
  const { slowness, limitSeconds } = limits;
  const usualMs = task.format === "livecodebench" ? testMs : callMs;
  const limitMs = (limitSeconds === null ? usualMs : limitSeconds * 1000) * slowness;
  const totalMs = totalOf(task, limitMs, slowness);
  const { source: program, longestBlock } = extracted;
  const plan = { ...partOf(task), program, longestBlock, slowness, limitMs, totalMs };
  return { text: JSON.stringify(plan), totalMs };
}

function totalOf(task: CodeTask, limitMs: number, slowness: number): number {
  if (task.format === "evalplus") return taskMs * slowness;
  if (task.format === "livecodebench") return limitMs * task.tests.length + limitMs;
  return 3 * limitMs;
}

function partOf(task: CodeTask): object {
  if (task.format === "humaneval") {
    const { test, entryPoint } = task;
    return { kind: "check", context: contexts(task.prompt, task.canonical), test, entryPoint };
  }
  if (task.format === "mbpp") {
    return { kind: "asserts", setup: task.setup, asserts: task.asserts, defines: definedIn(task.code) };
  }
  if (task.format === "evalplus") {
    const { id: taskId, dataset, entryPoint, reference, base, plus, atol } = task;
    return { kind: "inputs", taskId, dataset, entryPoint, reference, base, plus, atol };
  }
  return task.funcName === null
    ? { kind: "stdin", tests: task.tests }
    : { kind: "functional", tests: task.tests, entryPoint: task.funcName };
}

/** Tests use what the prompt imports and defines; a prompt alone is a function without a body. */
const contexts = (prompt: string, canonical: string | null): readonly string[] =>
  canonical === null ? [`${prompt}\n    pass\n`, prompt] : [prompt + canonical, `${prompt}\n    pass\n`];

/** Names that the reference program defines on its top level. */
const definedIn = (code: string): readonly string[] =>
  [...code.matchAll(/^(?:async\s+)?(?:def|class)\s+([\p{L}_][\p{L}\p{N}_]*)/gmu)].map((match) => match[1]!);

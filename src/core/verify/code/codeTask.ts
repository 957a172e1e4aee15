/** A programming task. What the candidate may see is the prompt alone; tests and reference stay with the checker. */
export type CodeTask = HumanEvalTask | EvalPlusTask | MbppTask | LiveCodeTask;

interface TaskBase {
  readonly id: string;
  /** What a model is asked. */
  readonly prompt: string;
}

/** openai/human-eval: `test` defines `check(candidate)`. */
export interface HumanEvalTask extends TaskBase {
  readonly format: "humaneval";
  readonly entryPoint: string;
  /** The body of the reference solution, `null` where the file has none. */
  readonly canonical: string | null;
  readonly test: string;
}

/** HumanEval+ and MBPP+ (evalplus): inputs whose expected values the reference solution gives. */
export interface EvalPlusTask extends TaskBase {
  readonly format: "evalplus";
  readonly dataset: "humaneval" | "mbpp";
  readonly entryPoint: string;
  /** The whole reference program. */
  readonly reference: string;
  /** Raw JSON of the argument lists: Infinity, NaN and integers above 2^53 stand in it as in the file. */
  readonly base: string;
  readonly plus: string;
  readonly atol: number;
}

/** google-research/mbpp. */
export interface MbppTask extends TaskBase {
  readonly format: "mbpp";
  readonly code: string;
  readonly setup: string;
  readonly asserts: readonly string[];
  /** Those that the model is shown. */
  readonly shown: readonly string[];
}

export interface LiveCodeTest {
  readonly input: string;
  readonly output: string;
}

/** LiveCodeBench: `funcName` calls with JSON lines, or (null) programs that read stdin. */
export interface LiveCodeTask extends TaskBase {
  readonly format: "livecodebench";
  readonly funcName: string | null;
  readonly starter: string;
  readonly tests: readonly LiveCodeTest[];
}

/** A model's answer to a task. `solution` is a whole program, `completion` continues the prompt (base models) or is prose. */
export interface CodeAnswer {
  readonly kind: "completion" | "solution";
  readonly text: string;
}

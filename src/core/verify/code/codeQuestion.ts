import type { CodeTask } from "./codeTask.ts";

/** Which benchmark's form a dataset of programming tasks has. */
export type CodeKind = "humaneval" | "humanevalPlus" | "mbpp" | "mbppPlus" | "livecodebench";

export function codeKind(task: CodeTask): CodeKind {
  if (task.format !== "evalplus") return task.format;
  return task.dataset === "mbpp" ? "mbppPlus" : "humanevalPlus";
}

/**
 * What is asked, as the task's harness asks it; the prompt template (run/codeTemplates.ts) goes round it.
 * Sources: openai/human-eval; evalplus/codegen.py; Austin et al. 2021 (MBPP), section 3.1; LiveCodeBench
 * lcb_runner/prompts/code_generation.py.
 */
export function codeQuestion(task: CodeTask): string {
  if (task.format === "humaneval") return task.prompt;
  const prompt = task.prompt.trim();
  if (task.format === "evalplus") return prompt;
  if (task.format === "mbpp")
    return `${prompt} Your code should pass these tests:\n\n${task.shown.join("\n")}`;
  return `${prompt}\n\n${liveFormat(task.starter)}`;
}

const liveFormat = (starter: string): string =>
  starter === ""
    ? "### Format: Read the inputs from stdin solve the problem and write the answer to stdout (do not directly test on the sample inputs). Enclose your code within delimiters as follows. Ensure that when the python program runs, it reads the inputs, runs the algorithm and writes output to STDOUT.\n```python\n# YOUR CODE HERE\n```"
    : `### Format: You will use the following starter code to write the solution to the problem and enclose your code within delimiters.\n\`\`\`python\n${starter}\n\`\`\``;

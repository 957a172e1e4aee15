import type { CodeKind } from "../verify/code/codeQuestion.ts";
import type { PromptTemplate } from "./templates.ts";

/** EvalPlus: evalplus/provider/utility.py (`\ndef main(` is a `\ndef `). */
const endOfProgram: readonly string[] = ["<|endoftext|>", "</s>", "\nif __name__", "\nprint(", "\n```"];

/** evalplus/codegen.py, which takes it for both of its datasets. */
const selfContained =
  "Please provide a self-contained Python script that solves the following problem in a markdown code block:\n" +
  "```\n{question}\n```";

const mbppAsk = "You are an expert Python programmer, and here is your task: {question}";

/** How models are asked for programs: base models go on from the text, the others answer with a fenced block. */
export const codeTemplates: readonly (PromptTemplate & { readonly kind: CodeKind })[] = [
  {
    // openai/human-eval: the prompt as it stands; stop sequences of Chen et al. 2021, section 2.1
    kind: "humaneval",
    id: "humaneval",
    title: "HumanEval: the prompt as it stands, chat: a code block",
    system: null,
    user: selfContained,
    prompt: "{question}",
    stop: ["\nclass", "\ndef", "\n#", "\nif", "\nprint"],
    chatStop: [],
  },
  {
    kind: "humanevalPlus",
    id: "humaneval-plus",
    title: "HumanEval+ (EvalPlus)",
    system: null,
    user: selfContained,
    prompt: "{question}\n",
    stop: [...endOfProgram, "\ndef ", "\nclass ", "\nimport ", "\nfrom ", "\nassert "],
    chatStop: [],
  },
  {
    // Austin et al. 2021, without the three solved tasks that the paper puts before it
    kind: "mbpp",
    id: "mbpp",
    title: "MBPP: task and tests, [BEGIN] ... [DONE]",
    system: null,
    user: `${mbppAsk}\n\nPut your code into one Python code block.`,
    prompt: `${mbppAsk}\n[BEGIN]\n`,
    stop: ["[DONE]", "<|endoftext|>"],
    chatStop: [],
  },
  {
    kind: "mbppPlus",
    id: "mbpp-plus",
    title: "MBPP+ (EvalPlus)",
    system: null,
    user: selfContained,
    prompt: "{question}\n",
    stop: [...endOfProgram, '\n"""', "\nassert"],
    chatStop: [],
  },
  {
    // lcb_runner/prompts/code_generation.py; base models without the solved example
    kind: "livecodebench",
    id: "livecodebench",
    title: "LiveCodeBench",
    system:
      "You are an expert Python programmer. You will be given a question (problem specification) and will generate a " +
      "correct Python program that matches the specification and passes all tests.",
    user: "### Question:\n{question}\n\n### Answer: (use the provided format with backticks)\n\n",
    prompt: "### Question\n{question}\n\n### Answer\n\n",
    stop: ["###", "<|endoftext|>"],
    chatStop: [],
  },
];

/** The template that suits a dataset of that kind. */
export const codeTemplateFor = (kind: CodeKind): PromptTemplate =>
  codeTemplates.find((one) => one.kind === kind)!;

import { LensError } from "../errors.ts";
import { codeTemplates } from "./codeTemplates.ts";
import type { ChatMessage, GenerateRequest } from "./generate.ts";

/**
 * How a question becomes a prompt. `{question}` is the only placeholder, replaced as plain text
 * (LaTeX braces and `$` in questions stay as they are).
 */
export interface PromptTemplate {
  /** What the protocol stores: the name, or `custom:` and a hash of the text. */
  readonly id: string;
  readonly title: string;
  readonly system: string | null;
  /** The user's message for chat; the server's chat template goes round it. */
  readonly user: string;
  /** The whole text for raw completions: how a base model is driven. */
  readonly prompt: string;
  /** Stop strings. Only markers that cannot be part of an answer: never plain words such as "user". */
  readonly stop: readonly string[];
  /** Those for chat where they are others: what ends a base model's program may stand inside an answer. */
  readonly chatStop?: readonly string[];
}

const placeholder = "{question}";
const boxedAsk = "Please reason step by step, and put your final answer within \\boxed{}.";
const chatMlStop: readonly string[] = ["<|im_end|>", "<|im_start|>", "<|endoftext|>"];

const chatMl = (system: string, user: string): string =>
  `<|im_start|>system\n${system}<|im_end|>\n<|im_start|>user\n${user}<|im_end|>\n<|im_start|>assistant\n`;

const dapoUser =
  "Solve the following math problem step by step. The last line of your response should be of the form " +
  "Answer: $Answer (without quotes) where $Answer is the answer to the problem.\n\n{question}\n\n" +
  'Remember to put your answer on its own line after "Answer:".';

const r1ZeroPrompt =
  "A conversation between User and Assistant. The User asks a question, and the Assistant solves it. " +
  "The Assistant first thinks about the reasoning process in the mind and then provides the User with the answer. " +
  "The reasoning process is enclosed within <think> </think> and answer is enclosed within <answer> </answer> tags, " +
  "respectively, i.e., <think> reasoning process here </think> <answer> answer here </answer>.\n" +
  "User: {question}\nAssistant: <think>";

const directAsk =
  "Answer directly, without any reasoning or explanation. Write only the final answer within \\boxed{}.";

/** Each cites the release its text is a fact of. */
const answerTemplates: readonly PromptTemplate[] = [
  {
    // hkust-nlp/simpleRL-reason (SimpleRL-Zoo), evaluation templates
    id: "qwen-boxed",
    title: "Qwen boxed (SimpleRL-Zoo)",
    system: "You are a helpful assistant.",
    user: `{question}\n${boxedAsk}`,
    prompt: chatMl("You are a helpful assistant.", `{question}\n${boxedAsk}`),
    stop: chatMlStop,
  },
  {
    // QwenLM/Qwen2.5-Math evaluation; also sail-sg/understand-r1-zero (Oat-Zero)
    id: "qwen25-math-cot",
    title: "Qwen2.5-Math CoT (Oat-Zero)",
    system: boxedAsk,
    user: placeholder,
    prompt: chatMl(boxedAsk, placeholder),
    stop: chatMlStop,
  },
  {
    // BytedTsinghua-SIA/DAPO data: one user message under Qwen2.5's default chat template
    id: "dapo-answer",
    title: 'DAPO "Answer:"',
    system: null,
    user: dapoUser,
    prompt: chatMl("You are a helpful assistant.", dapoUser),
    stop: chatMlStop,
  },
  {
    // DeepSeek-R1 paper, table 1, in the form of sail-sg/understand-r1-zero, which opens the thinking
    id: "r1-zero",
    title: "R1-Zero (think, then answer)",
    system: null,
    user: r1ZeroPrompt.replace(/\nAssistant: <think>$/, ""),
    prompt: r1ZeroPrompt,
    stop: ["</answer>", "<|endoftext|>"],
  },
  {
    id: "plain",
    title: "Plain question",
    system: null,
    user: placeholder,
    prompt: "{question}\n",
    stop: ["<|endoftext|>"],
  },
  {
    id: "verbatim",
    title: "The question as it stands",
    system: null,
    user: placeholder,
    prompt: placeholder,
    stop: [],
  },
  {
    id: "direct",
    title: "Direct answer, no reasoning",
    system: null,
    user: `{question}\n${directAsk}`,
    prompt: `Question: {question}\n${directAsk}\nAnswer:`,
    stop: ["\n\nQuestion:", "<|endoftext|>"],
  },
];

/** The templates known by name. */
export const promptTemplates: readonly PromptTemplate[] = [...answerTemplates, ...codeTemplates];

/** A template by its name; `badTemplate` names the known ones. */
export function templateNamed(name: string): PromptTemplate {
  const found = promptTemplates.find((template) => template.id === name);
  if (found !== undefined) return found;
  const known = promptTemplates.map((template) => template.id).join(", ");
  throw new LensError("badTemplate", `There is no prompt template "${name}". Known: ${known}, or a file.`);
}

/**
 * A template from a file's text, used as it stands: for raw completions and as the user's message.
 * @param textHash what tells two texts apart in the protocol, e.g. the first 12 hex digits of its sha256
 */
export function customTemplate(text: string, textHash: string): PromptTemplate {
  if (!text.includes(placeholder)) {
    throw new LensError("badTemplate", `The prompt template has no ${placeholder} in it.`);
  }
  return { id: `custom:${textHash}`, title: "Custom", system: null, user: text, prompt: text, stop: [] };
}

/** The input of a request: the whole text for completions, messages for chat. */
export function renderPrompt(
  template: PromptTemplate,
  question: string,
  protocol: { readonly api: "completions" | "chat"; readonly system: string | null },
): GenerateRequest["input"] {
  const fill = (text: string): string => text.replaceAll(placeholder, () => question);
  if (protocol.api === "completions") return { api: "completions", prompt: fill(template.prompt) };
  const messages: ChatMessage[] = [];
  if (protocol.system !== null) messages.push({ role: "system", content: protocol.system });
  messages.push({ role: "user", content: fill(template.user) });
  return { api: "chat", messages };
}

import type { Answerer } from "./answers.ts";
import { choiceOf, promptOf, tokenize, type GenerationBody, type Reply } from "./wire.ts";

/** How a server may differ from vLLM. */
export interface Quirks {
  readonly completions?: false;
  readonly chat?: false;
  /** `models: false`: no list of models; a list: these ids. */
  readonly models?: false | readonly string[];
  /** One choice and the same text whatever was asked. */
  readonly ignoresNAndSeed?: boolean;
  /** Another text each time, whatever the seed. */
  readonly ignoresSeed?: boolean;
  readonly rejectsN?: boolean;
  /** Accepts the field, returns `null`. */
  readonly ignoresLogProbs?: boolean;
  readonly maxLogProbs?: number;
  /** Answers with one JSON body although a stream was asked. */
  readonly neverStreams?: boolean;
  readonly reasoningField?: "reasoning" | "reasoning_content";
  readonly hidesMaxModelLength?: boolean;
  /** Every reply is this redirect. */
  readonly redirectTo?: string;
}

export interface EngineOptions {
  readonly answer: Answerer;
  readonly model?: string;
  readonly maxModelLength?: number;
  readonly quirks?: Quirks;
}

/** What stands behind the wire: checks a request as vLLM does and writes its choices. */
export class Engine {
  readonly model: string;
  readonly maxModelLength: number;
  private readonly answer: Answerer;
  private readonly quirks: Quirks;
  private unseeded = 0;

  constructor(options: EngineOptions) {
    this.answer = options.answer;
    this.model = options.model ?? "fake-model";
    this.maxModelLength = options.maxModelLength ?? 32_768;
    this.quirks = options.quirks ?? {};
  }

  /** What vLLM would say no to: status and message. */
  refusalOf(body: GenerationBody, chat: boolean): [number, string] | null {
    const quirks = this.quirks;
    if ((chat ? quirks.chat : quirks.completions) === false) return [404, "Not Found"];
    if (body.model !== this.model) return [404, `The model \`${body.model}\` does not exist.`];
    if (chat ? !Array.isArray(body.messages) : typeof body.prompt !== "string")
      return [400, `Field required: ${chat ? "messages" : "prompt"}`];
    if ((body.n ?? 1) > 1 && body.temperature === 0)
      return [400, `n must be 1 when using greedy sampling, got ${body.n}.`];
    if ((body.n ?? 1) > 1 && quirks.rejectsN === true) return [400, "Only one completion choice is allowed"];
    const most = quirks.maxLogProbs ?? 20;
    const top = topLogProbs(body, chat);
    if (top !== null && top > most)
      return [400, `Requested sample logprobs of ${top}, which is greater than max allowed: ${most}`];
    const promptTokens = tokenize(promptOf(body)).length;
    const asked = body.max_completion_tokens ?? body.max_tokens ?? 16;
    if (promptTokens + asked <= this.maxModelLength) return null;
    return [
      400,
      `This model's maximum context length is ${this.maxModelLength} tokens. However, you requested ${promptTokens + asked} tokens (${promptTokens} in the messages, ${asked} in the completion). Please reduce the length of the messages or completion.`,
    ];
  }

  replyOf(entry: { readonly index: number; readonly body: GenerationBody }, chat: boolean): Reply {
    const { body } = entry;
    const { ignoresNAndSeed, ignoresSeed, ignoresLogProbs, reasoningField } = this.quirks;
    const prompt = promptOf(body);
    const seed =
      ignoresNAndSeed === true ? 0 : ignoresSeed === true ? this.unseeded++ : (body.seed ?? this.unseeded++);
    const count = ignoresNAndSeed === true ? 1 : (body.n ?? 1);
    // vLLM gives the children of one request the seeds s, s + 1, ...
    const choices = Array.from({ length: count }, (_, i) => choiceOf(this.answer(prompt, seed + i), body, i));
    return {
      chat,
      model: this.model,
      created: 1_700_000_000,
      id: `${chat ? "chatcmpl" : "cmpl"}-${entry.index}`,
      choices,
      promptTokens: tokenize(prompt).length,
      reasoningField: reasoningField ?? "reasoning",
      topLogProbs: ignoresLogProbs === true ? null : topLogProbs(body, chat),
    };
  }
}

function topLogProbs(body: GenerationBody, chat: boolean): number | null {
  if (chat) return body.logprobs === true ? (body.top_logprobs ?? 0) : null;
  return typeof body.logprobs === "number" ? body.logprobs : null;
}

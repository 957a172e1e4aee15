import type { Choice, Delta } from "./choice.ts";
import type { GenerationRequest } from "./generationRequest.ts";
import { chatLogProbs, codePoints, completionLogProbs, promptLogProbs } from "./logProbs.ts";

/** What stands at the head of a reply and of every event of its stream. */
export interface ReplyHead {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly created: number;
}

export function usageOf(choices: readonly Choice[], request: GenerationRequest) {
  const prompt = request.prompts.reduce((sum, { tokens }) => sum + tokens.length, 0);
  const completion = choices.reduce((sum, { tokens }) => sum + tokens.length, 0);
  return {
    prompt_tokens: prompt,
    total_tokens: prompt + completion,
    completion_tokens: completion,
    prompt_tokens_details: null,
  };
}

/** The whole reply where no stream was asked for. */
export function wholeReply(head: ReplyHead, choices: readonly Choice[], request: GenerationRequest): object {
  const { chat, model, returnTokenIds } = request;
  const [first] = choices;
  const ofPrompt = {
    prompt_logprobs: promptScoresOf(first, request),
    prompt_token_ids: returnTokenIds ? (first?.prompt.tokens ?? null) : null,
  };
  return {
    id: head.id,
    object: chat ? "chat.completion" : "text_completion",
    created: head.created,
    model: model.name,
    choices: choices.map((choice) => (chat ? chatChoice(choice, request) : textChoice(choice, request))),
    service_tier: null,
    system_fingerprint: "rollout-lens-demo",
    usage: usageOf(choices, request),
    ...(chat ? ofPrompt : {}),
    kv_transfer_params: null,
  };
}

function textChoice(choice: Choice, request: GenerationRequest): object {
  const delta = choice.take();
  const { echo, returnTokenIds } = request;
  // As vLLM: the prompt's text is not repeated where its ids are returned.
  const before = echo && !returnTokenIds ? choice.prompt.text : "";
  return {
    index: choice.index,
    text: before + delta.text,
    logprobs: textLogProbs(choice, delta, request),
    finish_reason: choice.finishReason,
    stop_reason: choice.stopReason,
    token_ids: returnTokenIds ? delta.tokens : null,
    prompt_logprobs: promptScoresOf(choice, request),
    prompt_token_ids: returnTokenIds ? choice.prompt.tokens : null,
  };
}

/** With `echo` those of the prompt come first. */
function textLogProbs(choice: Choice, delta: Delta, request: GenerationRequest): object | null {
  if (request.logProbs === null) return null;
  const { echo } = request;
  const before = echo ? codePoints(choice.prompt.text) : 0;
  if (!echo || choice.promptScores === null || !delta.first)
    return completionLogProbs(delta.tokens, delta.scores, request, before + delta.offset);
  const { tokens } = choice.prompt;
  const scores = [...choice.promptScores, ...delta.scores];
  return completionLogProbs([...tokens, ...delta.tokens], scores, request, 0);
}

function chatChoice(choice: Choice, request: GenerationRequest): object {
  const { text, tokens, scores } = choice.take();
  return {
    index: choice.index,
    message: {
      role: "assistant",
      content: text,
      refusal: null,
      annotations: null,
      audio: null,
      function_call: null,
      reasoning: null,
    },
    logprobs: request.logProbs === null ? null : chatLogProbs(scores, request),
    finish_reason: choice.finishReason,
    stop_reason: choice.stopReason,
    token_ids: request.returnTokenIds ? tokens : null,
  };
}

function promptScoresOf(choice: Choice | undefined, { model }: GenerationRequest): object | null {
  if (choice === undefined || choice.promptScores === null) return null;
  return promptLogProbs(choice.promptScores, model.tokenizer);
}

/** Server-sent events of one reply. Text that need not be made anew for each event is made once. */
export class ReplyStream {
  private readonly head: string;
  private readonly request: GenerationRequest;

  constructor({ id, created }: ReplyHead, request: GenerationRequest) {
    const object = request.chat ? "chat.completion.chunk" : "text_completion";
    const fields = JSON.stringify({ id, object, created, model: request.model.name });
    this.head = `data: ${fields.slice(0, -1)},"choices":[`;
    this.request = request;
  }

  /** Before the first token: the role of each chat choice. */
  opening(choices: readonly Choice[]): string {
    if (!this.request.chat) return "";
    const delta = { role: "assistant", content: "" };
    return choices
      .map(({ index }) => this.event({ index, delta, logprobs: null, finish_reason: null }))
      .join("");
  }

  /** What a choice has to say now; empty where it holds everything back. */
  turn(choice: Choice): string {
    const { chat, echo, logProbs, returnTokenIds } = this.request;
    const delta = choice.take();
    const opens = !chat && echo && delta.first;
    if (delta.text === "" && !opens && !delta.last && logProbs === null && !returnTokenIds) return "";
    // As vLLM: those of the prompt stand in a completion's first choice, and beside a chat's first choices.
    const ofPrompt = returnTokenIds && delta.first ? { prompt_token_ids: choice.prompt.tokens } : {};
    const ids = returnTokenIds ? { ...(chat ? {} : ofPrompt), token_ids: delta.tokens } : {};
    const scores = chat ? this.chatScores(delta) : textLogProbs(choice, delta, this.request);
    const end = { finish_reason: choice.finishReason, stop_reason: choice.stopReason };
    const said = chat
      ? { delta: { content: delta.text } }
      : { text: (opens && !returnTokenIds ? choice.prompt.text : "") + delta.text };
    const whole = { index: choice.index, ...said, logprobs: scores, ...end, ...ids };
    return this.event(whole, chat ? ofPrompt : {});
  }

  closing(choices: readonly Choice[]): string {
    const { prompt_tokens_details: _, ...counts } = usageOf(choices, this.request);
    const usage = this.request.usageInStream ? `${this.head}],"usage":${JSON.stringify(counts)}}\n\n` : "";
    return `${usage}data: [DONE]\n\n`;
  }

  private chatScores({ scores }: Delta): object | null {
    return this.request.logProbs === null ? null : chatLogProbs(scores, this.request);
  }

  /** @param more fields beside the choices */
  private event(choice: object, more: object = {}): string {
    const fields = JSON.stringify(more).slice(1, -1);
    return `${this.head}${JSON.stringify(choice)}]${fields === "" ? "" : `,${fields}`}}\n\n`;
  }
}

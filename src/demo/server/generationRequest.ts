import { randomInt } from "node:crypto";
import type { DemoModel } from "../demoModel.ts";
import type { Sampling } from "../sampler.ts";
import { BodyFields, invalid, isWholeList } from "./bodyFields.ts";
import { badParameter, badRequest } from "./refusal.ts";

/** What `/v1/completions` and `/v1/chat/completions` have in common, checked and with vLLM's defaults. */
export interface GenerationRequest {
  readonly chat: boolean;
  readonly model: DemoModel;
  readonly prompts: readonly Prompt[];
  readonly n: number;
  /** Of the first choice; the i-th has `seed + i`, as in vLLM. */
  readonly seed: number;
  readonly sampling: Sampling;
  /** `null`: as many as fit. */
  readonly maxTokens: number | null;
  readonly minTokens: number;
  readonly stop: readonly string[];
  readonly includeStop: boolean;
  readonly endTokens: ReadonlySet<number>;
  readonly skipSpecial: boolean;
  readonly echo: boolean;
  readonly logProbs: number | null;
  readonly promptLogProbs: number | null;
  readonly returnTokenIds: boolean;
  readonly tokensAsIds: boolean;
  readonly stream: boolean;
  readonly usageInStream: boolean;
  /** Tokens from one event of a stream to the next; the first token is sent at once. */
  readonly streamInterval: number | null;
}

export interface Prompt {
  readonly tokens: readonly number[];
  /** As it was given, or decoded from token ids. */
  readonly text: string;
}

const mostChoices = 1024;

export function completionRequest(body: unknown, find: (name: string) => DemoModel): GenerationRequest {
  const fields = new BodyFields(body);
  const model = find(fields.text("model") ?? "");
  fields.refuse("suffix", [""]);
  const echo = fields.flag("echo");
  const logProbs = fields.whole("logprobs", { least: 0 }) ?? null;
  const asked = promptLogProbsOf(fields) ?? (echo ? logProbs : null);
  const request = {
    ...commonOf(fields, model),
    chat: false,
    prompts: promptsOf(fields, model),
    maxTokens:
      fields.whole("max_tokens", { least: 0 }) ?? fields.whole("max_completion_tokens", { least: 1 }) ?? 16,
    echo,
    logProbs,
    promptLogProbs: asked,
  };
  if (request.maxTokens === 0 && !echo)
    throw badParameter("max_tokens must be at least 1, got 0.", "max_tokens", 0);
  return checked(request);
}

export function chatRequest(body: unknown, find: (name: string) => DemoModel): GenerationRequest {
  const fields = new BodyFields(body);
  const model = find(fields.text("model") ?? "");
  fields.refuse("tools", []);
  const wanted = fields.flag("logprobs");
  const top = fields.whole("top_logprobs", { least: 0 });
  if (top !== undefined && top > 0 && !wanted)
    throw badParameter("when using `top_logprobs`, `logprobs` must be set to true.", "top_logprobs");
  const text = chatPromptOf(fields);
  const limit =
    fields.whole("max_completion_tokens", { least: 1 }) ?? fields.whole("max_tokens", { least: 1 });
  return checked({
    ...commonOf(fields, model),
    chat: true,
    prompts: [{ text, tokens: model.tokenizer.encode(text) }],
    maxTokens: limit ?? null,
    echo: false,
    logProbs: wanted ? (top ?? 0) : null,
    promptLogProbs: promptLogProbsOf(fields),
  });
}

/**
 * The template of the models' tokenizer_config.json: the last message, and before an assistant's the one that it answers;
 * a line break ends what is no assistant's.
 */
export function chatPromptOf(fields: BodyFields): string {
  const messages = fields.value("messages");
  if (messages === undefined) throw invalid("messages", "Field required");
  if (!Array.isArray(messages)) throw invalid("messages", "Input should be a valid list");
  if (messages.length === 0)
    throw badRequest("Cannot apply chat template to an empty conversation. Provide at least one message.");
  const said = messages.map((message) => messageOf(new BodyFields(message)));
  if (!fields.flag("continue_final_message")) return rendered(said);
  if (fields.flag("add_generation_prompt", true))
    throw badRequest("continue_final_message and add_generation_prompt are not compatible.");
  return rendered(said);
}

interface Message {
  readonly role: string;
  readonly text: string;
}

function rendered(messages: readonly Message[]): string {
  const last = messages.at(-1)?.role === "assistant" ? messages.slice(-2) : messages.slice(-1);
  return last
    .map(({ role, text }) => (role === "assistant" || text.endsWith("\n") ? text : `${text}\n`))
    .join("");
}

function messageOf(message: BodyFields): Message {
  const role = message.text("role");
  if (role === undefined) throw invalid("messages.role", "Field required");
  const content = message.value("content");
  if (typeof content === "string") return { role, text: content };
  if (!Array.isArray(content)) throw invalid("messages.content", "Input should be a valid string");
  const parts = content.map((part: unknown) => new BodyFields(part).text("text"));
  if (parts.includes(undefined)) throw badRequest("Only text content is supported.");
  return { role, text: parts.join("\n") };
}

function commonOf(fields: BodyFields, model: DemoModel) {
  for (const name of ["presence_penalty", "frequency_penalty"]) fields.refuse(name, [0]);
  fields.refuse("repetition_penalty", [1]);
  for (const name of ["response_format", "guided_json", "structured_outputs", "best_of", "use_beam_search"])
    fields.refuse(name, [false, 1]);
  const stops = fields.wholes("stop_token_ids");
  const ends = fields.flag("ignore_eos") ? [] : model.config.eosTokenIds;
  const stop = fields.texts("stop");
  if (stop.includes("")) throw badRequest("stop cannot contain an empty string.");
  const stream = fields.flag("stream");
  if (!stream && fields.value("stream_options") !== undefined)
    throw badParameter("Stream options can only be defined when `stream=True`.", "stream_options");
  return {
    model,
    stop,
    n: fields.whole("n", { least: 1, most: mostChoices }) ?? 1,
    // 2^47: a seed of ours stays exact when the choices' indexes are added.
    seed: fields.whole("seed", { least: -(2 ** 63), most: 2 ** 63 }) ?? randomInt(2 ** 47),
    sampling: samplingOf(fields, model),
    minTokens: fields.whole("min_tokens", { least: 0 }) ?? 0,
    includeStop: fields.flag("include_stop_str_in_output"),
    endTokens: new Set([...ends, ...stops]),
    skipSpecial: fields.flag("skip_special_tokens", true),
    returnTokenIds: fields.flag("return_token_ids"),
    tokensAsIds: fields.flag("return_tokens_as_token_ids"),
    stream,
    usageInStream: fields.record("stream_options").flag("include_usage"),
    streamInterval: fields.whole("stream_interval", { least: 1 }) ?? null,
  };
}

function samplingOf(fields: BodyFields, model: DemoModel): Sampling {
  const topP = fields.number("top_p", { least: 0, most: 1 }) ?? 1;
  if (topP === 0) throw badParameter("top_p must be in (0, 1], got 0.0.", "top_p", 0);
  const bias = Object.entries((fields.value("logit_bias") ?? {}) as Record<string, unknown>);
  for (const [token, value] of bias)
    if (typeof value !== "number" || !(Number(token) >= 0 && Number(token) < model.config.vocabSize))
      throw badParameter(
        `token_id(s) [${token}] in logit_bias contain out-of-vocab token ids.`,
        "logit_bias",
        [Number(token)],
      );
  return {
    temperature: fields.number("temperature", { least: 0 }) ?? 1,
    topP,
    topK: fields.whole("top_k", { least: -1 }) ?? 0,
    minP: fields.number("min_p", { least: 0, most: 1 }) ?? 0,
    logitBias:
      bias.length === 0 ? null : new Map(bias.map(([token, value]) => [Number(token), Number(value)])),
  };
}

function promptLogProbsOf(fields: BodyFields): number | null {
  const count = fields.whole("prompt_logprobs", { least: -1 }) ?? null;
  if (count !== null && count !== 0 && fields.flag("stream"))
    throw badParameter("`prompt_logprobs` are not available when `stream=True`.", "prompt_logprobs");
  return count;
}

function promptsOf(fields: BodyFields, { tokenizer, config }: DemoModel): readonly Prompt[] {
  const prompt = fields.value("prompt");
  if (prompt === undefined || prompt === "")
    throw badParameter("Either prompt or prompt_embeds must be provided and non-empty.", "prompt");
  const list: readonly unknown[] =
    typeof prompt === "string" || isIds(prompt) ? [prompt] : (prompt as unknown[]);
  if (!Array.isArray(list)) throw invalid("prompt", "expected a text, token ids, or a list of either");
  if (list.length === 0) throw badRequest("You must pass at least one prompt");
  return list.map((one) => {
    if (typeof one === "string") return { text: one, tokens: tokenizer.encode(one) };
    if (!isWholeList(one)) throw invalid("prompt", "expected a text, token ids, or a list of either");
    const wrong = one.find((token) => token < 0 || token >= config.vocabSize);
    if (wrong !== undefined) throw badRequest(`Token id ${wrong} is out of vocabulary`);
    return { text: tokenizer.decode(one, { skipSpecial: false }), tokens: one };
  });
}

const isIds = (value: unknown): boolean => isWholeList(value) && value.length > 0;

/** What vLLM refuses of a request as a whole; of log-probs it gives as many as with `--max-logprobs` the vocabulary. */
function checked(request: GenerationRequest): GenerationRequest {
  const { vocabSize } = request.model.config;
  const { n, sampling, logProbs, promptLogProbs, minTokens, maxTokens, prompts, model } = request;
  if (n > 1 && sampling.temperature < 1e-5)
    throw badRequest(`n must be 1 when using greedy sampling, got ${n}.`);
  for (const [kind, count, name] of [
    ["sample", logProbs, "logprobs"],
    ["prompt", promptLogProbs, "prompt_logprobs"],
  ] as const)
    if ((count ?? 0) > vocabSize)
      throw badParameter(
        `Requested ${kind} logprobs of ${count}, which is greater than max allowed: ${vocabSize}`,
        name,
        count,
      );
  if (maxTokens !== null && minTokens > maxTokens)
    throw badRequest(`min_tokens must be less than or equal to max_tokens=${maxTokens}, got ${minTokens}.`);
  if (prompts.length * n > mostChoices)
    throw badRequest(`At most ${mostChoices} choices can be asked for at once.`);
  for (const { tokens } of prompts) checkLength(tokens.length, maxTokens, model);
  return request;
}

/** As vLLM 0.32: a prompt must fit, `max_tokens` is cut to what is left. */
function checkLength(count: number, maxTokens: number | null, { maxModelLength }: DemoModel): void {
  if (count === 0) throw badRequest("The decoder prompt cannot be empty");
  const head = `This model's maximum context length is ${maxModelLength} tokens.`;
  if (count > maxModelLength)
    throw badParameter(
      `${head} However, your prompt contains ${count} input tokens, which exceeds this limit even without any output tokens. Please reduce the length of the input prompt.`,
      "input_tokens",
      count,
    );
  if (count === maxModelLength && maxTokens !== 0)
    throw badParameter("max_tokens must be at least 1, got 0.", "max_tokens", 0);
}

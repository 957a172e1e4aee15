import { atPath, FieldError, isRecord, type JsonRecord } from "../../parse.ts";
import { alignTokens } from "../alignTokens.ts";
import type { ReplyToken } from "../replyToken.ts";
import type { ScoringMethod } from "../scoredTrace.ts";
import { contentTokens } from "./contentTokens.ts";
import { echoTokens } from "./echoTokens.ts";
import { sglangTokens } from "./sglangTokens.ts";
import { tgiTokens } from "./tgiTokens.ts";
import { vllmTokens } from "./vllmTokens.ts";

/** Tokens with log-probs in a recorded reply of a server. */
export interface RecordedReply {
  /** `given`: of text that was sent; `generated`: of what the model wrote itself. */
  readonly scope: "given" | "generated";
  readonly model: string | null;
  readonly method: ScoringMethod;
  /** `null` where the reply does not repeat it: then the tokens spell it. */
  readonly text: string | null;
  readonly tokens: readonly ReplyToken[];
}

/**
 * Every scored text in a recorded reply: completions with `echo` or `prompt_logprobs` (vLLM), Together's `prompt[]`,
 * chat with `logprobs`, SGLang's `/generate`, TGI's `decoder_input_details`, llama.cpp's `/completion`, a line of a batch
 * output. Empty for anything else. Throws a FieldError for a reply that is broken.
 */
export function recordedReplies(value: unknown): readonly RecordedReply[] {
  if (Array.isArray(value)) return value.flatMap((one) => recordedReplies(one));
  if (!isRecord(value)) return [];
  const body = atPath(value, "response.body");
  if (isRecord(body)) return recordedReplies(body);
  const model = typeof value["model"] === "string" ? value["model"] : null;
  const together = listOf(value["prompt"]).flatMap((one, i) =>
    togetherReply(one, { model, field: `prompt[${i}]` }),
  );
  if (together.length > 0) return together;
  return [
    ...listOf(value["choices"]).flatMap((choice, i) =>
      choiceReply(choice, { value, model, field: `choices[${i}]` }),
    ),
    ...chatPrompt(value, model),
    ...sglangReply(value, model),
    ...tgiReply(value, model),
    ...llamaCppReply(value, model),
  ];
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
const idsOf = (value: unknown): readonly number[] | null =>
  Array.isArray(value) && value.every((id) => typeof id === "number") ? value : null;

function togetherReply(
  one: unknown,
  at: { readonly model: string | null; readonly field: string },
): RecordedReply[] {
  if (!isRecord(one) || !isRecord(one["logprobs"])) return [];
  const tokens = echoTokens(one["logprobs"], `${at.field}.logprobs`, null);
  return [{ scope: "given", model: at.model, method: "togetherEcho", text: textOf(one["text"]), tokens }];
}

interface ChoicePlace {
  readonly value: JsonRecord;
  readonly model: string | null;
  readonly field: string;
}

function choiceReply(choice: unknown, { value, model, field }: ChoicePlace): RecordedReply[] {
  if (!isRecord(choice)) return [];
  const prompt = choice["prompt_logprobs"];
  if (Array.isArray(prompt)) {
    const ids = idsOf(choice["prompt_token_ids"] ?? value["prompt_token_ids"]);
    const tokens = vllmTokens(prompt, `${field}.prompt_logprobs`, ids);
    // Echoed: the choice's own log-probs are the same once more, with the texts in order.
    if (!isRecord(choice["logprobs"]) || textOf(choice["text"]) === null) {
      return [{ scope: "given", model, method: "vllmPromptLogProbs", text: null, tokens }];
    }
  }
  const message = choice["message"];
  if (isRecord(message)) {
    const content = atPath(choice, "logprobs.content");
    if (!Array.isArray(content)) return [];
    const tokens = contentTokens(content, `${field}.logprobs.content`);
    return [{ scope: "generated", model, method: "file", text: textOf(message["content"]), tokens }];
  }
  if (!isRecord(choice["logprobs"])) return [];
  return [completionReply(choice, { value, model, field })];
}

/** With `echo` the first token has no log-prob; without it every token was generated. */
function completionReply(choice: JsonRecord, { value, model, field }: ChoicePlace): RecordedReply {
  const all = echoTokens(choice["logprobs"], `${field}.logprobs`, null);
  const echoed = all[0]?.logProb === null;
  const text = textOf(choice["text"]);
  const promptTokens = atPath(value, "usage.prompt_tokens");
  const method = echoed ? "openAiEcho" : "file";
  const given = typeof promptTokens === "number" && promptTokens > 0 && promptTokens < all.length;
  if (!echoed || !given || listOf(value["choices"]).length > 1) {
    return { scope: echoed ? "given" : "generated", model, method, text, tokens: all };
  }
  const tokens = all.slice(0, promptTokens);
  return {
    scope: "given",
    model,
    method,
    text: text === null ? null : textOfFirst(text, all, promptTokens),
    tokens,
  };
}

/** The text of the first tokens of those that tile it; `null` where they do not. */
function textOfFirst(text: string, tokens: readonly ReplyToken[], count: number): string | null {
  const aligned = alignTokens(text, tokens);
  if (aligned.kind === "failed") return null;
  const end = aligned.ends[count - 1] ?? 0;
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(aligned.bytes.subarray(0, end));
}

function chatPrompt(value: JsonRecord, model: string | null): RecordedReply[] {
  const prompt = value["prompt_logprobs"];
  if (!Array.isArray(prompt)) return [];
  const tokens = vllmTokens(prompt, "prompt_logprobs", idsOf(value["prompt_token_ids"]));
  return [
    { scope: "given", model, method: "vllmChatPromptLogProbs", text: textOf(value["prompt_text"]), tokens },
  ];
}

function sglangReply(value: JsonRecord, model: string | null): RecordedReply[] {
  const meta = value["meta_info"];
  if (!isRecord(meta)) return [];
  const replies: RecordedReply[] = [];
  const add = (scope: RecordedReply["scope"], name: "input" | "output", text: string | null): void => {
    const list = meta[`${name}_token_logprobs`];
    if (!Array.isArray(list) || list.length === 0) return;
    const tokens = sglangTokens(list, meta[`${name}_top_logprobs`], `meta_info.${name}_token_logprobs`);
    replies.push({ scope, model, method: scope === "given" ? "sglangGenerate" : "file", text, tokens });
  };
  add("given", "input", null);
  add("generated", "output", textOf(value["text"]));
  return replies;
}

function tgiReply(value: JsonRecord, model: string | null): RecordedReply[] {
  const details = value["details"];
  if (!isRecord(details)) return [];
  const replies: RecordedReply[] = [];
  const prefill = listOf(details["prefill"]);
  if (prefill.length > 0) {
    const tokens = tgiTokens(prefill, "details.prefill");
    replies.push({ scope: "given", model, method: "tgiPrefill", text: null, tokens });
  }
  const written = listOf(details["tokens"]);
  if (written.length > 0) {
    const tokens = tgiTokens(written, "details.tokens");
    replies.push({
      scope: "generated",
      model,
      method: "file",
      text: textOf(value["generated_text"]),
      tokens,
    });
  }
  return replies;
}

function llamaCppReply(value: JsonRecord, model: string | null): RecordedReply[] {
  const prompt = value["prompt_probabilities"];
  const written = value["completion_probabilities"];
  const replies: RecordedReply[] = [];
  if (Array.isArray(prompt) && prompt.length > 0) {
    const tokens = contentTokens(prompt, "prompt_probabilities");
    replies.push({ scope: "given", model, method: "llamaCppForced", text: null, tokens });
  }
  if (Array.isArray(written) && written.length > 0) {
    if (!written.every((one) => isRecord(one) && "logprob" in one)) {
      throw new FieldError(
        "completion_probabilities",
        "expected entries with logprob (llama.cpp of 2025 or later)",
      );
    }
    const tokens = contentTokens(written, "completion_probabilities");
    replies.push({ scope: "generated", model, method: "file", text: textOf(value["content"]), tokens });
  }
  return replies;
}

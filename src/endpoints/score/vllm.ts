import { asList, atPath, FieldError, isRecord } from "../../core/parse.ts";
import type { ReplyToken } from "../../core/trace/replyToken.ts";
import { vllmTokens } from "../../core/trace/replies/vllmTokens.ts";
import { ScoreRefusal } from "./scoreRefusal.ts";
import {
  type AdapterCall,
  numbersOf,
  type RawScores,
  type ScoreAdapter,
  type ScoreInput,
  wrongInput,
} from "./adapter.ts";
import { openAiWrite } from "./openAiWrite.ts";

/**
 * vLLM's `prompt_logprobs` on `POST /completions`: log-softmax of the raw logits, whatever the temperature. Ids are
 * taken as they are, so nothing is tokenised twice. `max_tokens` must be at least 1; the generated token is not read.
 */
export const vllm: ScoreAdapter = {
  method: "vllmPromptLogProbs",
  takes: ["ids", "text"],
  async score(input, call) {
    const prompt =
      input.kind === "ids" ? input.ids : input.kind === "text" ? input.prompt + input.text : null;
    if (prompt === null) throw wrongInput("vllmPromptLogProbs", input.kind);
    const body = { model: call.wire.model, prompt, ...scoringFields(call.top) };
    const reply = await call.wire.post("/completions", body, call.signal);
    const choice = asList(atPath(reply, "choices"), "choices")[0];
    const ids = input.kind === "ids" ? input.ids : numbersOf(atPath(choice, "prompt_token_ids"));
    const list = promptList(atPath(choice, "prompt_logprobs"), "choices[0].prompt_logprobs");
    return {
      tokens: vllmTokens(list, "choices[0].prompt_logprobs", ids),
      skip: input.kind === "ids" ? input.promptTokens : null,
      prompt: null,
      counted: countedTokens(reply),
    };
  },
  write: (prompt, call) => openAiWrite(prompt, call, { return_token_ids: true }),
  tokenize,
};

/**
 * The same on `POST /chat/completions`, with the trace as the last message, continued: the server's template goes round
 * it. Many templates take `<think>` away from earlier turns or put it in: a text that is not in the rendered prompt as it
 * stands is not scored.
 */
export const vllmChat: ScoreAdapter = {
  method: "vllmChatPromptLogProbs",
  takes: ["chat"],
  async score(input, call) {
    if (input.kind !== "chat") throw wrongInput("vllmChatPromptLogProbs", input.kind);
    const messages = [...input.messages, { role: "assistant", content: input.text }];
    const body = {
      model: call.wire.model,
      messages,
      ...scoringFields(call.top),
      add_generation_prompt: false,
      continue_final_message: true,
      return_prompt_text: true,
    };
    const reply = await call.wire.post("/chat/completions", body, call.signal);
    const list = promptList(atPath(reply, "prompt_logprobs"), "prompt_logprobs");
    const tokens = vllmTokens(list, "prompt_logprobs", numbersOf(atPath(reply, "prompt_token_ids")));
    return { ...afterTemplate(tokens, input, atPath(reply, "prompt_text")), counted: countedTokens(reply) };
  },
  write: (prompt, call) => openAiWrite(prompt, call, { return_token_ids: true }),
  tokenize,
};

const scoringFields = (top: number): Readonly<Record<string, unknown>> => ({
  max_tokens: 1,
  temperature: 1,
  top_p: 1,
  n: 1,
  stream: false,
  prompt_logprobs: top,
  return_token_ids: true,
});

function promptList(value: unknown, field: string): readonly unknown[] {
  if (value === undefined || value === null)
    throw new ScoreRefusal("ignored", `the reply has no ${field}: it was ignored`);
  return asList(value, field);
}

const countedTokens = (reply: unknown): number | null => {
  const count = atPath(reply, "usage.prompt_tokens");
  return typeof count === "number" ? count : null;
};

/** The rendered prompt must end with the trace. The first token came without its text. */
function afterTemplate(
  tokens: readonly ReplyToken[],
  input: ScoreInput & { readonly kind: "chat" },
  promptText: unknown,
): Omit<RawScores, "counted"> {
  const rendered = typeof promptText === "string" ? promptText : null;
  const spelled = tokens
    .slice(1)
    .map((token) => token.text ?? "")
    .join("");
  const whole = rendered ?? spelled;
  if (!whole.endsWith(input.text)) {
    throw new FieldError(
      "prompt_text",
      "expected the trace at its end: the chat template changes it, so it cannot be scored through chat",
    );
  }
  const prompt = whole.slice(0, whole.length - input.text.length);
  return { tokens: rendered === null ? tokens.slice(1) : tokens, skip: null, prompt };
}

async function tokenize(text: string, { wire, signal }: AdapterCall): Promise<readonly number[] | null> {
  const reply = await wire.post("//tokenize", { model: wire.model, prompt: text }, signal);
  return isRecord(reply) ? numbersOf(reply["tokens"]) : null;
}

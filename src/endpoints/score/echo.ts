import { asList, asRecord, atPath } from "../../core/parse.ts";
import { alignTokens } from "../../core/trace/alignTokens.ts";
import type { ReplyToken } from "../../core/trace/replyToken.ts";
import { echoTokens } from "../../core/trace/replies/echoTokens.ts";
import { ScoreRefusal } from "./scoreRefusal.ts";
import { type AdapterCall, type ScoreAdapter, wrongInput } from "./adapter.ts";
import { openAiWrite } from "./openAiWrite.ts";

/** `max_tokens` 1, since 0 means unlimited to llama-cpp-python; `logprobs` at least 1, since SGLang ignores 0. */
function echoBody(text: string, { wire, top }: AdapterCall): Readonly<Record<string, unknown>> {
  const sampling = { max_tokens: 1, temperature: 1, top_p: 1, n: 1, stream: false };
  return { model: wire.model, prompt: text, echo: true, logprobs: Math.max(1, top), ...sampling };
}

/** OpenAI's `echo` with `logprobs` on `POST /completions`: vLLM, SGLang, llama-cpp-python, text-generation-webui, Fireworks. */
export const openAiEcho: ScoreAdapter = {
  method: "openAiEcho",
  takes: ["text"],
  async score(input, call) {
    if (input.kind !== "text") throw wrongInput("openAiEcho", input.kind);
    const whole = input.prompt + input.text;
    const reply = await call.wire.post("/completions", echoBody(whole, call), call.signal);
    const choice = asRecord(asList(atPath(reply, "choices"), "choices")[0], "choices[0]");
    if (choice["logprobs"] === undefined || choice["logprobs"] === null) {
      throw new ScoreRefusal(
        "ignored",
        "the reply has no choices[0].logprobs: echo and logprobs were ignored",
      );
    }
    const all = echoTokens(choice["logprobs"], "choices[0].logprobs", Math.max(1, call.top));
    const counted = atPath(reply, "usage.prompt_tokens");
    const count = typeof counted === "number" ? counted : null;
    const tokens = withoutGenerated(whole, all, count);
    // llama-cpp-python counts a BOS that it does not list.
    return {
      tokens,
      skip: null,
      prompt: null,
      counted: tokens.length === all.length ? count : tokens.length,
    };
  },
  write: (prompt, call) => openAiWrite(prompt, call),
};

/** The prompt's tokens of a reply that ends with the generated one. */
function withoutGenerated(
  text: string,
  all: readonly ReplyToken[],
  counted: number | null,
): readonly ReplyToken[] {
  const likely = [counted, counted === null ? null : counted - 1, all.length - 1, all.length];
  for (const count of new Set(likely)) {
    if (count === null || count < 1 || count > all.length) continue;
    const tokens = all.slice(0, count);
    if (alignTokens(text, tokens).kind === "tiled") return tokens;
  }
  return all;
}

/** Together's variant: the prompt's log-probs stand in `prompt[0]` of the reply, not among the choices. */
export const togetherEcho: ScoreAdapter = {
  method: "togetherEcho",
  takes: ["text"],
  async score(input, call) {
    if (input.kind !== "text") throw wrongInput("togetherEcho", input.kind);
    const reply = await call.wire.post(
      "/completions",
      echoBody(input.prompt + input.text, call),
      call.signal,
    );
    const prompt = asRecord(asList(atPath(reply, "prompt"), "prompt")[0], "prompt[0]");
    const tokens = echoTokens(prompt["logprobs"], "prompt[0].logprobs", Math.max(1, call.top));
    const counted = atPath(reply, "usage.prompt_tokens");
    return { tokens, skip: null, prompt: null, counted: typeof counted === "number" ? counted : null };
  },
  write: (prompt, call) => openAiWrite(prompt, call),
};

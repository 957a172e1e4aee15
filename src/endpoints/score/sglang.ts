import { atPath } from "../../core/parse.ts";
import { sglangTokens } from "../../core/trace/replies/sglangTokens.ts";
import { firstOf, numbersOf, type ScoreAdapter, wrongInput } from "./adapter.ts";

const counted = (reply: unknown): number | null => {
  const count = atPath(reply, "meta_info.prompt_tokens");
  return typeof count === "number" ? count : null;
};

/**
 * SGLang's own `POST /generate`. With ids the log-probs begin at the last token of the prompt, whose entry is always
 * null, so the prompt's prefix stays in the server's cache and many traces of one problem share it.
 */
export const sglang: ScoreAdapter = {
  method: "sglangGenerate",
  takes: ["ids", "text"],
  async score(input, { wire, signal, top }) {
    if (input.kind === "chat") throw wrongInput("sglangGenerate", input.kind);
    const start = input.kind === "ids" ? Math.max(0, input.promptTokens - 1) : 0;
    const given = input.kind === "ids" ? { input_ids: input.ids } : { text: input.prompt + input.text };
    const body = {
      ...given,
      sampling_params: { temperature: 0, max_new_tokens: 1 },
      return_logprob: true,
      logprob_start_len: start,
      top_logprobs_num: top,
      return_text_in_logprobs: true,
    };
    const reply = firstOf(await wire.post("//generate", body, signal));
    const meta = "meta_info.input_token_logprobs";
    const tokens = sglangTokens(atPath(reply, meta), atPath(reply, "meta_info.input_top_logprobs"), meta);
    const total = counted(reply);
    return {
      tokens,
      skip: input.kind === "ids" ? input.promptTokens - start : null,
      prompt: null,
      counted: total === null ? null : total - start,
    };
  },
  async write(prompt, { wire, signal }) {
    const sampling = { temperature: 0, max_new_tokens: 3 };
    const body = {
      text: prompt,
      sampling_params: sampling,
      return_logprob: true,
      return_text_in_logprobs: true,
    };
    const reply = firstOf(await wire.post("//generate", body, signal));
    const field = "meta_info.output_token_logprobs";
    return { prompt, tokens: sglangTokens(atPath(reply, field), null, field), promptIds: null };
  },
  async tokenize(text, { wire, signal }) {
    const reply = await wire.post("//tokenize", { model: wire.model, prompt: text }, signal);
    return numbersOf(atPath(reply, "tokens"));
  },
};

import { atPath } from "../../core/parse.ts";
import { tgiTokens } from "../../core/trace/replies/tgiTokens.ts";
import { ScoreRefusal } from "./scoreRefusal.ts";
import { type AdapterCall, firstOf, type ScoreAdapter, wrongInput } from "./adapter.ts";

async function generate(inputs: string, tokens: number, { wire, signal }: AdapterCall): Promise<unknown> {
  const parameters = { max_new_tokens: tokens, details: true, decoder_input_details: true, do_sample: false };
  return firstOf(await wire.post("//generate", { inputs, parameters }, signal));
}

/** TGI's `decoder_input_details` on `POST /generate`; since version 3 the server must be started for it. */
export const tgi: ScoreAdapter = {
  method: "tgiPrefill",
  takes: ["text"],
  async score(input, call) {
    if (input.kind !== "text") throw wrongInput("tgiPrefill", input.kind);
    const reply = await generate(input.prompt + input.text, 1, call);
    const prefill = atPath(reply, "details.prefill");
    if (!Array.isArray(prefill) || prefill.length === 0) {
      throw new ScoreRefusal(
        "ignored",
        "the reply has no details.prefill: the server runs without --enable-prefill-logprobs",
      );
    }
    return { tokens: tgiTokens(prefill, "details.prefill"), skip: null, prompt: null, counted: null };
  },
  async write(prompt, call) {
    const reply = await generate(prompt, 3, call);
    return { prompt, tokens: tgiTokens(atPath(reply, "details.tokens"), "details.tokens"), promptIds: null };
  },
};

import { asList, atPath } from "../../core/parse.ts";
import { echoTokens } from "../../core/trace/replies/echoTokens.ts";
import { type AdapterCall, numbersOf, type Written } from "./adapter.ts";

/**
 * Three greedy tokens of `POST /completions` with their log-probs. Temperature 0: at 1 a server that samples would do
 * as well, but not every one takes `top_k`.
 * @param vendor fields that only some servers know
 */
export async function openAiWrite(
  prompt: string,
  { wire, signal }: AdapterCall,
  vendor: Readonly<Record<string, unknown>> = {},
): Promise<Written> {
  const body = { model: wire.model, prompt, max_tokens: 3, temperature: 0, logprobs: 1, n: 1, stream: false };
  const reply = await wire.post("/completions", { ...body, ...vendor }, signal);
  const choice = asList(atPath(reply, "choices"), "choices")[0];
  const tokens = echoTokens(atPath(choice, "logprobs"), "choices[0].logprobs", 1);
  const ids = numbersOf(atPath(choice, "token_ids"));
  const named = tokens.map((token, i) => ({ ...token, id: token.id ?? ids?.[i] ?? null }));
  return { prompt, tokens: named, promptIds: numbersOf(atPath(choice, "prompt_token_ids")) };
}

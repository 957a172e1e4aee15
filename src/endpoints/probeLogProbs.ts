import type { Capabilities } from "./capabilities.ts";
import { no, ok, unknown, type Asked, type ProbeAsk } from "./probeAsk.ts";
import { isRecord } from "../core/parse.ts";

type Said = Asked & { readonly kind: "said" };

/** vLLM's default limit, mlx-lm's, OpenAI's for completions, and the least that shows an alternative. */
const tops = [20, 11, 5, 1];

/** Whether generated tokens come with log-probs, and with how many alternatives at most. */
export async function probeLogProbs(
  ask: ProbeAsk,
  route: "completions" | "chat",
): Promise<Capabilities["logProbs"]> {
  let refusal = "";
  for (const top of tops) {
    const asked = await ask.write(route, { ...fields(route, top), temperature: 1, seed: 7, max_tokens: 3 });
    if (asked.kind === "said") return found(route, asked, top);
    if (!asked.refused) return { ...unknown(asked.reason), top: null };
    refusal = asked.reason;
  }
  return { ...no(refusal), top: null };
}

const fields = (route: "completions" | "chat", top: number): Readonly<Record<string, unknown>> =>
  route === "chat" ? { logprobs: true, top_logprobs: top } : { logprobs: top };

function found(route: "completions" | "chat", asked: Said, most: number): Capabilities["logProbs"] {
  const field = asked.choices[0]?.["logprobs"];
  if (!isRecord(field)) return { ...no("asked for log-probs, got none"), top: null };
  const { logProbs, alternatives } = route === "chat" ? chatLogProbs(field) : completionLogProbs(field);
  if (logProbs.length === 0) return { ...no("asked for log-probs, got none"), top: null };
  // Some hosts accept the field and fill in zeros, or a floor.
  const sound = logProbs.every((value) => typeof value === "number" && value <= 0);
  if (!sound || logProbs.every((value) => value === 0))
    return { ...no("the log-probs are not numbers below 0"), top: null };
  // vLLM adds the sampled token where it is not among those asked for.
  const top = alternatives.length === 0 ? 0 : Math.min(most, ...alternatives);
  return { ...ok(top === 0 ? "of the sampled token only" : `with the top ${top}`), top };
}

interface Found {
  readonly logProbs: readonly unknown[];
  /** How many alternatives each token came with. */
  readonly alternatives: readonly number[];
}

function chatLogProbs(field: Readonly<Record<string, unknown>>): Found {
  const content = Array.isArray(field["content"]) ? field["content"].filter((one) => isRecord(one)) : [];
  return {
    logProbs: content.map((one) => one["logprob"]),
    alternatives: content.map((one) => (Array.isArray(one["top_logprobs"]) ? one["top_logprobs"].length : 0)),
  };
}

function completionLogProbs(field: Readonly<Record<string, unknown>>): Found {
  const logProbs: readonly unknown[] = Array.isArray(field["token_logprobs"]) ? field["token_logprobs"] : [];
  const tops: readonly unknown[] = Array.isArray(field["top_logprobs"]) ? field["top_logprobs"] : [];
  return { logProbs, alternatives: tops.map((one) => (isRecord(one) ? Object.keys(one).length : 0)) };
}

import type { ScoreFault, TriedMethod } from "./scoringAbility.ts";

/** The later in the list, the nearer the server came to what is wanted, and the more its fault says. */
const telling: readonly ScoreFault[] = [
  "refused",
  "malformed",
  "ignored",
  "count",
  "misaligned",
  "nulls",
  "positive",
  "constant",
  "floor",
  "unordered",
  "inconsistent",
];

const howToServe =
  "vLLM and SGLang give them without a flag; TGI wants --enable-prefill-logprobs, llama-cpp-python logits_all=True; " +
  "llama.cpp's own server only token by token (slow, to be asked for).";

const advices: Readonly<Record<ScoreFault, string>> = {
  refused: `Serve the model with log-probs of given text: ${howToServe}`,
  malformed: "Check that the base URL ends in /v1 and that no gateway stands before the server.",
  ignored: `The server takes the request and ignores it. Serve the model with log-probs of given text: ${howToServe}`,
  count: "A gateway may cut the reply. Score from the server itself.",
  misaligned: `The server does not return the text that it was sent, so echo is ignored. Serve it otherwise: ${howToServe}`,
  nulls: "The server has no log-probs of prompts (vllm-metal answers with nulls). Score from another server.",
  positive: "What it returns are no log-probs (logits, perhaps: vLLM wants --logprobs-mode raw_logprobs).",
  constant: "The values are made up. Score from another server.",
  floor: "The server fills in a floor. Score from another server, or without a gateway in between.",
  unordered: "The values do not follow the text. Score from another server.",
  inconsistent:
    "The scores are shifted by a token or scaled by a temperature, so a perplexity of them would be wrong. " +
    "Update the server, start it without a default temperature, or score from vLLM or SGLang.",
};

/** The most telling of what was tried, and what to do about it. */
export function scoringAdvice(tried: readonly TriedMethod[]): {
  readonly reason: string;
  readonly advice: string;
} {
  const best = [...tried].sort((a, b) => telling.indexOf(b.fault) - telling.indexOf(a.fault))[0];
  if (best === undefined) return { reason: "nothing was tried", advice: advices.refused };
  return { reason: best.reason, advice: advices[best.fault] };
}

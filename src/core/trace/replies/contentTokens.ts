import { asList, asRecord, isRecord, type JsonRecord, orNull, asString } from "../../parse.ts";
import { readLogProb, type ReplyAlternative, type ReplyToken } from "../replyToken.ts";

/**
 * Tokens of a list of objects: OpenAI chat's `logprobs.content[]`, Fireworks' new completions, llama.cpp's
 * `completion_probabilities` and `prompt_probabilities`, mlx-lm.
 * Fields: `token` (text), `logprob`, `bytes`, `id` or `token_id`, `top_logprobs[]` of the same shape.
 * Throws a FieldError where an entry is no object.
 */
export function contentTokens(value: unknown, field: string): ReplyToken[] {
  return asList(value, field).map((entry, i) =>
    contentToken(asRecord(entry, `${field}[${i}]`), `${field}[${i}]`),
  );
}

function contentToken(entry: JsonRecord, field: string): ReplyToken {
  const listed = entry["top_logprobs"] ?? entry["top_probs"];
  const top = (Array.isArray(listed) ? listed : []).filter(isRecord).map(alternative);
  const { id, text } = named(entry, field);
  return {
    id,
    text,
    bytes: readBytes(entry["bytes"]),
    special: entry["special"] === true,
    logProb: readLogProb(entry["logprob"]),
    rank: typeof entry["rank"] === "number" ? entry["rank"] : null,
    top: descending(top),
    topComplete: true,
  };
}

function alternative(entry: JsonRecord): ReplyAlternative {
  const { id, text } = named(entry, "top_logprobs");
  return { id, text: text ?? `#${id}`, logProb: readLogProb(entry["logprob"]) ?? -Infinity };
}

function named(
  entry: JsonRecord,
  field: string,
): { readonly id: number | null; readonly text: string | null } {
  const text = orNull(entry["token"] ?? entry["text"] ?? entry["tok_str"], `${field}.token`, asString);
  const id = entry["id"] ?? entry["token_id"];
  return tokenName(text, typeof id === "number" ? id : null);
}

/** `token_id:123` is an id, not a text (vLLM with `return_tokens_as_token_ids`). */
export function tokenName(
  text: string | null,
  id: number | null,
): { readonly id: number | null; readonly text: string | null } {
  const numbered = text === null ? null : /^token_id:(\d+)$/.exec(text);
  return numbered === null ? { id, text } : { id: Number(numbered[1]), text: null };
}

export function descending(top: readonly ReplyAlternative[]): readonly ReplyAlternative[] {
  const sorted = top.every((one, i) => i === 0 || (top[i - 1]?.logProb ?? 0) >= one.logProb);
  return sorted ? top : [...top].sort((a, b) => b.logProb - a.logProb);
}

function readBytes(value: unknown): readonly number[] | null {
  if (!Array.isArray(value)) return null;
  const isByte = (byte: unknown): boolean =>
    typeof byte === "number" && Number.isInteger(byte) && byte >= 0 && byte <= 255;
  return value.every(isByte) ? (value as readonly number[]) : null;
}

import { asList, asNumber } from "../../parse.ts";
import { readLogProb, type ReplyToken } from "../replyToken.ts";
import { descending } from "./contentTokens.ts";

/**
 * Tokens of SGLang's `meta_info`: `input_token_logprobs` (or `output_...`) of `[logprob, id, text or null]`, with
 * `input_top_logprobs` of lists of the same. The entry at `logprob_start_len` is always without a log-prob.
 * Throws a FieldError where they are something else.
 */
export function sglangTokens(value: unknown, tops: unknown, field: string): ReplyToken[] {
  const topLists = Array.isArray(tops) ? (tops as readonly unknown[]) : [];
  return asList(value, field).map((entry, i) => {
    const own = triple(entry, `${field}[${i}]`);
    const listed = topLists[i];
    const top = Array.isArray(listed) ? listed.map((one) => triple(one, `input_top_logprobs[${i}]`)) : [];
    return {
      id: own.id,
      text: own.text,
      bytes: null,
      special: false,
      logProb: own.logProb,
      rank: null,
      top: descending(
        top.map(({ id, text, logProb }) => ({ id, text: text ?? `#${id}`, logProb: logProb ?? -Infinity })),
      ),
      topComplete: true,
    };
  });
}

function triple(value: unknown, field: string): { logProb: number | null; id: number; text: string | null } {
  const [logProb, id, text] = asList(value, field);
  return {
    logProb: readLogProb(logProb),
    id: asNumber(id, `${field}[1]`),
    text: typeof text === "string" ? text : null,
  };
}

import { asList, asRecord, asString } from "../../parse.ts";
import { readLogProb, type ReplyToken } from "../replyToken.ts";

/** Tokens of TGI's `details.prefill` or `details.tokens`: `{id, text, logprob, special?}`. Throws a FieldError. */
export function tgiTokens(value: unknown, field: string): ReplyToken[] {
  return asList(value, field).map((one, i) => {
    const entry = asRecord(one, `${field}[${i}]`);
    return {
      id: typeof entry["id"] === "number" ? entry["id"] : null,
      text: asString(entry["text"], `${field}[${i}].text`),
      bytes: null,
      special: entry["special"] === true,
      logProb: readLogProb(entry["logprob"]),
      rank: null,
      top: [],
      topComplete: true,
    };
  });
}

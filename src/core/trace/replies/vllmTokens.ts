import { asList, asNumber, asRecord, FieldError, isRecord, type JsonRecord } from "../../parse.ts";
import { readLogProb, type ReplyToken } from "../replyToken.ts";

/**
 * Tokens of vLLM's `prompt_logprobs`: one object a token, `{"2": {logprob, rank, decoded_token}, ...}`, the first null.
 * JavaScript puts keys that look like integers in numeric order, so which entry is the prompt's own token is known by
 * its id alone: `ids` are those sent, or the reply's `prompt_token_ids`. With `null` each object must have one entry.
 * Throws a FieldError where the lists do not fit.
 */
export function vllmTokens(value: unknown, field: string, ids: readonly number[] | null): ReplyToken[] {
  const entries = asList(value, field);
  if (ids !== null && ids.length !== entries.length) {
    throw new FieldError(field, `expected ${ids.length} entries, one a prompt token, got ${entries.length}`);
  }
  return entries.map((entry, i) => tokenAt(entry, `${field}[${i}]`, ids?.[i] ?? null));
}

interface Listed {
  readonly id: number;
  readonly text: string | null;
  readonly logProb: number | null;
  readonly rank: number | null;
}

function tokenAt(entry: unknown, field: string, id: number | null): ReplyToken {
  const unscored = { bytes: null, special: false, rank: null, top: [], topComplete: true };
  if (entry === null) return { id, text: null, logProb: null, ...unscored };
  const listed = Object.entries(asRecord(entry, field)).map(([key, one]) => listedToken(key, one, field));
  const own = id === null && listed.length === 1 ? listed[0] : listed.find((one) => one.id === id);
  if (own === undefined) {
    const what =
      id === null
        ? "one entry, since the reply does not name its prompt_token_ids"
        : `an entry for token ${id}`;
    throw new FieldError(field, `expected ${what}, got ${listed.map((one) => one.id).join(", ")}`);
  }
  const byRank = listed
    .filter((one) => one !== own || own.rank === null || own.rank <= listed.length)
    .sort((a, b) => (b.logProb ?? -Infinity) - (a.logProb ?? -Infinity));
  return {
    ...unscored,
    id: own.id,
    text: own.text,
    logProb: own.logProb,
    rank: own.rank,
    top: byRank.map((one) => ({
      id: one.id,
      text: one.text ?? `#${one.id}`,
      logProb: one.logProb ?? -Infinity,
    })),
  };
}

function listedToken(key: string, value: unknown, field: string): Listed {
  // Old servers write the number alone.
  const entry: JsonRecord = isRecord(value) ? value : { logprob: value };
  const id = asNumber(Number(key), `${field} key ${JSON.stringify(key)}`);
  return {
    id,
    text: typeof entry["decoded_token"] === "string" ? entry["decoded_token"] : null,
    logProb: readLogProb(entry["logprob"]),
    rank: typeof entry["rank"] === "number" && entry["rank"] >= 1 ? entry["rank"] : null,
  };
}

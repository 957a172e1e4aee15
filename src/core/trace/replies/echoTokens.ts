import { asList, asRecord, asString, FieldError, isRecord, type JsonRecord } from "../../parse.ts";
import { readLogProb, type ReplyAlternative, type ReplyToken } from "../replyToken.ts";
import { contentTokens, descending, tokenName } from "./contentTokens.ts";

/**
 * Tokens of a completion's `logprobs`: parallel `tokens`, `token_logprobs`, `top_logprobs` (maps from text), and of some
 * hosts `token_ids` (Together, Fireworks); or the newer `content[]`. `text_offset` counts code points on some servers and
 * UTF-16 on others, and is wrong after every cut character: it is not read.
 * @param top alternatives that were asked for; `null` in a recorded reply, where it is found out
 * Throws a FieldError where the lists are not what they should be.
 */
export function echoTokens(value: unknown, field: string, top: number | null): ReplyToken[] {
  const logProbs = asRecord(value, field);
  if (Array.isArray(logProbs["content"])) return contentTokens(logProbs["content"], `${field}.content`);
  const texts = asList(logProbs["tokens"], `${field}.tokens`);
  const values = parallel(logProbs, "token_logprobs", { field, length: texts.length });
  if (values === null) throw new FieldError(`${field}.token_logprobs`, "expected list, got nothing");
  const maps = parallel(logProbs, "top_logprobs", { field, length: texts.length });
  const ids = parallel(logProbs, "token_ids", { field, length: texts.length });
  const wanted = top ?? askedFor(maps, texts, values);
  return texts.map((text, i) => {
    const written = asString(text, `${field}.tokens[${i}]`);
    const id = ids?.[i];
    const logProb = readLogProb(values[i]);
    const map = maps?.[i];
    return {
      ...tokenName(written, typeof id === "number" ? id : null),
      bytes: null,
      special: false,
      logProb,
      rank: null,
      ...(isRecord(map) ? alternatives(map, { written, logProb, wanted }) : { top: [], topComplete: true }),
    };
  });
}

function parallel(
  record: JsonRecord,
  name: string,
  { field, length }: { readonly field: string; readonly length: number },
): readonly unknown[] | null {
  const value = record[name];
  if (value === undefined || value === null) return null;
  const list = asList(value, `${field}.${name}`);
  if (list.length === length) return list;
  throw new FieldError(`${field}.${name}`, `expected ${length} values as in tokens, got ${list.length}`);
}

/** One entry more than asked for is the token itself; fewer: two tokens have the same text, and one is lost. */
function alternatives(
  map: JsonRecord,
  token: { readonly written: string; readonly logProb: number | null; readonly wanted: number },
): Pick<ReplyToken, "top" | "topComplete"> {
  const listed: ReplyAlternative[] = [];
  for (const [text, value] of Object.entries(map)) {
    const logProb = readLogProb(value);
    const name = tokenName(text, null);
    if (logProb !== null) listed.push({ id: name.id, text: name.text ?? text, logProb });
  }
  const sorted = descending(listed);
  const last = sorted.at(-1);
  const isExtra = sorted.length > token.wanted && last !== undefined && last.text === token.written;
  const top = isExtra ? sorted.slice(0, -1) : sorted;
  return { top, topComplete: top.length >= token.wanted };
}

/**
 * How many alternatives were asked for, from positions whose own token is the likeliest: there it is among them, and their
 * number is exact. Without such a position it cannot be known, and no list counts as complete.
 */
function askedFor(
  maps: readonly unknown[] | null,
  texts: readonly unknown[],
  values: readonly unknown[],
): number {
  const counts = new Map<number, number>();
  for (const [i, map] of (maps ?? []).entries()) {
    if (!isRecord(map) || !(String(texts[i]) in map)) continue;
    const listed = Object.values(map).filter((value) => typeof value === "number");
    if (listed.length === 0 || Number(values[i]) < Math.max(...listed)) continue;
    counts.set(listed.length, (counts.get(listed.length) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? Infinity;
}

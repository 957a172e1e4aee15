import { responseText } from "../dataset/questionText.ts";
import { atPath, FieldError, isRecord, type JsonRecord } from "../parse.ts";
import { contentTokens } from "./replies/contentTokens.ts";
import { echoTokens } from "./replies/echoTokens.ts";
import { recordedReplies } from "./replies/recordedReply.ts";
import { readLogProb, type ReplyToken } from "./replyToken.ts";

/** Log-probs of a trace that stand in a record of a file: no endpoint is needed to show them. */
export interface FileScore {
  /** The field they stand in, e.g. `generation_logprobs`. */
  readonly field: string;
  /** Whose they are, as far as the format says: `engine` (while sampling), `trainer`, `reference`, or `null`. */
  readonly by: "engine" | "trainer" | "reference" | null;
  /** The trace; `null` where the tokens spell it. */
  readonly text: string | null;
  readonly tokens: readonly ReplyToken[];
  readonly notes: readonly string[];
}

/**
 * Every list of log-probs in a record of a rollout file. NeMo-RL: `generation_logprobs` and `prev_logprobs` over prompt
 * and response; verifiers: `nodes[].logprobs`, `reference_logprobs`; OpenAI chat `logprobs.content` at the top or in
 * `choices`, `output.choices` (Inspect), `response.body` (batch); `{tokens, token_logprobs}`; NeMo-Skills' `tokens` with
 * `logprobs`; recorded replies of servers. Empty where there are none.
 * Throws a FieldError for lists that do not fit together.
 */
export function fileScores(record: unknown): readonly FileScore[] {
  if (!isRecord(record)) return [];
  const nemo = nemoRlScores(record);
  if (nemo.length > 0) return nemo;
  const nodes = verifiersScores(record);
  if (nodes.length > 0) return nodes;
  const own = ownLogProbs(record);
  if (own !== null) return [own];
  const output = record["output"];
  const replies = [...recordedReplies(record), ...(isRecord(output) ? recordedReplies(output) : [])];
  return replies.map(({ scope, text, tokens }) => ({
    field: "logprobs",
    by: scope === "generated" ? "engine" : null,
    text,
    tokens,
    notes: [],
  }));
}

const plain = (logProb: unknown, id: unknown, text: string | null): ReplyToken => ({
  id: typeof id === "number" ? id : null,
  text,
  bytes: null,
  special: false,
  logProb: readLogProb(logProb),
  rank: null,
  top: [],
  topComplete: true,
});

/** `logprobs` beside the text: chat's `{content}`, completions' lists, a list of entries, or parallel to `tokens`. */
function ownLogProbs(record: JsonRecord): FileScore | null {
  const value = record["logprobs"];
  const text = responseField(record);
  const score = (tokens: readonly ReplyToken[]): FileScore => ({
    field: "logprobs",
    by: "engine",
    text,
    tokens,
    notes: [],
  });
  if (isRecord(value) && (Array.isArray(value["content"]) || Array.isArray(value["tokens"]))) {
    return score(echoTokens(value, "logprobs", null));
  }
  if (!Array.isArray(value) || value.length === 0) return null;
  if (value.every(isRecord))
    return "logprob" in (value[0] ?? {}) ? score(contentTokens(value, "logprobs")) : null;
  const names = record["tokens"] ?? record["token_ids"] ?? record["completion_ids"];
  if (!value.every((one) => one === null || typeof one === "number" || typeof one === "string")) return null;
  const list = Array.isArray(names) ? sameLength(names, value.length, "tokens") : null;
  return score(
    value.map((logProb, i) => plain(logProb, list?.[i], typeof list?.[i] === "string" ? list[i] : null)),
  );
}

const responseNames = "response completion output generation output_response text content answer_text".split(
  " ",
);

function responseField(record: JsonRecord): string | null {
  for (const name of responseNames) {
    const text = record[name] === undefined ? null : responseText(record[name]);
    if (text !== null) return text;
  }
  return null;
}

function sameLength(list: readonly unknown[], length: number, field: string): readonly unknown[] {
  if (list.length === length) return list;
  throw new FieldError(field, `expected ${length} values, one a log-prob, got ${list.length}`);
}

/** A public consumer's test writes `[[...]]`: a list of one list is taken as that list. */
function unwrapped(value: unknown): readonly unknown[] | null {
  if (!Array.isArray(value)) return null;
  return value.length === 1 && Array.isArray(value[0]) ? (value[0] as readonly unknown[]) : value;
}

function nemoRlScores(record: JsonRecord): FileScore[] {
  const fields = [
    { field: "generation_logprobs", by: "engine" },
    { field: "prev_logprobs", by: "trainer" },
  ] as const;
  return fields.flatMap(({ field, by }) => {
    const list = unwrapped(record[field]);
    return list === null ? [] : [nemoRlScore(record, { list, field, by })];
  });
}

interface NemoList {
  readonly list: readonly unknown[];
  readonly field: string;
  readonly by: "engine" | "trainer";
}

/** The lists cover the prompt too, with 0.0 there: `token_loss_mask` says where the response is, else the leading zeros. */
function nemoRlScore(record: JsonRecord, { list, field, by }: NemoList): FileScore {
  const ids = unwrapped(record["token_ids"]);
  const mask = unwrapped(record["token_loss_mask"]);
  const named = ids === null ? null : sameLength(ids, list.length, "token_ids");
  const marked = mask === null ? null : sameLength(mask, list.length, "token_loss_mask");
  const first = list.findIndex((value) => value !== 0);
  const own = (i: number): boolean =>
    marked === null ? i >= first && first !== -1 : Number(marked[i]) === 1;
  const tokens = list.flatMap((value, i) => (own(i) ? [plain(value, named?.[i], null)] : []));
  const note = `The ${first} zeros at the start of ${field} are taken as the prompt's: the record has no token_loss_mask.`;
  return {
    field,
    by,
    text: lastMessage(record["content"]),
    tokens,
    notes: marked === null && first > 0 ? [note] : [],
  };
}

function lastMessage(content: unknown): string | null {
  const list = unwrapped(content);
  if (list === null) return typeof content === "string" ? content : null;
  const last: unknown = list.at(-1);
  return typeof last === "string" ? last : responseText(last);
}

/** One score for each sampled node of each trace; an episode holds several traces. */
function verifiersScores(record: JsonRecord): FileScore[] {
  const traces = Array.isArray(record["traces"]) ? record["traces"] : [record];
  return traces.flatMap((trace, t) => {
    const nodes =
      isRecord(trace) && Array.isArray(trace["nodes"]) ? (trace["nodes"] as readonly unknown[]) : [];
    return nodes.flatMap((node, n) => (isRecord(node) ? nodeScores(node, `traces[${t}].nodes[${n}]`) : []));
  });
}

function nodeScores(node: JsonRecord, field: string): FileScore[] {
  if (node["sampled"] !== true) return [];
  const lists = [
    { name: "logprobs", by: "engine" },
    { name: "reference_logprobs", by: "reference" },
  ] as const;
  return lists.flatMap(({ name, by }) => {
    const list = node[name];
    if (!Array.isArray(list) || list.length === 0) return [];
    const all = Array.isArray(node["token_ids"]) ? (node["token_ids"] as readonly unknown[]) : null;
    const mask = Array.isArray(node["mask"]) ? (node["mask"] as readonly unknown[]) : null;
    // The mask marks the sampled ids; log-probs cover either all ids or those alone.
    const masked = mask === null ? all : (all?.filter((_, i) => mask[i] === true) ?? null);
    const ids = all?.length === list.length ? all : masked?.length === list.length ? masked : null;
    const tokens = list.flatMap((logProb, i) =>
      mask !== null && mask.length === list.length && mask[i] !== true
        ? []
        : [plain(logProb, ids?.[i], null)],
    );
    const text = responseText(atPath(node, "message"));
    return [{ field: `${field}.${name}`, by, text, tokens, notes: [] }];
  });
}

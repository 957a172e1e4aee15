import {
  asBoolean,
  asInteger,
  asList,
  asNumber,
  asOneOf,
  asRecord,
  asString,
  FieldError,
  orNull,
} from "../parse.ts";
import type { ScoredTrace, ScorerFacts, ScoringMethod, UnitColumns } from "./scoredTrace.ts";

/** Grows when the meaning of a field changes; readers refuse a newer one. */
const traceVersion = 1;

/** A scored trace as plain JSON, columns as lists; no log-prob is `null`, a floor `"-inf"`. */
export function encodeTrace({ text, tokens, units, scorer }: ScoredTrace): Readonly<Record<string, unknown>> {
  const { alternatives } = tokens;
  return {
    v: traceVersion,
    text,
    scorer,
    ids: [...tokens.ids],
    texts: tokens.texts,
    logProbs: [...tokens.logProbs].map(encodeLogProb),
    ranks: [...tokens.ranks],
    ends: [...units.ends],
    firstTokens: [...units.firstTokens],
    top: {
      offsets: [...alternatives.offsets],
      ids: [...alternatives.ids],
      texts: alternatives.texts,
      logProbs: [...alternatives.logProbs].map(encodeLogProb),
      incomplete: [...alternatives.complete.keys()].filter((i) => alternatives.complete[i] === 0),
    },
  };
}

const encodeLogProb = (value: number): number | string | null =>
  Number.isNaN(value) ? null : value === -Infinity ? "-inf" : value;

/** Reads what `encodeTrace` wrote. Throws a FieldError for anything else, also for columns that do not fit together. */
export function decodeTrace(value: unknown): ScoredTrace {
  const record = asRecord(value, "");
  const version = asInteger(record["v"], "v", 1);
  if (version > traceVersion) throw new FieldError("v", `expected at most ${traceVersion}, got ${version}`);
  const text = asString(record["text"], "text");
  const logProbs = decodeLogProbs(record["logProbs"], "logProbs");
  const count = logProbs.length;
  const top = asRecord(record["top"], "top");
  const offsets = Uint32Array.from(whole(top["offsets"], "top.offsets"));
  const topLogProbs = decodeLogProbs(top["logProbs"], "top.logProbs");
  const complete = new Uint8Array(count).fill(1);
  for (const i of whole(top["incomplete"], "top.incomplete")) complete[i] = 0;
  fits(offsets.length, count + 1, "top.offsets");
  fits(topLogProbs.length, offsets.at(-1) ?? 0, "top.logProbs");
  return {
    text,
    scorer: decodeScorer(record["scorer"]),
    units: decodeUnits(record, text, count),
    tokens: {
      ids: Int32Array.from(fits(whole(record["ids"], "ids"), count, "ids")),
      texts: fits(strings(record["texts"], "texts"), count, "texts"),
      logProbs,
      ranks: Int32Array.from(fits(whole(record["ranks"], "ranks"), count, "ranks")),
      alternatives: {
        offsets,
        ids: Int32Array.from(fits(whole(top["ids"], "top.ids"), topLogProbs.length, "top.ids")),
        texts: fits(strings(top["texts"], "top.texts"), topLogProbs.length, "top.texts"),
        logProbs: topLogProbs,
        complete,
      },
    },
  };
}

function decodeUnits(record: Readonly<Record<string, unknown>>, text: string, count: number): UnitColumns {
  const ends = Uint32Array.from(whole(record["ends"], "ends"));
  const firstTokens = Uint32Array.from(whole(record["firstTokens"], "firstTokens"));
  fits(firstTokens.length, ends.length + 1, "firstTokens");
  fits(firstTokens.at(-1) ?? -1, count, "firstTokens, the last");
  if (ends.length > 0) fits(ends.at(-1) ?? -1, text.length, "ends, the last");
  return { starts: Uint32Array.from(ends, (_, i) => ends[i - 1] ?? 0), ends, firstTokens };
}

function fits<T extends number | { readonly length: number }>(value: T, expected: number, field: string): T {
  const got = typeof value === "number" ? value : value.length;
  if (got !== expected) throw new FieldError(field, `expected ${expected}, got ${got}`);
  return value;
}

const whole = (value: unknown, field: string): readonly number[] =>
  asList(value, field).map((one) => asInteger(one, field, Number.MIN_SAFE_INTEGER));
const strings = (value: unknown, field: string): readonly string[] =>
  asList(value, field).map((one) => asString(one, field));

function decodeLogProbs(value: unknown, field: string): Float64Array {
  const list = asList(value, field);
  return Float64Array.from(list, (one) =>
    one === null ? Number.NaN : one === "-inf" ? -Infinity : asNumber(one, field),
  );
}

export const methods: readonly ScoringMethod[] = [
  "vllmPromptLogProbs",
  "vllmChatPromptLogProbs",
  "sglangGenerate",
  "openAiEcho",
  "togetherEcho",
  "tgiPrefill",
  "llamaCppForced",
  "file",
];

function decodeScorer(value: unknown): ScorerFacts {
  const facts = asRecord(value, "scorer");
  const field = (name: string): readonly [unknown, string] => [facts[name], `scorer.${name}`];
  const [window] = field("window");
  const sizes = orNull(window, "scorer.window", asRecord);
  return {
    source: asString(...field("source")),
    model: asString(...field("model")),
    method: asOneOf(facts["method"], methods, "scorer.method"),
    logProbKind: asOneOf(facts["logProbKind"], ["raw", "processed", "unknown"], "scorer.logProbKind"),
    tokenisation: asOneOf(facts["tokenisation"], ["ids", "text"], "scorer.tokenisation"),
    top: asInteger(...field("top")),
    vocabularySize: orNull(facts["vocabularySize"], "scorer.vocabularySize", asInteger),
    window:
      sizes === null
        ? null
        : {
            tokens: asInteger(sizes["tokens"], "scorer.window"),
            stride: asInteger(sizes["stride"], "scorer.window"),
          },
    boundaryMerged: asBoolean(...field("boundaryMerged")),
    alignment: asOneOf(facts["alignment"], ["exact", "detokenised", "none"], "scorer.alignment"),
    notes: strings(...field("notes")),
  };
}

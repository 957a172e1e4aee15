import { alignTokens, type AlignmentFailure, type TokenAlignment } from "./alignTokens.ts";
import { displayUnits } from "./displayUnits.ts";
import type { ReplyToken } from "./replyToken.ts";
import type {
  AlternativeColumns,
  ScoredTrace,
  ScorerFacts,
  TokenColumns,
  UnitColumns,
} from "./scoredTrace.ts";

/** What the caller knows of the scorer; the rest is found by laying the tokens over the text. */
export type GivenFacts = Omit<ScorerFacts, "boundaryMerged" | "alignment">;

export type BuiltTrace =
  | { readonly kind: "built"; readonly trace: ScoredTrace }
  | { readonly kind: "failed"; readonly failure: AlignmentFailure };

/**
 * A trace of the tokens that are its own (the prompt's are not among them). Tokens that do not tile the text, of a
 * tokenizer that normalises it, give a trace of their own text, labelled as such; tokens without texts one without
 * ranges: scores are not thrown away. Fails for a text with a lone surrogate alone.
 */
export function traceOfTokens(text: string, tokens: readonly ReplyToken[], facts: GivenFacts): BuiltTrace {
  const aligned = alignTokens(text, tokens);
  if (aligned.kind === "tiled") {
    const units = displayUnits(text, aligned, tokens);
    const scorer: ScorerFacts = { ...facts, boundaryMerged: false, alignment: "exact" };
    return { kind: "built", trace: { text, tokens: columnsOf(tokens), units, scorer } };
  }
  if (aligned.failure.code === "loneSurrogate") return { kind: "failed", failure: aligned.failure };
  if (aligned.failure.code === "textsMissing")
    return { kind: "built", trace: unaligned(text, tokens, facts) };
  return { kind: "built", trace: detokenised(tokens, facts, aligned.failure) };
}

/**
 * A trace of the tokens of prompt and text together, as a server tokenised them: the trace begins with the first token
 * that ends behind the prompt. One that holds the end of the prompt as well counts to the trace, and is labelled.
 */
export function traceAfterPrompt(
  { prompt, text }: { readonly prompt: string; readonly text: string },
  tokens: readonly ReplyToken[],
  facts: GivenFacts,
): BuiltTrace {
  if (prompt === "") return traceOfTokens(text, tokens, facts);
  const aligned = alignTokens(prompt + text, tokens);
  if (aligned.kind === "failed") return aligned;
  const skipped = new TextEncoder().encode(prompt).length;
  const first = aligned.ends.findIndex((end) => end > skipped);
  if (first === -1) return traceOfTokens(text, [], facts);
  const own = tokens.slice(first);
  const rest: TokenAlignment & { readonly kind: "tiled" } = {
    kind: "tiled",
    bytes: aligned.bytes.subarray(skipped),
    ends: aligned.ends.subarray(first).map((end) => end - skipped),
  };
  const boundaryMerged = (aligned.ends[first - 1] ?? 0) < skipped;
  const notes = boundaryMerged
    ? [...facts.notes, "The first token holds the end of the prompt as well."]
    : facts.notes;
  const scorer: ScorerFacts = { ...facts, notes, boundaryMerged, alignment: "exact" };
  return {
    kind: "built",
    trace: { text, tokens: columnsOf(own), units: displayUnits(text, rest, own), scorer },
  };
}

function unaligned(text: string, tokens: readonly ReplyToken[], facts: GivenFacts): ScoredTrace {
  const note = "The tokens came without their texts, so the scores cannot be laid over the text.";
  return {
    text,
    tokens: columnsOf(tokens),
    units: {
      starts: Uint32Array.of(0),
      ends: Uint32Array.of(text.length),
      firstTokens: Uint32Array.of(0, tokens.length),
    },
    scorer: { ...facts, notes: [...facts.notes, note], boundaryMerged: false, alignment: "none" },
  };
}

function detokenised(
  tokens: readonly ReplyToken[],
  facts: GivenFacts,
  failure: AlignmentFailure,
): ScoredTrace {
  const texts = tokens.map((token) => token.text ?? "");
  let end = 0;
  const ends = Uint32Array.from(texts, (text) => (end += text.length));
  const units: UnitColumns = {
    starts: Uint32Array.from(ends, (_, i) => ends[i - 1] ?? 0),
    ends,
    firstTokens: Uint32Array.from({ length: tokens.length + 1 }, (_, i) => i),
  };
  const note = `The text is shown as the scorer's tokens spell it, because they do not tile the given text (${failure.message}).`;
  const scorer: ScorerFacts = {
    ...facts,
    notes: [...facts.notes, note],
    boundaryMerged: false,
    alignment: "detokenised",
  };
  return { text: texts.join(""), tokens: columnsOf(tokens), units, scorer };
}

function columnsOf(tokens: readonly ReplyToken[]): TokenColumns {
  return {
    ids: Int32Array.from(tokens, (token) => token.id ?? -1),
    texts: tokens.map((token) => token.text ?? ""),
    logProbs: Float64Array.from(tokens, (token) => token.logProb ?? Number.NaN),
    ranks: Int32Array.from(tokens, rankOf),
    alternatives: alternativesOf(tokens),
  };
}

/** Plain loops: 131,072 tokens with 20 alternatives each are 2.6 million entries. */
function alternativesOf(tokens: readonly ReplyToken[]): AlternativeColumns {
  const total = tokens.reduce((sum, token) => sum + token.top.length, 0);
  const offsets = new Uint32Array(tokens.length + 1);
  const complete = new Uint8Array(tokens.length);
  const [ids, logProbs] = [new Int32Array(total), new Float64Array(total)];
  const texts: string[] = [];
  let at = 0;
  for (const [i, token] of tokens.entries()) {
    for (const one of token.top) {
      ids[at] = one.id ?? -1;
      logProbs[at] = one.logProb;
      texts.push(one.text);
      at += 1;
    }
    offsets[i + 1] = at;
    complete[i] = token.topComplete ? 1 : 0;
  }
  return { offsets, ids, texts, logProbs, complete };
}

/** The server's own rank, else the place among the alternatives; -k where the token is not among k complete ones. */
function rankOf(token: ReplyToken): number {
  if (token.rank !== null) return token.rank;
  if (token.top.length === 0 || token.logProb === null) return 0;
  const place = token.top.findIndex((one) =>
    one.id !== null && token.id !== null
      ? one.id === token.id
      : one.text === token.text && near(one.logProb, token),
  );
  if (!token.topComplete) return 0;
  return place === -1 ? -token.top.length : place + 1;
}

/** Texts alone do not tell two tokens apart (all cut characters read U+FFFD). */
const near = (logProb: number, token: ReplyToken): boolean =>
  logProb === token.logProb || Math.abs(logProb - (token.logProb ?? 0)) < 1e-3;

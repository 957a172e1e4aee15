import { asList, asNumber, asRecord, atPath, FieldError } from "../../core/parse.ts";
import { alignTokens } from "../../core/trace/alignTokens.ts";
import type { ReplyToken } from "../../core/trace/replyToken.ts";
import { contentTokens } from "../../core/trace/replies/contentTokens.ts";
import {
  type AdapterCall,
  numbersOf,
  type RawScores,
  type ScoreAdapter,
  type ScoreInput,
  wrongInput,
} from "./adapter.ts";

/** A bias that no logit overcomes; the log-prob that is read out does not see it. */
const forcingBias = 1000;

/**
 * llama.cpp has no log-probs of a prompt, but those it reports of a generated token are of the raw logits, before bias
 * and sampling: so each token of the trace is forced in turn by a bias and read out. One short request a token, with the
 * prefix in the server's cache. A reply for another token than the forced one is an error.
 */
export const llamaCppForced: ScoreAdapter = {
  method: "llamaCppForced",
  takes: ["text", "ids"],
  slow: true,
  async score(input, call) {
    if (input.kind === "chat") throw wrongInput("llamaCppForced", input.kind);
    const pieces = await piecesOf(input, call);
    const ids = pieces.map((piece) => piece.id as number);
    const first = input.kind === "ids" ? input.promptTokens : firstOwn(input, pieces);
    const tokens: ReplyToken[] = pieces.slice(0, Math.max(1, first));
    for (let i = tokens.length; i < ids.length; i += 1) {
      const scored = await forced(ids, i, call);
      // The tokenizer's piece has the exact bytes.
      tokens.push({
        ...scored,
        text: pieces[i]?.text ?? scored.text,
        bytes: pieces[i]?.bytes ?? scored.bytes,
      });
    }
    return {
      tokens,
      skip: input.kind === "ids" ? input.promptTokens : null,
      prompt: null,
      counted: null,
    } satisfies RawScores;
  },
  async write(prompt, { wire, signal }) {
    const body = { prompt, n_predict: 3, temperature: 0, n_probs: 1, cache_prompt: true };
    const reply = await wire.post("//completion", body, signal);
    const field = "completion_probabilities";
    return { prompt, tokens: contentTokens(atPath(reply, field), field), promptIds: null };
  },
  tokenize: async (text, call) => (await tokenPieces(text, call)).map((piece) => piece.id as number),
};

async function forced(
  ids: readonly number[],
  i: number,
  { wire, signal, top }: AdapterCall,
): Promise<ReplyToken> {
  const id = ids[i] as number;
  const body = {
    prompt: ids.slice(0, i),
    n_predict: 1,
    temperature: 0,
    n_probs: Math.max(1, top),
    cache_prompt: true,
    logit_bias: [[id, forcingBias]],
  };
  const field = "completion_probabilities";
  const reply = await wire.post("//completion", body, signal);
  const token = contentTokens(atPath(reply, field), field)[0];
  if (token?.id === id) return token;
  throw new FieldError(`${field}[0].id`, `expected the forced token ${id}, got ${token?.id ?? "none"}`);
}

async function piecesOf(input: ScoreInput, call: AdapterCall): Promise<readonly ReplyToken[]> {
  if (input.kind === "text") return tokenPieces(input.prompt + input.text, call);
  if (input.kind === "chat") throw wrongInput("llamaCppForced", input.kind);
  return input.ids.map((id) => pieceToken(id, null));
}

async function tokenPieces(text: string, { wire, signal }: AdapterCall): Promise<readonly ReplyToken[]> {
  const body = { content: text, add_special: true, parse_special: true, with_pieces: true };
  const reply = await wire.post("//tokenize", body, signal);
  return asList(atPath(reply, "tokens"), "tokens").map((one, i) => {
    const entry = asRecord(one, `tokens[${i}]`);
    return pieceToken(asNumber(entry["id"], `tokens[${i}].id`), entry["piece"]);
  });
}

/** A piece is text, or bytes where they are no text. */
function pieceToken(id: number, piece: unknown): ReplyToken {
  const text = typeof piece === "string" ? piece : null;
  const plain = { special: false, logProb: null, rank: null, top: [], topComplete: true };
  return { id, text, bytes: numbersOf(piece), ...plain };
}

/** The first token that ends behind the prompt. */
function firstOwn(input: ScoreInput & { readonly kind: "text" }, pieces: readonly ReplyToken[]): number {
  const aligned = alignTokens(input.prompt + input.text, pieces);
  if (aligned.kind === "failed") return 1;
  const skipped = new TextEncoder().encode(input.prompt).length;
  const first = aligned.ends.findIndex((end) => end > skipped);
  return first === -1 ? pieces.length : first;
}

import type { PositionScores, TokenScore } from "../sampler.ts";
import type { Tokenizer } from "../tokenizer.ts";
import type { GenerationRequest } from "./generationRequest.ts";

/** JSON has no infinities: vLLM's stand-in. */
const lowest = -9999;
const finite = ({ logProb }: TokenScore): number => Math.max(logProb, lowest);

/** Offsets are counted as Python counts. */
export const codePoints = (text: string): number => Array.from(text).length;

type Request = Pick<GenerationRequest, "tokensAsIds" | "model">;

const nameOf = (token: number, { tokensAsIds, model }: Request): string =>
  tokensAsIds ? `token_id:${token}` : model.tokenizer.stringOf(token);

/** The token itself, then the likeliest ones. */
const withOwn = (scores: PositionScores): readonly TokenScore[] => [
  scores,
  ...scores.top.filter(({ token }) => token !== scores.token),
];

/**
 * `logprobs` of a completion: four lists, one entry a token.
 * @param offset code points of the text before the first token
 */
export function completionLogProbs(
  tokens: readonly number[],
  scores: readonly (PositionScores | null)[],
  request: Request,
  offset: number,
): object {
  let at = offset;
  return {
    text_offset: tokens.map(
      (token) => (at += codePoints(nameOf(token, request))) - codePoints(nameOf(token, request)),
    ),
    token_logprobs: scores.map((one) => (one === null ? null : finite(one))),
    tokens: tokens.map((token) => nameOf(token, request)),
    top_logprobs: scores.map((one) =>
      one === null
        ? null
        : Object.fromEntries(withOwn(one).map((score) => [nameOf(score.token, request), finite(score)])),
    ),
  };
}

/** `logprobs` of a chat choice: one object a token with its alternatives. */
export function chatLogProbs(scores: readonly PositionScores[], request: Request): object {
  const entry = (score: TokenScore): object => {
    const token = nameOf(score.token, request);
    return { token, logprob: finite(score), bytes: [...Buffer.from(token)] };
  };
  return { content: scores.map((one) => ({ ...entry(one), top_logprobs: one.top.map(entry) })) };
}

/** `prompt_logprobs`: `null` for the first token, then an object by token id. */
export function promptLogProbs(
  scores: readonly (PositionScores | null)[],
  tokenizer: Tokenizer,
): readonly (object | null)[] {
  const entry = (score: TokenScore): readonly [string, object] => [
    String(score.token),
    { logprob: finite(score), rank: score.rank, decoded_token: tokenizer.stringOf(score.token) },
  ];
  return scores.map((one) => (one === null ? null : Object.fromEntries(withOwn(one).map(entry))));
}

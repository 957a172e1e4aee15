import { SeededRandom } from "../core/estimate/seededRandom.ts";
import type { PositionScores, Sampling } from "./sampler.ts";

/** One text to be sampled, and who hears of it. */
export interface SequenceRequest {
  /** At least one token. */
  readonly prompt: readonly number[];
  readonly sampling: Sampling;
  /** Decides the draws together with `stream`, whatever else is sampled at the time. */
  readonly seed: number;
  /** Different for different models and prompts: samples of equal seeds are independent. */
  readonly stream: number;
  /** 0: the prompt is scored and nothing is drawn. */
  readonly maxTokens: number;
  /** So many tokens are drawn before an end token may be. */
  readonly minTokens: number;
  readonly endTokens: ReadonlySet<number>;
  /** How many of the likeliest tokens are wanted beside each drawn one; `null`: no log-probs. */
  readonly logProbs: number | null;
  /** The same for the tokens of the prompt. */
  readonly promptLogProbs: number | null;
  readonly listener: SequenceListener;
}

export interface SequenceListener {
  /** One entry a token of the prompt, `null` for the first. Only where `promptLogProbs` were asked for. */
  scored(scores: readonly (PositionScores | null)[]): void;
  /** @returns whether the text ends here */
  token(token: number, scores: PositionScores | null): boolean;
  /** `endToken`: the token that ended the text, which `token` did not get. */
  end(
    reason: "stop" | "length",
    endToken: { readonly id: number; readonly scores: PositionScores | null } | null,
  ): void;
}

/** A request under way. */
export class Sequence {
  readonly request: SequenceRequest;
  readonly random: SeededRandom;
  /** Drawn so far. */
  count = 0;
  last = 0;
  slot = 0;
  cancelled = false;

  constructor(request: SequenceRequest) {
    this.request = request;
    this.random = new SeededRandom(request.seed, request.stream);
  }

  /** Nothing more is heard of it. */
  cancel(): void {
    this.cancelled = true;
  }
}

/** 32 bits of a model's name and a prompt (FNV-1a). */
export function streamOf(model: string, prompt: readonly number[]): number {
  let hash = 0x811c9dc5;
  const add = (value: number): void => {
    hash = Math.imul(hash ^ value, 0x01000193);
  };
  for (let at = 0; at < model.length; at += 1) add(model.charCodeAt(at));
  for (const token of prompt) add(token + 0x10000);
  return hash;
}

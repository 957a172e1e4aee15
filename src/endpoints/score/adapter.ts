import type { ChatMessage } from "../../core/run/generate.ts";
import type { CancelSignal } from "../../core/ports.ts";
import type { ReplyToken } from "../../core/trace/replyToken.ts";
import type { ScoringMethod } from "../../core/trace/scoredTrace.ts";
import type { ScoreWire } from "./scoreWire.ts";

/** One text to be scored, as an adapter can send it. */
export type ScoreInput =
  | { readonly kind: "ids"; readonly ids: readonly number[]; readonly promptTokens: number }
  | { readonly kind: "text"; readonly prompt: string; readonly text: string }
  | { readonly kind: "chat"; readonly messages: readonly ChatMessage[]; readonly text: string };

export interface AdapterCall {
  readonly wire: ScoreWire;
  readonly signal: CancelSignal;
  /** Alternatives with each token. */
  readonly top: number;
}

/** What a server said of a text, before it is laid over it. */
export interface RawScores {
  readonly tokens: readonly ReplyToken[];
  /** Leading tokens that are the prompt's; `null`: found by laying the tokens over prompt and text. */
  readonly skip: number | null;
  /** What stands before the text, where the server put it there (a chat template). */
  readonly prompt: string | null;
  /** Prompt tokens by the server's own count, where it says. */
  readonly counted: number | null;
}

/** A short text that the server wrote, with its own log-probs: to be scored again. */
export interface Written {
  readonly prompt: string;
  readonly tokens: readonly ReplyToken[];
  /** Ids of the prompt, where the server says them. */
  readonly promptIds: readonly number[] | null;
}

/**
 * One way to get the log-probs of given text. Every method rejects with EndpointError, or FieldError for a reply of
 * another shape.
 */
export interface ScoreAdapter {
  readonly method: ScoringMethod;
  readonly takes: readonly ScoreInput["kind"][];
  /** One request a token: never without being asked for. */
  readonly slow?: boolean;
  score(input: ScoreInput, call: AdapterCall): Promise<RawScores>;
  /** Continues a prompt greedily by three tokens with log-probs. */
  write(prompt: string, call: AdapterCall): Promise<Written>;
  /** The scorer's own ids of a text with what it puts before it; `null` where it does not say. */
  tokenize?(text: string, call: AdapterCall): Promise<readonly number[] | null>;
}

export const firstOf = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);

export const numbersOf = (value: unknown): readonly number[] | null =>
  Array.isArray(value) && value.every((one) => typeof one === "number") ? value : null;

/** What the person wrote cannot be sent this way: a bug of ours, not the server's. */
export const wrongInput = (method: ScoringMethod, kind: string): Error =>
  new Error(`${method} cannot score ${kind}`);

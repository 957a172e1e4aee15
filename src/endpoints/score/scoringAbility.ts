import type { ScoringMethod } from "../../core/trace/scoredTrace.ts";

/** What was wrong with what a server gave as log-probs. */
export type ScoreFault =
  | "refused" // the server said no
  | "ignored" // the reply has no log-probs of the prompt
  | "malformed" // a page, or another shape
  | "count" // not one entry a token
  | "misaligned" // the tokens are not those of the text that was sent
  | "nulls" // none, or more than the first, came without a log-prob
  | "floor" // -9999 or -inf on ordinary text
  | "positive"
  | "constant"
  | "inconsistent" // not what the server gives the same tokens when it writes them
  | "unordered"; // shuffled words are as likely as the sentence

export interface TriedMethod {
  readonly method: ScoringMethod;
  readonly fault: ScoreFault;
  /** A phrase for the person. */
  readonly reason: string;
}

/** Whether an endpoint's log-probs of given text can be trusted, as its answers showed. */
export type ScoringAbility =
  | {
      readonly state: "ok";
      /** For prompts as text or ids. */
      readonly method: ScoringMethod;
      /** For chats, where that works too. */
      readonly chat: boolean;
      readonly takesIds: boolean;
      /** Alternatives that come with a token at most, up to what was asked for. */
      readonly top: number;
      /** Largest |scored - generated| over the checked tokens, in nats; `null`: checked by shuffled words instead. */
      readonly largestDelta: number | null;
      readonly maxModelLength: number | null;
      readonly tried: readonly TriedMethod[];
    }
  | {
      readonly state: "no";
      readonly reason: string;
      /** What to do, in a sentence. */
      readonly advice: string;
      readonly tried: readonly TriedMethod[];
    }
  /** The server was not reached, or let nobody in: says nothing of its abilities. */
  | { readonly state: "unknown"; readonly reason: string };

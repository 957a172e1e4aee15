import type { PositionScores } from "../sampler.ts";
import type { SequenceListener } from "../sequence.ts";
import type { GenerationRequest, Prompt } from "./generationRequest.ts";
import { codePoints } from "./logProbs.ts";

/** What a choice has to say since it last spoke. */
export interface Delta {
  readonly text: string;
  readonly tokens: readonly number[];
  readonly scores: readonly PositionScores[];
  /** Code points of the choice's text before this. */
  readonly offset: number;
  readonly first: boolean;
  readonly last: boolean;
}

/** One text in the making: tokens become text, stop strings end it. */
export class Choice implements SequenceListener {
  readonly index: number;
  readonly prompt: Prompt;
  readonly tokens: number[] = [];
  readonly scores: PositionScores[] = [];
  promptScores: readonly (PositionScores | null)[] | null = null;
  text = "";
  finishReason: "stop" | "length" | null = null;
  /** The stop string or the id of the stop token that ended it. */
  stopReason: string | number | null = null;
  private readonly request: GenerationRequest;
  private readonly onTurn: (choice: Choice) => void;
  private readonly interval: number;
  private readonly heldBack: number;
  private readonly longestStop: number;
  private toldTokens = 0;
  private toldText = 0;
  private spoke = false;

  /** @param onTurn called when there is something to send: at the end, and in a stream on the way */
  constructor(
    place: { readonly index: number; readonly prompt: Prompt; readonly streamInterval: number },
    request: GenerationRequest,
    onTurn: (choice: Choice) => void,
  ) {
    this.index = place.index;
    this.prompt = place.prompt;
    this.interval = request.stream ? (request.streamInterval ?? place.streamInterval) : Infinity;
    this.request = request;
    this.onTurn = onTurn;
    this.longestStop = Math.max(0, ...request.stop.map(({ length }) => length));
    this.heldBack = request.includeStop ? 0 : Math.max(0, this.longestStop - 1);
  }

  scored(scores: readonly (PositionScores | null)[]): void {
    this.promptScores = scores;
  }

  token(token: number, scores: PositionScores | null): boolean {
    this.push(token, scores);
    const { tokenizer } = this.request.model;
    const before = this.text.length;
    this.text += tokenizer.decode([token], this.request);
    if (this.stops(before)) return true;
    if (this.tokens.length === 1 || this.tokens.length - this.toldTokens >= this.interval)
      if (this.request.stream) this.onTurn(this);
    return false;
  }

  end(
    reason: "stop" | "length",
    endToken: { readonly id: number; readonly scores: PositionScores | null } | null,
  ): void {
    if (endToken !== null) {
      this.push(endToken.id, endToken.scores);
      if (!this.request.model.config.eosTokenIds.includes(endToken.id)) this.stopReason = endToken.id;
      if (this.request.includeStop)
        this.text += this.request.model.tokenizer.decode([endToken.id], this.request);
    }
    this.finishReason = reason;
    this.onTurn(this);
  }

  /** Everything since the last call. */
  take(): Delta {
    const last = this.finishReason !== null;
    const until = last ? this.text.length : Math.max(this.toldText, this.text.length - this.heldBack);
    const delta = {
      text: this.text.slice(this.toldText, until),
      tokens: this.tokens.slice(this.toldTokens),
      scores: this.scores.slice(this.toldTokens),
      offset: codePoints(this.text.slice(0, this.toldText)),
      first: !this.spoke,
      last,
    };
    this.spoke = true;
    this.toldText = until;
    this.toldTokens = this.tokens.length;
    return delta;
  }

  private push(token: number, scores: PositionScores | null): void {
    this.tokens.push(token);
    if (scores !== null) this.scores.push(scores);
  }

  /** Cuts the text at the first stop string that `before` and what came after it hold. */
  private stops(before: number): boolean {
    const { stop, includeStop, minTokens } = this.request;
    if (stop.length === 0 || this.tokens.length < minTokens) return false;
    const from = Math.max(0, before - this.longestStop + 1);
    let first: { readonly at: number; readonly text: string } | null = null;
    for (const text of stop) {
      const at = this.text.indexOf(text, from);
      if (at !== -1 && (first === null || at < first.at)) first = { at, text };
    }
    if (first === null) return false;
    this.text = this.text.slice(0, first.at + (includeStop ? first.text.length : 0));
    this.stopReason = first.text;
    return true;
  }
}

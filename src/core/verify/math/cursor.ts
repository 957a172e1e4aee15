import type { Expression } from "./expression.ts";
import { maxDepth, Undecided } from "./limits.ts";
import type { Token, TokenType } from "./tokens.ts";

class Unreadable extends Error {
  override readonly name = "Unreadable";
}

/**
 * The text is not an answer in our grammar. Caught where a reading is tried; nobody sees it. Readings are given up by the
 * hundred and a stack trace costs more than the reading, so there is one of it for all of them.
 */
export const unreadable = new Unreadable();

/** The rules that other rules call back into; given once, so that the files of the grammar need not import each other in circles. */
export interface Grammar {
  readonly list: (cursor: Cursor) => Expression;
  readonly relation: (cursor: Cursor) => Expression;
  readonly sum: (cursor: Cursor) => Expression;
  readonly tight: (cursor: Cursor) => Expression;
  readonly power: (cursor: Cursor) => Expression;
}

/** A place in the tokens of one answer. */
export class Cursor {
  readonly grammar: Grammar;
  /** Inside a trigonometric function, where degrees are an angle and no unit. */
  inAngle = false;
  /** Words that were left out: units and courtesies. */
  readonly dropped: string[] = [];
  readonly #tokens: Token[];
  #at = 0;
  #depth = 0;
  /** Above 0: a bar closes something and cannot open an absolute value after an operand. */
  #barCloses = 0;

  constructor(tokens: readonly Token[], grammar: Grammar) {
    this.#tokens = [...tokens];
    this.grammar = grammar;
  }

  peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }

  get previous(): Token | undefined {
    return this.#tokens[this.#at - 1];
  }

  get atEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  get barCloses(): boolean {
    return this.#barCloses > 0;
  }

  next(): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw unreadable;
    this.#at += 1;
    return token;
  }

  is(text: string, ahead = 0, type: TokenType = "mark"): boolean {
    const token = this.peek(ahead);
    return token !== undefined && token.text === text && token.type === type;
  }

  take(text: string, type: TokenType = "mark"): boolean {
    if (!this.is(text, 0, type)) return false;
    this.#at += 1;
    return true;
  }

  /** Takes the closing mark; one that is missing at the very end is forgiven (a cut-off box). */
  close(text: string): void {
    if (!this.take(text) && !this.atEnd) throw unreadable;
  }

  /** Leaves all but the first digit of the number here, as TeX does with `\frac12`. */
  takeDigit(): string {
    const token = this.next();
    if (token.text.length === 1) return token.text;
    this.#at -= 1;
    this.#tokens[this.#at] = { ...token, text: token.text.slice(1), spaced: false };
    return token.text[0]!;
  }

  nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > maxDepth) throw new Undecided("nested too deeply");
    try {
      return read();
    } finally {
      this.#depth -= 1;
    }
  }

  /** Reads with bars closing (inside an absolute value or a set-builder), or opening again (inside brackets). */
  withBars<T>(closing: boolean, read: () => T): T {
    const before = this.#barCloses;
    this.#barCloses = closing ? before + 1 : 0;
    try {
      return read();
    } finally {
      this.#barCloses = before;
    }
  }

  /** Tries a reading; where it is `unreadable` the cursor is back at its place. */
  attempt<T>(read: () => T): T | null {
    const [at, depth, dropped] = [this.#at, this.#depth, this.dropped.length];
    try {
      return read();
    } catch (error) {
      if (error !== unreadable) throw error;
      this.#at = at;
      this.#depth = depth;
      this.dropped.length = dropped;
      return null;
    }
  }

  /** How far ahead the bracket that opens here is closed, or -1. */
  closingAhead(open: string, close: string): number {
    let depth = 0;
    for (let k = 0; ; k += 1) {
      const token = this.peek(k);
      if (token === undefined) return -1;
      if (token.type !== "mark") continue;
      if (token.text === open) depth += 1;
      else if (token.text === close && --depth === 0) return k;
    }
  }
}

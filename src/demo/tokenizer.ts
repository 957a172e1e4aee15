import { LensError } from "../core/errors.ts";
import { badModelCode } from "./llamaConfig.ts";

interface TokenizerFile {
  readonly added_tokens?: readonly {
    readonly id: number;
    readonly content: string;
    readonly special: boolean;
  }[];
  readonly pre_tokenizer?: { readonly type: string; readonly pattern?: { readonly Regex?: string } } | null;
  readonly model: {
    readonly type: string;
    readonly vocab: Readonly<Record<string, number>>;
    readonly unk_token?: string;
  };
}

/**
 * A word-level tokenizer of Hugging Face (`tokenizer.json`): the text is cut by one pattern, each piece is a token or
 * unknown. The strings of a text's tokens, put together, are the text.
 */
export class Tokenizer {
  readonly vocabSize: number;
  private readonly ids: ReadonlyMap<string, number>;
  private readonly strings: readonly string[];
  private readonly special: ReadonlySet<number>;
  private readonly specialStrings: readonly string[];
  private readonly pattern: RegExp;
  private readonly unknown: number;

  /** @throws LensError `badDemoModel` */
  constructor(json: string, where: string) {
    const file = JSON.parse(json) as TokenizerFile;
    const pattern = file.pre_tokenizer?.pattern?.Regex;
    const { type, vocab, unk_token: unknown } = file.model;
    if (type !== "WordLevel" || file.pre_tokenizer?.type !== "Split" || pattern === undefined)
      throw new LensError(badModelCode, `${where}: expected a WordLevel model after a Split by a pattern`);
    const added = file.added_tokens ?? [];
    this.ids = new Map([...Object.entries(vocab), ...added.map(({ content, id }) => [content, id] as const)]);
    const strings: string[] = [];
    for (const [text, id] of this.ids) strings[id] = text;
    this.strings = strings;
    this.vocabSize = strings.length;
    const special = added.filter((token) => token.special);
    this.special = new Set(special.map(({ id }) => id));
    this.specialStrings = special.map(({ content }) => content);
    this.pattern = new RegExp(pattern, "gu");
    this.unknown = this.ids.get(unknown ?? "") ?? -1;
  }

  /** Special tokens that stand in the text as words are those tokens, as with Hugging Face. */
  encode(text: string): number[] {
    const tokens: number[] = [];
    let at = 0;
    for (const { start, id, end } of this.specialsIn(text)) {
      this.encodePlain(text.slice(at, start), tokens);
      tokens.push(id);
      at = end;
    }
    this.encodePlain(text.slice(at), tokens);
    return tokens;
  }

  decode(tokens: readonly number[], { skipSpecial }: { readonly skipSpecial: boolean }): string {
    return tokens
      .map((token) => (skipSpecial && this.special.has(token) ? "" : this.stringOf(token)))
      .join("");
  }

  /** As it stands in the vocabulary; empty for an id that is not in it. */
  stringOf(token: number): string {
    return this.strings[token] ?? "";
  }

  isSpecial(token: number): boolean {
    return this.special.has(token);
  }

  private encodePlain(text: string, tokens: number[]): void {
    for (const [piece] of text.matchAll(this.pattern)) {
      const id = this.ids.get(piece) ?? this.unknown;
      if (id >= 0) tokens.push(id);
    }
  }

  private specialsIn(text: string): { readonly start: number; readonly end: number; readonly id: number }[] {
    const found = [];
    for (let at = 0; at < text.length;) {
      const next = this.specialStrings
        .map((content) => ({ content, start: text.indexOf(content, at) }))
        .filter(({ start }) => start !== -1)
        .sort((a, b) => a.start - b.start || b.content.length - a.content.length)[0];
      if (next === undefined) break;
      at = next.start + next.content.length;
      found.push({ start: next.start, end: at, id: this.ids.get(next.content)! });
    }
    return found;
  }
}

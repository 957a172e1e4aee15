import type { KeyValueCache } from "./keyValueCache.ts";
import type { Sequence } from "./sequence.ts";

/** A prompt's keys and values, computed once for all sequences that begin with it. */
export interface Prompt {
  readonly key: string;
  readonly tokens: readonly number[];
  readonly slot: number;
  /** Logits of every position are kept, not those of the last one alone. */
  readonly scored: boolean;
  /** Positions computed so far. */
  computed: number;
  /** Of the last position, or of all of them where `scored`. */
  logits: Float32Array;
  /** Sequences that begin when it is computed. */
  waiting: Sequence[];
  /** Sequences that read it. */
  users: number;
}

/** The prompts of a model: those in use, and the last ones that were. */
export class PromptCache {
  private readonly slots: KeyValueCache;
  private readonly limit: number;
  /** By key, the one used last at the end. */
  private readonly prompts = new Map<string, Prompt>();
  private scoredCount = 0;

  constructor(slots: KeyValueCache, limit: number) {
    this.slots = slots;
    this.limit = limit;
  }

  /** The prompt, known or new, with one user more; `null` when all places are in use. */
  acquire(tokens: readonly number[], scored: boolean): Prompt | null {
    // Scoring wants the logits of every position: as with vLLM, it does not read the cache.
    const key = scored ? `scored ${(this.scoredCount += 1)}` : tokens.join();
    const known = this.prompts.get(key);
    if (known === undefined && this.prompts.size >= this.limit && !this.evict()) return null;
    const prompt = known ?? {
      key,
      tokens,
      scored,
      slot: this.slots.take(),
      computed: 0,
      logits: new Float32Array(0),
      waiting: [],
      users: 0,
    };
    prompt.users += 1;
    this.prompts.delete(key);
    this.prompts.set(key, prompt);
    return prompt;
  }

  release(prompt: Prompt): void {
    prompt.users -= 1;
    if (prompt.users === 0 && (prompt.scored || prompt.computed < prompt.tokens.length)) this.drop(prompt);
  }

  private evict(): boolean {
    const unused = [...this.prompts.values()].find(({ users }) => users === 0);
    if (unused !== undefined) this.drop(unused);
    return unused !== undefined;
  }

  private drop(prompt: Prompt): void {
    this.prompts.delete(prompt.key);
    this.slots.release(prompt.slot);
  }
}

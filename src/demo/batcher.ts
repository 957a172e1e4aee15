import { PromptCache, type Prompt } from "./promptCache.ts";
import { Sampler, scoresAt, type PositionScores } from "./sampler.ts";
import type { Sequence } from "./sequence.ts";
import type { Row, Transformer } from "./transformer.ts";

/** Sequences of one model that are sampled at the same time. */
const maxRunning = 128;
/** Prompt positions that are computed beside them in one step. */
const prefillRows = 64;
const maxPrompts = 160;
export const maxRows = maxRunning + prefillRows;

interface Running {
  readonly sequence: Sequence;
  readonly prompt: Prompt;
}

/** Continuous batching of one model (Yu et al. 2022, "Orca"): sequences come and go at every step. */
export class Batcher {
  private readonly transformer: Transformer;
  private readonly sampler: Sampler;
  private readonly prompts: PromptCache;
  private queue: Sequence[] = [];
  private queueStart = 0;
  private running: Running[] = [];
  /** Prompts being computed, first come first. */
  private computing: Prompt[] = [];
  private admitted = 0;
  private readonly vocabSize: number;

  constructor(transformer: Transformer) {
    this.transformer = transformer;
    this.vocabSize = transformer.config.vocabSize;
    this.sampler = new Sampler(this.vocabSize);
    this.prompts = new PromptCache(transformer.cache, maxPrompts);
  }

  add(sequence: Sequence): void {
    this.queue.push(sequence);
  }

  get busy(): boolean {
    return this.queueStart < this.queue.length || this.admitted > 0;
  }

  /** Computes one batch and hands out what was drawn. */
  step(): void {
    this.sweep();
    this.admit();
    const { running } = this;
    const rows: Row[] = running.map(nextRow);
    const parts = this.prefill(rows);
    if (rows.length === 0) return;
    const logits = this.transformer.forward(rows);
    this.running = [];
    for (const [index, one] of running.entries())
      this.draw(one, logits, index * this.transformer.logitStride);
    let at = running.length * this.transformer.logitStride;
    for (const { prompt, count, wanted } of parts) {
      this.computed(prompt, count, logits.subarray(at, at + wanted * this.transformer.logitStride));
      at += wanted * this.transformer.logitStride;
    }
  }

  /** Lets go of what nobody waits for any more. */
  private sweep(): void {
    if (this.running.some(({ sequence }) => sequence.cancelled)) {
      for (const one of this.running) if (one.sequence.cancelled) this.leave(one);
      this.running = this.running.filter(({ sequence }) => !sequence.cancelled);
    }
    for (const prompt of this.computing) {
      const gone = prompt.waiting.filter(({ cancelled }) => cancelled);
      if (gone.length === 0) continue;
      prompt.waiting = prompt.waiting.filter(({ cancelled }) => !cancelled);
      for (const sequence of gone) this.leave({ sequence, prompt });
    }
    this.computing = this.computing.filter(({ users }) => users > 0);
  }

  private admit(): void {
    while (this.admitted < maxRunning && this.queueStart < this.queue.length) {
      const sequence = this.queue[this.queueStart]!;
      if (!sequence.cancelled && !this.begin(sequence)) break;
      this.queueStart += 1;
    }
    if (this.queueStart < this.queue.length && this.queueStart < 1024) return;
    this.queue = this.queue.slice(this.queueStart);
    this.queueStart = 0;
  }

  /** @returns false while there is no place for its prompt */
  private begin(sequence: Sequence): boolean {
    const { prompt: tokens, promptLogProbs } = sequence.request;
    const prompt = this.prompts.acquire(tokens, promptLogProbs !== null);
    if (prompt === null) return false;
    this.admitted += 1;
    sequence.slot = this.transformer.cache.take();
    if (prompt.computed === tokens.length) this.first({ sequence, prompt });
    else {
      if (prompt.users === 1) this.computing.push(prompt);
      prompt.waiting.push(sequence);
    }
    return true;
  }

  /** Adds rows of prompts to the batch. */
  private prefill(
    rows: Row[],
  ): { readonly prompt: Prompt; readonly count: number; readonly wanted: number }[] {
    const parts = [];
    for (const prompt of this.computing) {
      const { tokens, computed, slot, scored } = prompt;
      const count = Math.min(tokens.length - computed, this.transformer.maxRows - rows.length);
      if (count === 0) break;
      const end = computed + count;
      for (let position = computed; position < end; position += 1) {
        const wanted = scored || position === tokens.length - 1;
        rows.push({ token: tokens[position]!, position, slot, sharedSlot: slot, shared: 0, wanted });
      }
      parts.push({ prompt, count, wanted: scored ? count : end === tokens.length ? 1 : 0 });
    }
    return parts;
  }

  private computed(prompt: Prompt, count: number, logits: Float32Array): void {
    prompt.computed += count;
    prompt.logits = prompt.scored ? joined(prompt.logits, logits) : logits.slice();
    if (prompt.computed < prompt.tokens.length) return;
    this.computing = this.computing.filter((other) => other !== prompt);
    for (const sequence of prompt.waiting.splice(0)) this.first({ sequence, prompt });
  }

  /** The prompt is known: its log-probs are told and the first token is drawn. */
  private first(one: Running): void {
    const { sequence, prompt } = one;
    if (sequence.cancelled) return this.leave(one);
    const { promptLogProbs, maxTokens, listener } = sequence.request;
    if (promptLogProbs !== null) listener.scored(this.promptScores(prompt, promptLogProbs));
    if (maxTokens > 0)
      return this.draw(one, prompt.logits, prompt.logits.length - this.transformer.logitStride);
    this.leave(one);
    listener.end("length", null);
  }

  private promptScores({ tokens, logits }: Prompt, top: number): (PositionScores | null)[] {
    const { logitStride } = this.transformer;
    const options = { size: this.vocabSize, top };
    return tokens.map((token, position) =>
      position === 0 ? null : scoresAt(logits, (position - 1) * logitStride, token, options),
    );
  }

  private draw(one: Running, logits: Float32Array, at: number): void {
    const { sequence } = one;
    if (sequence.cancelled) return this.leave(one);
    const { request } = sequence;
    const { endTokens, listener, logProbs: top, maxTokens } = request;
    const early = sequence.count < request.minTokens && endTokens.size > 0;
    const row = early ? without(logits, at, endTokens, this.vocabSize) : logits;
    const token = this.sampler.draw(row, early ? 0 : at, request.sampling, sequence.random);
    const scores = top === null ? null : scoresAt(logits, at, token, { size: this.vocabSize, top });
    sequence.count += 1;
    sequence.last = token;
    if (endTokens.has(token)) {
      this.leave(one);
      return listener.end("stop", { id: token, scores });
    }
    const stopped = listener.token(token, scores);
    if (!stopped && sequence.count < maxTokens) {
      this.running.push(one);
      return;
    }
    this.leave(one);
    listener.end(stopped ? "stop" : "length", null);
  }

  private leave({ sequence, prompt }: Running): void {
    this.admitted -= 1;
    this.transformer.cache.release(sequence.slot);
    this.prompts.release(prompt);
  }
}

function nextRow({ sequence, prompt }: Running): Row {
  const shared = prompt.tokens.length;
  const position = shared + sequence.count - 1;
  return {
    token: sequence.last,
    position,
    slot: sequence.slot,
    sharedSlot: prompt.slot,
    shared,
    wanted: true,
  };
}

function joined(first: Float32Array, second: Float32Array): Float32Array {
  const all = new Float32Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

function without(logits: Float32Array, at: number, tokens: ReadonlySet<number>, size: number): Float32Array {
  const row = logits.slice(at, at + size);
  for (const token of tokens) row[token] = -Infinity;
  return row;
}

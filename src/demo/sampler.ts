import type { SeededRandom } from "../core/estimate/seededRandom.ts";

/** How the next token is drawn, as vLLM has it: temperature, then top-k, then top-p, then min-p. */
export interface Sampling {
  /** Below 1e-5: the likeliest token, the first of equals. */
  readonly temperature: number;
  readonly topP: number;
  /** 0 or -1: all. */
  readonly topK: number;
  /** Tokens below this share of the likeliest one's probability are left out. */
  readonly minP: number;
  /** Added to logits, by token id. */
  readonly logitBias: ReadonlyMap<number, number> | null;
}

/** The log-probability of one token among all, temperature and filters not applied: as vLLM's `raw_logprobs`. */
export interface TokenScore {
  readonly token: number;
  /** Nats. */
  readonly logProb: number;
  /** 1: no token is likelier. */
  readonly rank: number;
}

/** A token with the likeliest ones at its place. */
export interface PositionScores extends TokenScore {
  readonly top: readonly TokenScore[];
}

const greedyBelow = 1e-5;

/** Draws tokens. One per model: it keeps scratch of the vocabulary's size. */
export class Sampler {
  private readonly size: number;
  /** Probabilities of the last draw, up to a factor. */
  private readonly weights: Float64Array;
  /** Those not taken yet. */
  private readonly left: Float64Array;

  constructor(vocabSize: number) {
    this.size = vocabSize;
    this.weights = new Float64Array(vocabSize);
    this.left = new Float64Array(vocabSize);
  }

  /** @param at where the row begins in `logits` */
  draw(logits: Float32Array, at: number, sampling: Sampling, random: SeededRandom): number {
    const biased = sampling.logitBias === null ? null : withBias(logits, at, sampling.logitBias, this.size);
    const [row, start] = biased === null ? [logits, at] : [biased, 0];
    if (sampling.temperature < greedyBelow) return likeliest(row, start, this.size);
    return this.pick(this.fill(row, start, sampling), random.uniform());
  }

  /** The exact distribution that `draw` draws from. */
  distribution(logits: Float32Array, at: number, sampling: Sampling): Float64Array {
    const total = this.fill(logits, at, sampling);
    return this.weights.map((weight) => weight / total);
  }

  /** @returns the sum of the weights that were kept */
  private fill(logits: Float32Array, at: number, sampling: Sampling): number {
    const { weights, size } = this;
    let most = -Infinity;
    for (let token = 0; token < size; token += 1) most = Math.max(most, logits[at + token]!);
    let total = 0;
    for (let token = 0; token < size; token += 1)
      total += weights[token] = Math.exp((logits[at + token]! - most) / sampling.temperature);
    const { topK, topP, minP } = sampling;
    const cutsK = topK > 0 && topK < size;
    return cutsK || topP < 1 || minP > 0 ? this.cut(total, sampling) : total;
  }

  /** Takes the likeliest one by one: a trained model's nucleus has few, and sorting them all costs more than the draw. */
  private cut(total: number, { topK, topP, minP }: Sampling): number {
    const { weights, left, size } = this;
    const most = topK > 0 ? Math.min(topK, size) : size;
    left.set(weights);
    weights.fill(0);
    const all = most < size ? largestSum(left.slice(), most) : total;
    let kept = 0;
    let least = 0;
    for (let count = 0; count < most; count += 1) {
      const token = largest(left);
      const weight = left[token]!;
      // The nucleus ends with the token that reaches top-p; the likeliest one is always in it.
      if (count > 0 && (kept >= topP * all || weight < least)) break;
      if (count === 0) least = minP * weight;
      weights[token] = weight;
      left[token] = -1;
      kept += weight;
    }
    return kept;
  }

  private pick(total: number, uniform: number): number {
    const { weights, size } = this;
    let rest = uniform * total;
    let last = 0;
    for (let token = 0; token < size; token += 1) {
      const weight = weights[token]!;
      if (weight === 0) continue;
      last = token;
      rest -= weight;
      if (rest < 0) return token;
    }
    return last;
  }
}

/** Index of the largest, the first of equals. */
function largest(values: Float64Array): number {
  let best = 0;
  for (let at = 1; at < values.length; at += 1) if (values[at]! > values[best]!) best = at;
  return best;
}

/** Sum of the `count` largest; `values` are used up. */
function largestSum(values: Float64Array, count: number): number {
  let sum = 0;
  for (let taken = 0; taken < count; taken += 1) {
    const at = largest(values);
    sum += values[at]!;
    values[at] = -1;
  }
  return sum;
}

function likeliest(logits: Float32Array, at: number, size: number): number {
  let best = 0;
  for (let token = 1; token < size; token += 1) if (logits[at + token]! > logits[at + best]!) best = token;
  return best;
}

function withBias(
  logits: Float32Array,
  at: number,
  bias: ReadonlyMap<number, number>,
  size: number,
): Float32Array {
  const row = logits.slice(at, at + size);
  for (const [token, add] of bias) row[token] = row[token]! + add;
  return row;
}

/**
 * log softmax at one row: of `token`, and of the `top` likeliest (-1: of all).
 * @param size tokens of the vocabulary
 */
export function scoresAt(
  logits: Float32Array,
  at: number,
  token: number,
  { size, top }: { readonly size: number; readonly top: number },
): PositionScores {
  let most = -Infinity;
  for (let other = 0; other < size; other += 1) most = Math.max(most, logits[at + other]!);
  let sum = 0;
  for (let other = 0; other < size; other += 1) sum += Math.exp(logits[at + other]! - most);
  const shift = most + Math.log(sum);
  const own = logits[at + token]!;
  let rank = 1;
  for (let other = 0; other < size; other += 1) if (logits[at + other]! > own) rank += 1;
  const order = top === 0 ? [] : Array.from({ length: size }, (_, other) => other);
  order.sort((a, b) => logits[at + b]! - logits[at + a]! || a - b);
  const best = order.slice(0, top < 0 ? size : top);
  return {
    token,
    logProb: own - shift,
    rank,
    top: best.map((other, place) => ({
      token: other,
      logProb: logits[at + other]! - shift,
      rank: place + 1,
    })),
  };
}

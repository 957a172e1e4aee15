import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "../../src/core/estimate/seededRandom.ts";
import { Batcher, maxRows } from "../../src/demo/batcher.ts";
import { Sampler, scoresAt, type Sampling } from "../../src/demo/sampler.ts";
import { Sequence, streamOf, type SequenceRequest } from "../../src/demo/sequence.ts";
import { Transformer } from "../../src/demo/transformer.ts";
import { demoConfig, kernelModule, randomTensors } from "./randomModel.ts";
import { referenceLogits } from "./referenceLlama.ts";

const tensors = randomTensors(demoConfig, 21);
const size = demoConfig.vocabSize;
const promptTokens = [4, 15, 17, 20, 20, 3, 5, 49, 3];
const plain: Sampling = { temperature: 1, topP: 1, topK: 0, minP: 0, logitBias: null };

const newBatcher = (): Batcher =>
  new Batcher(
    new Transformer({ config: demoConfig, tensors, module: kernelModule(), maxPositions: 64, maxRows }),
  );

/** Samples to the end; the tokens of each request. */
function sampled(requests: readonly Partial<SequenceRequest>[], batcher = newBatcher()): number[][] {
  const texts = requests.map(() => [] as number[]);
  for (const [index, fields] of requests.entries()) {
    const prompt = fields.prompt ?? promptTokens;
    const request: SequenceRequest = {
      prompt,
      sampling: plain,
      seed: index,
      stream: streamOf("model", prompt),
      maxTokens: 20,
      minTokens: 0,
      endTokens: new Set([1]),
      logProbs: null,
      promptLogProbs: null,
      listener: {
        scored: () => undefined,
        token: (token) => {
          texts[index]!.push(token);
          return false;
        },
        end: () => undefined,
      },
      ...fields,
    };
    batcher.add(new Sequence(request));
  }
  while (batcher.busy) batcher.step();
  return texts;
}

/** From the formulas: temperature, then the smallest set of likeliest tokens that reaches top-p. */
function exactDistribution(logits: readonly number[], { temperature, topP }: Sampling): number[] {
  const most = Math.max(...logits);
  const weights = logits.map((value) => Math.exp((value - most) / temperature));
  const total = weights.reduce((sum, value) => sum + value, 0);
  const order = weights.map((_, token) => token).sort((a, b) => weights[b]! - weights[a]!);
  const kept = new Set<number>();
  let mass = 0;
  for (const token of order) {
    if (mass >= topP) break;
    kept.add(token);
    mass += weights[token]! / total;
  }
  return weights.map((value, token) => (kept.has(token) ? value / total / mass : 0));
}

/** Upper tail of the chi-square distribution by the normal approximation of Wilson and Hilferty (1931). */
function chiSquareTail(statistic: number, degrees: number): number {
  const spread = 2 / (9 * degrees);
  const z = ((statistic / degrees) ** (1 / 3) - (1 - spread)) / Math.sqrt(spread);
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const poly =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
  return z > 0 ? tail : 1 - tail;
}

function fit(counts: readonly number[], expected: readonly number[]): number {
  let statistic = 0;
  let degrees = -1;
  let [rareSeen, rareExpected] = [0, 0];
  for (const [token, share] of expected.entries()) {
    if (share < 5) {
      rareSeen += counts[token]!;
      rareExpected += share;
      continue;
    }
    statistic += (counts[token]! - share) ** 2 / share;
    degrees += 1;
  }
  if (rareExpected >= 1) {
    statistic += (rareSeen - rareExpected) ** 2 / rareExpected;
    degrees += 1;
  }
  return chiSquareTail(statistic, degrees);
}

describe("frequencies of what is drawn against the exact distribution", () => {
  const draws = 8000;
  const first = referenceLogits(promptTokens, demoConfig, tensors).at(-1)!;
  const batcher = newBatcher();
  for (const temperature of [0.6, 1])
    for (const topP of [0.95, 1])
      it(`T = ${temperature}, top-p = ${topP}: chi-square of the first token, and of the second after its likeliest`, () => {
        const sampling = { ...plain, temperature, topP };
        const requests = Array.from({ length: draws }, () => ({
          sampling,
          maxTokens: 2,
          endTokens: new Set<number>(),
        }));
        const drawn = sampled(requests, batcher);
        const counts = Array<number>(size).fill(0);
        for (const [token] of drawn) counts[token!]! += 1;
        const exact = exactDistribution(first, sampling);
        for (const [token, share] of exact.entries()) if (share === 0) assert.equal(counts[token], 0);
        assert.ok(
          fit(
            counts,
            exact.map((share) => share * draws),
          ) > 0.001,
        );
        const likely = exact.indexOf(Math.max(...exact));
        const after = drawn.filter(([token]) => token === likely).map(([, second]) => second!);
        const seconds = Array<number>(size).fill(0);
        for (const token of after) seconds[token]! += 1;
        const logits = referenceLogits([...promptTokens, likely], demoConfig, tensors).at(-1)!;
        const expected = exactDistribution(logits, sampling).map((share) => share * after.length);
        assert.ok(fit(seconds, expected) > 0.001);
        // The test can tell: frequencies of a slightly other temperature do not pass.
        const wrong = exactDistribution(first, { ...sampling, temperature: temperature * 1.2 });
        assert.ok(
          fit(
            counts,
            wrong.map((share) => share * draws),
          ) < 1e-4,
        );
      });
});

describe("continuous batching", () => {
  const request = { seed: 77, maxTokens: 40 };

  it("draws the same alone, beside 300 others of other prompts and lengths, and when it comes late", () => {
    const [alone] = sampled([request]);
    const others = Array.from({ length: 300 }, (_, at) => ({
      prompt: promptTokens.slice(0, 1 + (at % 9)),
      maxTokens: 1 + (at % 41),
      sampling: { ...plain, temperature: 0.5 + (at % 3) },
    }));
    assert.deepEqual(sampled([request, ...others])[0], alone);
    assert.deepEqual(sampled([...others, request]).at(-1), alone);
  });

  it("draws independently for equal seeds under other prompts and models", () => {
    const streams = [
      streamOf("base", [1, 2]),
      streamOf("rl", [1, 2]),
      streamOf("base", [2, 1]),
      streamOf("base", [1]),
    ];
    assert.equal(new Set(streams).size, 4);
    const texts = sampled(streams.map((stream) => ({ ...request, stream })));
    assert.equal(new Set(texts.map(String)).size, 4);
  });

  it("lets go of what was cancelled and serves the rest", () => {
    const batcher = newBatcher();
    const [expected] = sampled([{ seed: 3 }]);
    const gone = Array.from({ length: 200 }, (_, seed) => {
      const never = (): never => assert.fail("nothing is heard of what was cancelled");
      const listener = { scored: never, token: () => false, end: never };
      const sequence = new Sequence({
        prompt: promptTokens,
        sampling: plain,
        seed,
        stream: 0,
        maxTokens: 50,
        minTokens: 50,
        endTokens: new Set(),
        logProbs: null,
        promptLogProbs: null,
        listener,
      });
      batcher.add(sequence);
      return sequence;
    });
    for (let step = 0; step < 3; step += 1) batcher.step();
    for (const sequence of gone) sequence.cancel();
    batcher.step();
    assert.equal(batcher.busy, false);
    assert.deepEqual(sampled([{ seed: 3 }], batcher)[0], expected);
  });
});

describe("filters and scores", () => {
  const logits = Float32Array.from([0, 3, 1, 2, 3, -1]);
  const sampler = new Sampler(6);
  const kept = (fields: Partial<Sampling>): number[] =>
    [...sampler.distribution(logits, 0, { ...plain, ...fields })].flatMap((share, token) =>
      share > 0 ? token : [],
    );

  it("top-k, top-p and min-p keep the likeliest, at least one", () => {
    assert.deepEqual(kept({ topK: 3 }), [1, 3, 4]);
    assert.deepEqual(kept({ topP: 1e-9 }), [1]);
    assert.deepEqual(kept({ topP: 0.5 }), [1, 4]);
    assert.deepEqual(kept({ minP: 0.3 }), [1, 3, 4]);
    assert.deepEqual(kept({ topK: 2, topP: 0.4 }), [1]);
    assert.deepEqual(kept({}), [0, 1, 2, 3, 4, 5]);
  });

  it("greedy takes the first of equals", () => {
    assert.equal(sampler.draw(logits, 0, { ...plain, temperature: 0 }, new SeededRandom(1)), 1);
    const biased = { ...plain, temperature: 0, logitBias: new Map([[5, 10]]) };
    assert.equal(sampler.draw(logits, 0, biased, new SeededRandom(1)), 5);
  });

  it("ranks count what is likelier", () => {
    const of = (token: number): number => scoresAt(logits, 0, token, { size: 6, top: 0 }).rank;
    assert.deepEqual([0, 1, 2, 3, 4, 5].map(of), [5, 1, 4, 3, 1, 6]);
  });
});

// Mean token entropy of a demo model's texts, from all logits of every token: no server, no scoring, no code of `core/trace`.
import { join } from "node:path";
import { type DemoModel, openDemoModel } from "../../src/demo/demoModel.ts";
import { Engine } from "../../src/demo/engine.ts";
import type { PositionScores } from "../../src/demo/sampler.ts";
import { streamOf } from "../../src/demo/sequence.ts";
import { kernelModule } from "../demo/randomModel.ts";
import { root } from "../paths.ts";

export interface ExactEntropy {
  /** Nats a token, the end token among them. */
  readonly mean: number;
  /** Over texts, as of a ratio; texts of one prompt are taken as unrelated, which is on the safe side. */
  readonly standardError: number;
  readonly texts: number;
}

export interface Texts {
  readonly prompts: readonly string[];
  readonly textsEach: number;
  readonly temperature: number;
  readonly maxTokens: number;
  /** Of the first text of each prompt; the others follow. */
  readonly seed: number;
}

/** The demo models that were asked for so far; top-p is 1. */
export class ExactEntropies {
  readonly #module = kernelModule();
  readonly #models = new Map<string, DemoModel>();

  async measure(name: string, texts: Texts): Promise<ExactEntropy> {
    const model = this.#models.get(name) ?? openDemoModel(join(root, "media/demo", name), name, this.#module);
    this.#models.set(name, model);
    const sums = await drawn(model, texts);
    const tokens = sums.reduce((sum, text) => sum + text.tokens, 0);
    const mean = sums.reduce((sum, text) => sum + text.entropy, 0) / tokens;
    const squares = sums.reduce((sum, text) => sum + (text.entropy - mean * text.tokens) ** 2, 0);
    return { mean, standardError: Math.sqrt(squares) / tokens, texts: sums.length };
  }
}

interface TextSum {
  tokens: number;
  entropy: number;
}

function drawn(model: DemoModel, texts: Texts): Promise<readonly TextSum[]> {
  const prompts = texts.prompts.map((prompt) => model.tokenizer.encode(prompt));
  return new Promise((resolve, reject) => {
    const engine = new Engine(reject);
    const all = prompts.flatMap((prompt) =>
      Array.from({ length: texts.textsEach }, (_, copy) =>
        sampled({ engine, model, prompt }, texts, texts.seed + copy),
      ),
    );
    Promise.all(all).then(resolve, reject);
  });
}

interface Place {
  readonly engine: Engine;
  readonly model: DemoModel;
  readonly prompt: readonly number[];
}

function sampled(
  { engine, model, prompt }: Place,
  { temperature, maxTokens }: Texts,
  seed: number,
): Promise<TextSum> {
  const text: TextSum = { tokens: 0, entropy: 0 };
  const add = (scores: PositionScores | null): void => {
    if (scores === null) throw new Error("a token came without its scores");
    text.tokens += 1;
    text.entropy += entropyAt(scores.top, temperature);
  };
  return new Promise((resolve) => {
    engine.start(model, {
      prompt,
      sampling: { temperature, topP: 1, topK: 0, minP: 0, logitBias: null },
      seed,
      stream: streamOf(model.name, prompt),
      maxTokens,
      minTokens: 0,
      endTokens: new Set(model.config.eosTokenIds),
      logProbs: -1,
      promptLogProbs: null,
      listener: {
        scored: () => undefined,
        token: (_, scores) => {
          add(scores);
          return false;
        },
        end: (_, endToken) => {
          if (endToken !== null) add(endToken.scores);
          resolve(text);
        },
      },
    });
  });
}

/** Of q = p^(1/T) / sum p^(1/T), all tokens listed. */
function entropyAt(all: PositionScores["top"], temperature: number): number {
  const powers = all.map(({ logProb }) => Math.exp(logProb / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.reduce((total, power) => {
    const q = power / sum;
    return q > 0 ? total - q * Math.log(q) : total;
  }, 0);
}

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { memorySource } from "../../src/core/dataset/memorySource.ts";
import { readDataset } from "../../src/core/dataset/readDataset.ts";
import { countdownVerifier } from "../../src/core/verify/countdown/countdownVerifier.ts";
import { openDemoModel, type DemoModel } from "../../src/demo/demoModel.ts";
import { modelNames } from "../../src/demo/demoFiles.ts";
import { readSafetensors } from "../../src/demo/safetensors.ts";
import { Sequence } from "../../src/demo/sequence.ts";
import { Tokenizer } from "../../src/demo/tokenizer.ts";
import { root } from "../paths.ts";
import { kernelModule } from "./randomModel.ts";

/** A line of test/fixtures/demo/traces.jsonl, written by `python -m train.reference`. */
interface RecordedTrace {
  readonly model: string;
  /** Place in countdown.jsonl. */
  readonly problem: number;
  readonly ids: readonly number[];
  readonly text: string;
  /** Of transformers in fp32, of the tokens after the prompt, in nats. */
  readonly logProbs: readonly number[];
  /** What the training's own reward said. */
  readonly strict: boolean;
}

const media = join(root, "media/demo");
const names = modelNames(media);
const promptTokens = 9;
const lines = (path: string): readonly string[] => readFileSync(path, "utf8").trimEnd().split("\n");
const parsed = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));
const prompts = lines(join(media, "countdown.jsonl")).map((line) => (JSON.parse(line) as Row).prompt);
const recorded = lines(join(root, "test/fixtures/demo/traces.jsonl")).map(
  (line) => JSON.parse(line) as RecordedTrace,
);

interface Figures {
  readonly passAtK: Readonly<Record<string, number>>;
}

interface Row {
  readonly id: string;
  readonly numbers: readonly number[];
  readonly target: number;
  readonly prompt: string;
  readonly answer: string;
}

describe("shipped demo models", () => {
  it("are those whose hashes and figures are stated, small enough to ship", () => {
    const hashes = parsed(join(media, "hashes.json")) as Record<string, string>;
    const { models } = parsed(join(media, "figures.json")) as { readonly models: Record<string, Figures> };
    const readme = readFileSync(join(media, "README.md"), "utf8");
    assert.deepEqual(Object.keys(hashes).sort(), [...names].sort());
    assert.deepEqual(Object.keys(models).sort(), [...names].sort());
    assert.ok(names.filter((name) => name.startsWith("rl-")).length >= 4);
    for (const name of names) {
      const file = join(media, name, "model.safetensors");
      assert.equal(createHash("sha256").update(readFileSync(file)).digest("hex"), hashes[name], name);
      assert.ok(readme.includes(hashes[name]!), `README.md states the hash of ${name}`);
      assert.ok(statSync(file).size <= 2 * 1024 * 1024);
      const curve = Object.values(models[name]!.passAtK).map((value) => value.toFixed(3));
      assert.ok(readme.includes(`| ${[name, ...curve].join(" | ")} |`), `README.md states pass@k of ${name}`);
    }
  });

  it("hold finite fp16 tensors of the shapes of their config.json", () => {
    for (const name of names) {
      const bytes = readFileSync(join(media, name, "model.safetensors"));
      const {
        hidden_size: width,
        intermediate_size: inner,
        vocab_size: size,
        num_hidden_layers: layers,
      } = parsed(join(media, name, "config.json")) as Record<string, number>;
      const tensors = readSafetensors(bytes, name);
      const shapes: Record<string, readonly (number | undefined)[]> = {
        "model.embed_tokens": [size, width],
        lm_head: [size, width],
        "model.norm": [width],
      };
      for (let layer = 0; layer < layers!; layer += 1) {
        const at = `model.layers.${layer}`;
        for (const part of ["q", "k", "v", "o"]) shapes[`${at}.self_attn.${part}_proj`] = [width, width];
        for (const part of ["gate", "up"]) shapes[`${at}.mlp.${part}_proj`] = [inner, width];
        shapes[`${at}.mlp.down_proj`] = [width, inner];
        for (const part of ["input", "post_attention"]) shapes[`${at}.${part}_layernorm`] = [width];
      }
      const found = Object.fromEntries([...tensors].map(([key, { shape }]) => [key, shape]));
      const expected = Object.entries(shapes).map(([key, shape]) => [`${key}.weight`, shape]);
      assert.deepEqual(found, Object.fromEntries(expected));
      for (const { data } of tensors.values()) assert.ok(data.every(Number.isFinite));
      const values = [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
      const header = Number(bytes.readBigUInt64LE(0));
      assert.equal(bytes.length, 8 + header + 2 * values);
    }
  });

  it("have one tokenizer, which gives prompts and recorded traces back byte for byte", () => {
    const files = names.map((name) => readFileSync(join(media, name, "tokenizer.json"), "utf8"));
    assert.equal(new Set(files).size, 1);
    const tokenizer = new Tokenizer(files[0]!, "tokenizer.json");
    for (const prompt of prompts) {
      const ids = tokenizer.encode(prompt);
      assert.equal(ids.length, promptTokens);
      assert.equal(tokenizer.decode(ids, { skipSpecial: false }), prompt);
    }
    for (const { ids, text } of recorded) {
      assert.equal(tokenizer.decode(ids, { skipSpecial: true }), text);
      assert.deepEqual(tokenizer.encode(text), ids.at(-1) === 1 ? ids.slice(0, -1) : ids);
    }
  });

  it("score recorded traces as transformers does, to 1e-3 nats a token", () => {
    const module = kernelModule();
    for (const name of names) {
      const traces = recorded.filter(({ model }) => model === name);
      assert.ok(traces.length >= 30);
      const scores = traceLogProbs(openDemoModel(join(media, name), name, module), traces);
      for (const [at, { logProbs }] of traces.entries()) {
        assert.equal(scores[at]!.length, logProbs.length);
        for (const [i, value] of logProbs.entries())
          assert.ok(Math.abs(scores[at]![i]! - value) < 1e-3, `${name}, trace ${at}, token ${i}`);
      }
    }
  });
});

/** Log-probs of the tokens after the prompt of each trace. */
function traceLogProbs(model: DemoModel, traces: readonly RecordedTrace[]): readonly (readonly number[])[] {
  const found: number[][] = [];
  for (const [at, { ids }] of traces.entries())
    model.batcher.add(
      new Sequence({
        prompt: ids,
        sampling: { temperature: 1, topP: 1, topK: 0, minP: 0, logitBias: null },
        seed: 0,
        stream: 0,
        maxTokens: 0,
        minTokens: 0,
        endTokens: new Set(),
        logProbs: null,
        promptLogProbs: 0,
        listener: {
          scored: (scores) => {
            found[at] = scores.slice(promptTokens).map((score) => score!.logProb);
          },
          token: () => true,
          end: () => undefined,
        },
      }),
    );
  while (model.batcher.busy) model.batcher.step();
  return found;
}

describe("demo problems", () => {
  it("open in the dataset reader without a question", async () => {
    const text = readFileSync(join(media, "countdown.jsonl"), "utf8");
    const file = await readDataset(memorySource("countdown.jsonl", text));
    assert.deepEqual([file.issues, file.unsure, file.code], [[], null, null]);
    assert.ok(file.problems.length >= 100);
    assert.deepEqual(
      file.problems.map(({ question }) => question),
      prompts,
    );
    assert.equal(new Set(prompts).size, prompts.length);
  });

  it("are written as their numbers say, with cards 1 to 10 and targets 10 to 50", () => {
    for (const line of lines(join(media, "countdown.jsonl"))) {
      const { numbers, target, prompt, answer } = JSON.parse(line) as Row;
      assert.equal(prompt, `Numbers: ${numbers.join(" ")}\nTarget: ${target}\n`);
      assert.equal(answer, String(target));
      assert.ok(numbers.length === 4 && numbers.every((card) => card >= 1 && card <= 10));
      assert.ok(target >= 10 && target <= 50);
    }
  });

  it("are judged by the product's verifier as the training's reward judged them", async () => {
    const verifier = countdownVerifier("strict");
    for (const { problem, text, strict } of recorded) {
      const question = prompts[problem]!;
      const item = { question, response: text.slice(question.length), gold: "" };
      const verdict = await verifier.verify(item);
      assert.equal(verdict.kind === "correct", strict, text);
    }
    assert.ok(recorded.some(({ strict }) => strict) && recorded.some(({ strict }) => !strict));
  });
});

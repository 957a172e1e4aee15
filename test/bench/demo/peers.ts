import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { SeededRandom } from "../../../src/core/estimate/seededRandom.ts";
import type { LlamaConfig } from "../../../src/demo/llamaConfig.ts";
import type { Tensor } from "../../../src/demo/safetensors.ts";
import { Sampler } from "../../../src/demo/sampler.ts";
import { ggufOf } from "./gguf.ts";
import { onnxOf } from "./onnx.ts";

/** Samples `tokens` tokens after the prompt in `batch` texts at a time, at temperature 1, on one thread. */
export interface Contender {
  /** Reads the prompts; what follows is measured. Resolves to the work. */
  begin(batch: number): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface Task {
  readonly config: LlamaConfig;
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly prompt: readonly number[];
  readonly tokens: number;
  readonly batches: readonly number[];
}

/** Where packages lie that no part of the program depends on. */
const folderOf = (name: string): string => join(tmpdir(), "rollout-lens-peers", name);
export const howToGet = (packages: string, name: string): string =>
  `npm i --prefix ${folderOf(name)} --ignore-scripts --omit=optional ${packages}`;

// oxlint-disable-next-line typescript/no-explicit-any -- a package that is not there at compile time
type Loaded = any;

/** onnxruntime-web on its WebAssembly backend; `null` where it is not installed. */
export async function onnxRuntimeWeb(task: Task): Promise<Contender | null> {
  const folder = folderOf("onnxruntime-web");
  if (!existsSync(join(folder, "node_modules/onnxruntime-web"))) return null;
  const ort: Loaded = createRequire(join(folder, "package.json"))("onnxruntime-web");
  ort.env.wasm.numThreads = 1;
  const { config, prompt, tokens } = task;
  const { heads, headDim, layers, vocabSize, ropeTheta } = config;
  const options = { executionProviders: ["wasm"] };
  const session = await ort.InferenceSession.create(onnxOf(config, task.tensors), options);
  const sampler = new Sampler(vocabSize);
  const random = new SeededRandom(1);
  const sampling = { temperature: 1, topP: 1, topK: 0, minP: 0, logitBias: null };
  return {
    async begin(batch) {
      let caches: Record<string, unknown> = {};
      for (let layer = 0; layer < layers; layer += 1)
        for (const kind of ["key", "value"])
          caches[kind + layer] = new ort.Tensor("float32", new Float32Array(0), [batch, heads, 0, headDim]);
      const step = async (ids: readonly number[], position: number): Promise<Float32Array> => {
        const angles = Float32Array.from(
          { length: headDim },
          (_, at) => position * ropeTheta ** ((-2 * (at % (headDim / 2))) / headDim),
        );
        const out = await session.run({
          ids: new ort.Tensor("int64", BigInt64Array.from(ids, BigInt), [batch]),
          cos: new ort.Tensor("float32", angles.map(Math.cos), [headDim]),
          sin: new ort.Tensor("float32", angles.map(Math.sin), [headDim]),
          ...caches,
        });
        caches = {};
        for (let layer = 0; layer < layers; layer += 1) {
          caches[`key${layer}`] = out[`nextKey${layer}`];
          caches[`value${layer}`] = out[`nextValue${layer}`];
        }
        return out.logits.data as Float32Array;
      };
      let logits: Float32Array = new Float32Array(0);
      for (const [position, token] of prompt.entries())
        logits = await step(Array<number>(batch).fill(token), position);
      return async () => {
        for (let count = 0; count < tokens; count += 1) {
          const ids = Array.from({ length: batch }, (_, row) =>
            sampler.draw(logits, row * vocabSize, sampling, random),
          );
          if (count < tokens - 1) logits = await step(ids, prompt.length + count);
        }
      };
    },
    close: () => session.release(),
  };
}

/** llama.cpp through node-llama-cpp, which batches sequences of one context; `null` where it is not installed. */
export async function nodeLlamaCpp(task: Task): Promise<Contender | null> {
  const entry = join(folderOf("node-llama-cpp-3.22.1"), "node_modules/node-llama-cpp/dist/index.js");
  if (!existsSync(entry)) return null;
  const library: Loaded = await import(pathToFileURL(entry).href);
  // It tokenizes English to look for flaws of a tokenizer, and warns that these models know none.
  library.LlamaModel.prototype.getWarnings = () => [];
  const folder = mkdtempSync(join(tmpdir(), "rollout-lens-gguf-"));
  const modelPath = join(folder, "model.gguf");
  writeFileSync(modelPath, ggufOf(task.config, task.tensors));
  const llama = await library.getLlama({
    gpu: false,
    build: "never",
    maxThreads: 1,
    progressLogs: false,
    logLevel: "error",
  });
  const model = await llama.loadModel({ modelPath });
  const { prompt, tokens } = task;
  return {
    async begin(batch) {
      const size = { contextSize: 64, sequences: batch, batchSize: Math.max(64, batch), threads: 1 };
      const context: Loaded = await model.createContext({ ...size, flashAttention: false });
      const sequences = Array.from({ length: batch }, () => context.getSequence());
      // All but the last token of the prompt: generating reads that one.
      const before = prompt.slice(0, -1);
      await Promise.all(sequences.map((one) => one.evaluateWithoutGeneratingNewTokens(before)));
      const sampling = { temperature: 1, topK: 0, topP: 1, minP: 0, yieldEogToken: true };
      return async () => {
        await Promise.all(
          sequences.map(async (one, seed) => {
            let count = 0;
            for await (const token of one.evaluate(prompt.slice(-1), { ...sampling, seed }))
              if (token === undefined || (count += 1) === tokens) break;
          }),
        );
        await context.dispose();
      };
    },
    async close() {
      await model.dispose();
      await llama.dispose();
      rmSync(folder, { recursive: true });
    },
  };
}

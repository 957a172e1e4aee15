import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SeededRandom } from "../../src/core/estimate/seededRandom.ts";
import { compileKernels } from "../../src/demo/kernels.ts";
import type { LlamaConfig } from "../../src/demo/llamaConfig.ts";
import type { Tensor } from "../../src/demo/safetensors.ts";
import type { WasmModule } from "../../src/demo/webAssembly.ts";
import { root } from "../paths.ts";

export const kernelModule = (): WasmModule =>
  compileKernels(readFileSync(join(root, "dist/demoKernels.wasm")));

/** A shape with everything uneven that the runtime allows: fewer key heads, heads of 40, an odd vocabulary. */
export const unevenConfig: LlamaConfig = {
  hiddenSize: 48,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  headDim: 40,
  intermediateSize: 56,
  vocabSize: 29,
  maxPositions: 32,
  normEpsilon: 1e-5,
  ropeTheta: 500,
  tied: true,
  eosTokenIds: [1],
  bosTokenId: null,
};

/** The shape of the demo models. */
export const demoConfig: LlamaConfig = {
  ...unevenConfig,
  hiddenSize: 128,
  layers: 4,
  kvHeads: 4,
  headDim: 32,
  intermediateSize: 352,
  vocabSize: 64,
  maxPositions: 64,
  ropeTheta: 10_000,
  tied: false,
};

/** Weights of a seed, large enough that the distributions are far from uniform. */
export function randomTensors(config: LlamaConfig, seed: number): ReadonlyMap<string, Tensor> {
  const random = new SeededRandom(seed);
  const tensors = new Map<string, Tensor>();
  const add = (name: string, shape: readonly number[], centre = 0): void => {
    const count = shape.reduce((product, size) => product * size, 1);
    const scale = centre === 0 ? 3.5 / Math.sqrt(shape.at(-1)!) : 0.5;
    const data = Float32Array.from({ length: count }, () => centre + scale * (random.uniform() - 0.5));
    tensors.set(name, { shape, data });
  };
  const { hiddenSize: width, heads, kvHeads, headDim, intermediateSize: inner, vocabSize } = config;
  add("model.embed_tokens.weight", [vocabSize, width]);
  add("model.norm.weight", [width], 1);
  if (!config.tied) add("lm_head.weight", [vocabSize, width]);
  for (let layer = 0; layer < config.layers; layer += 1) {
    const at = `model.layers.${layer}.`;
    add(`${at}input_layernorm.weight`, [width], 1);
    add(`${at}post_attention_layernorm.weight`, [width], 1);
    add(`${at}self_attn.q_proj.weight`, [heads * headDim, width]);
    add(`${at}self_attn.k_proj.weight`, [kvHeads * headDim, width]);
    add(`${at}self_attn.v_proj.weight`, [kvHeads * headDim, width]);
    add(`${at}self_attn.o_proj.weight`, [width, heads * headDim]);
    add(`${at}mlp.gate_proj.weight`, [inner, width]);
    add(`${at}mlp.up_proj.weight`, [inner, width]);
    add(`${at}mlp.down_proj.weight`, [width, inner]);
  }
  return tensors;
}

/** A safetensors file of 32-bit floats. */
export function safetensorsOf(tensors: ReadonlyMap<string, Tensor>): Uint8Array {
  const header: Record<string, unknown> = {};
  let end = 0;
  for (const [name, { shape, data }] of tensors)
    header[name] = { dtype: "F32", shape, data_offsets: [end, (end += data.byteLength)] };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const parts = [...tensors.values()].map(({ data }) => Buffer.from(data.buffer));
  return Buffer.concat([length, text, ...parts]);
}

/** Words of the demo models' tokenizer: 13 of the task, then the numbers. */
export function tokenizerJson(): string {
  const words = ["<pad>", "</s>", "<unk>", "\n", "Numbers:", "Target:", "Answer:", " left:"];
  const signs = [" =", " +", " -", " *", " /"];
  const numbers = Array.from({ length: 51 }, (_, number) => ` ${number}`);
  const vocab = Object.fromEntries([...words, ...signs, ...numbers].map((word, id) => [word, id]));
  const added = words.slice(0, 3).map((content, id) => ({ id, content, special: true }));
  return JSON.stringify({
    added_tokens: added,
    pre_tokenizer: {
      type: "Split",
      pattern: { Regex: "\\n| ?[^ \\n]+| " },
      behavior: "Isolated",
      invert: false,
    },
    decoder: { type: "Fuse" },
    model: { type: "WordLevel", vocab, unk_token: "<unk>" },
  });
}

/** Writes a Hugging Face folder of random weights in the shape of the demo models. */
export function writeRandomModel(folder: string, seed: number): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "model.safetensors"), safetensorsOf(randomTensors(demoConfig, seed)));
  writeFileSync(join(folder, "tokenizer.json"), tokenizerJson());
  const config = {
    model_type: "llama",
    vocab_size: 64,
    hidden_size: 128,
    intermediate_size: 352,
    num_hidden_layers: 4,
    num_attention_heads: 4,
    num_key_value_heads: 4,
    max_position_embeddings: 64,
    rms_norm_eps: 1e-5,
    rope_theta: 10_000,
    tie_word_embeddings: false,
    eos_token_id: 1,
    bos_token_id: null,
  };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
}

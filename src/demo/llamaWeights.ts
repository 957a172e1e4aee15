import { LensError } from "../core/errors.ts";
import { packWeights, type KernelMemory } from "./kernels.ts";
import { badModelCode, type LlamaConfig } from "./llamaConfig.ts";
import type { Tensor } from "./safetensors.ts";

/** Addresses of one layer's weights; matrices are packed. */
export interface LayerWeights {
  readonly attentionNorm: number;
  /** Query, key and value beside each other: one product gives all three. */
  readonly qkv: number;
  readonly output: number;
  readonly mlpNorm: number;
  /** Gate and up beside each other. */
  readonly gateUp: number;
  readonly down: number;
}

export interface LlamaWeights {
  readonly embedding: number;
  readonly layers: readonly LayerWeights[];
  readonly finalNorm: number;
  readonly head: number;
}

/** Puts the tensors of a Llama folder, by their names on Hugging Face, into a kernel memory. */
export function placeWeights(
  tensors: ReadonlyMap<string, Tensor>,
  config: LlamaConfig,
  memory: KernelMemory,
): LlamaWeights {
  const { hiddenSize, heads, kvHeads, headDim, intermediateSize, vocabSize } = config;
  const find = (name: string, ...shape: number[]): Float32Array => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new LensError(badModelCode, `model.safetensors: ${name} is missing`);
    if (tensor.shape.join() === shape.join()) return tensor.data;
    const sizes = `expected [${shape.join(", ")}], got [${tensor.shape.join(", ")}]`;
    throw new LensError(badModelCode, `model.safetensors: ${name}: ${sizes}`);
  };
  const norm = (name: string): number => memory.place(find(name, hiddenSize));
  const packed = (inputs: number, ...parts: Float32Array[]): number =>
    memory.place(packWeights(joined(parts), inputs));
  const layer = (index: number): LayerWeights => {
    const at = `model.layers.${index}.`;
    const projection = (name: string, rows: number): Float32Array =>
      find(`${at}self_attn.${name}_proj.weight`, rows, hiddenSize);
    return {
      attentionNorm: norm(`${at}input_layernorm.weight`),
      qkv: packed(
        hiddenSize,
        projection("q", heads * headDim),
        projection("k", kvHeads * headDim),
        projection("v", kvHeads * headDim),
      ),
      output: packed(heads * headDim, find(`${at}self_attn.o_proj.weight`, hiddenSize, heads * headDim)),
      mlpNorm: norm(`${at}post_attention_layernorm.weight`),
      gateUp: packed(
        hiddenSize,
        find(`${at}mlp.gate_proj.weight`, intermediateSize, hiddenSize),
        find(`${at}mlp.up_proj.weight`, intermediateSize, hiddenSize),
      ),
      down: packed(intermediateSize, find(`${at}mlp.down_proj.weight`, hiddenSize, intermediateSize)),
    };
  };
  const embedding = find("model.embed_tokens.weight", vocabSize, hiddenSize);
  return {
    embedding: memory.place(embedding),
    layers: Array.from({ length: config.layers }, (_, index) => layer(index)),
    finalNorm: norm("model.norm.weight"),
    head: packed(hiddenSize, config.tied ? embedding : find("lm_head.weight", vocabSize, hiddenSize)),
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

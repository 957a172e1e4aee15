import { KernelMemory, panelWidth } from "./kernels.ts";
import { KeyValueCache } from "./keyValueCache.ts";
import type { LlamaConfig } from "./llamaConfig.ts";
import { placeWeights, type LayerWeights, type LlamaWeights } from "./llamaWeights.ts";
import type { Tensor } from "./safetensors.ts";
import type { WasmModule } from "./webAssembly.ts";

/** One position of one sequence to be computed. */
export interface Row {
  readonly token: number;
  /** From 0; all earlier positions of the slot are known or stand earlier in the batch. */
  readonly position: number;
  /** Where this position's key and value go; see `KeyValueCache.take`. */
  readonly slot: number;
  /** The first `shared` positions stand in `sharedSlot`, those after them in `slot`. */
  readonly sharedSlot: number;
  readonly shared: number;
  /** Is the distribution of the next token wanted? */
  readonly wanted: boolean;
}

export interface TransformerOptions {
  readonly config: LlamaConfig;
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** See `compileKernels`. */
  readonly module: WasmModule;
  /** Longest sequence, at most `config.maxPositions`. */
  readonly maxPositions: number;
  /** Most rows of a batch. */
  readonly maxRows: number;
}

/** Rows that go through all layers together: their activations stay in the second-level cache of a core. */
const chunkRows = 64;

/** Addresses of what is computed on the way. */
interface Scratch {
  readonly tokens: number;
  readonly positions: number;
  readonly slots: number;
  readonly sharedSlots: number;
  readonly shared: number;
  readonly wanted: number;
  readonly hidden: number;
  readonly normed: number;
  readonly qkv: number;
  readonly attended: number;
  readonly gateUp: number;
  readonly gated: number;
  readonly lastHidden: number;
  readonly logits: number;
  readonly scores: number;
  readonly cos: number;
  readonly sin: number;
}

/**
 * A Llama transformer (Touvron et al. 2023) on rows of any sequences: some at their next token, others in their prompts.
 * A row's logits are the same to the bit whatever else is in the batch.
 */
export class Transformer {
  readonly config: LlamaConfig;
  readonly cache: KeyValueCache;
  /** Numbers from one row's logits to the next row's. */
  readonly logitStride: number;
  readonly maxRows: number;
  private readonly memory: KernelMemory;
  private readonly weights: LlamaWeights;
  private readonly scratch: Scratch;

  constructor({ config, tensors, module, maxPositions, maxRows }: TransformerOptions) {
    this.config = config;
    this.maxRows = maxRows;
    this.memory = new KernelMemory(module);
    this.weights = placeWeights(tensors, config, this.memory);
    this.logitStride = Math.ceil(config.vocabSize / panelWidth) * panelWidth;
    this.scratch = this.makeScratch(maxPositions, maxRows);
    this.cache = new KeyValueCache(this.memory, config, maxPositions);
  }

  /**
   * Computes rows, at most `maxRows`, the positions of a sequence in order.
   * @returns logits of the wanted rows in their order, `logitStride` apart, until the next call
   */
  forward(rows: readonly Row[]): Float32Array {
    let wantedBefore = 0;
    for (let start = 0; start < rows.length; start += chunkRows)
      wantedBefore += this.forwardChunk(rows.slice(start, start + chunkRows), wantedBefore);
    const at = this.scratch.logits / 4;
    return this.memory.floats.subarray(at, at + wantedBefore * this.logitStride);
  }

  /** @returns how many rows were wanted */
  private forwardChunk(rows: readonly Row[], wantedBefore: number): number {
    const { kernels } = this.memory;
    const { hiddenSize, normEpsilon } = this.config;
    const { scratch, weights } = this;
    const wanted = this.describe(rows);
    const { length } = rows;
    kernels.gather(scratch.tokens, weights.embedding, scratch.hidden, length, hiddenSize);
    for (const [index, layer] of weights.layers.entries()) {
      this.attention(layer, index * this.cache.layerBytes, length);
      this.mlp(layer, length);
    }
    if (wanted === 0) return 0;
    kernels.gather(scratch.wanted, scratch.hidden, scratch.lastHidden, wanted, hiddenSize);
    const { lastHidden, normed } = scratch;
    kernels.rmsNorm(lastHidden, weights.finalNorm, normed, wanted, hiddenSize, normEpsilon);
    const bytes = this.logitStride * 4;
    const out = scratch.logits + wantedBefore * bytes;
    const width = hiddenSize * 4;
    kernels.matmul(normed, width, weights.head, out, bytes, wanted, hiddenSize, this.logitStride, 0);
    return wanted;
  }

  /** Writes what the kernels read of the rows. */
  private describe(rows: readonly Row[]): number {
    const { integers } = this.memory;
    const { tokens, positions, slots, sharedSlots, shared, wanted } = this.scratch;
    let count = 0;
    for (const [index, row] of rows.entries()) {
      integers[tokens / 4 + index] = row.token;
      integers[positions / 4 + index] = row.position;
      integers[slots / 4 + index] = row.slot;
      integers[sharedSlots / 4 + index] = row.sharedSlot;
      integers[shared / 4 + index] = row.shared;
      if (row.wanted) integers[wanted / 4 + count++] = index;
    }
    return count;
  }

  private attention(layer: LayerWeights, cacheOffset: number, rows: number): void {
    const { kernels } = this.memory;
    const { hiddenSize, heads, kvHeads, headDim, normEpsilon } = this.config;
    const { hidden, normed, qkv, attended, positions, cos, sin, scores } = this.scratch;
    const { slots, sharedSlots, shared } = this.scratch;
    const [queryDim, kvDim, width] = [heads * headDim, kvHeads * headDim, hiddenSize * 4];
    const qkvDim = queryDim + 2 * kvDim;
    const stride = qkvDim * 4;
    const keys = qkv + queryDim * 4;
    kernels.rmsNorm(hidden, layer.attentionNorm, normed, rows, hiddenSize, normEpsilon);
    kernels.matmul(normed, width, layer.qkv, qkv, stride, rows, hiddenSize, qkvDim, 0);
    // Query and key heads stand beside each other.
    kernels.rotate(qkv, stride, rows, positions, cos, sin, heads + kvHeads, headDim);
    const { sideBytes } = this.cache;
    kernels.remember(keys, stride, rows, positions, slots, cacheOffset, sideBytes, kvHeads, headDim);
    const caches = [slots, sharedSlots, shared, cacheOffset, sideBytes] as const;
    kernels.attend(qkv, stride, attended, rows, positions, ...caches, heads, kvHeads, headDim, scores);
    kernels.matmul(attended, queryDim * 4, layer.output, hidden, width, rows, queryDim, hiddenSize, 1);
  }

  private mlp(layer: LayerWeights, rows: number): void {
    const { kernels } = this.memory;
    const { hiddenSize, intermediateSize, normEpsilon } = this.config;
    const { hidden, normed, gateUp, gated } = this.scratch;
    const [width, inner] = [hiddenSize * 4, intermediateSize * 4];
    kernels.rmsNorm(hidden, layer.mlpNorm, normed, rows, hiddenSize, normEpsilon);
    const both = intermediateSize * 2;
    kernels.matmul(normed, width, layer.gateUp, gateUp, inner * 2, rows, hiddenSize, both, 0);
    kernels.swiGlu(gateUp, gated, rows, intermediateSize);
    kernels.matmul(gated, inner, layer.down, hidden, width, rows, intermediateSize, hiddenSize, 1);
  }

  private makeScratch(maxPositions: number, maxRows: number): Scratch {
    const { hiddenSize, heads, kvHeads, headDim, intermediateSize } = this.config;
    const room = (perRow: number, rows = chunkRows): number => this.memory.allocate(perRow * rows);
    const { cos, sin } = rotationTables(this.config, maxPositions);
    return {
      tokens: room(1),
      positions: room(1),
      slots: room(1),
      sharedSlots: room(1),
      shared: room(1),
      wanted: room(1),
      hidden: room(hiddenSize),
      normed: room(hiddenSize),
      qkv: room((heads + 2 * kvHeads) * headDim),
      attended: room(heads * headDim),
      gateUp: room(2 * intermediateSize),
      gated: room(intermediateSize),
      lastHidden: room(hiddenSize),
      logits: room(this.logitStride, maxRows),
      scores: room(maxPositions + 4, 1),
      cos: this.memory.place(cos),
      sin: this.memory.place(sin),
    };
  }
}

/** cos and sin of position * theta^(-2 i / headDim), [position][headDim / 2]. */
function rotationTables(
  { headDim, ropeTheta }: LlamaConfig,
  positions: number,
): { readonly cos: Float32Array; readonly sin: Float32Array } {
  const half = headDim / 2;
  const angle = (index: number): number =>
    Math.floor(index / half) * ropeTheta ** ((-2 * (index % half)) / headDim);
  return {
    cos: Float32Array.from({ length: positions * half }, (_, index) => Math.cos(angle(index))),
    sin: Float32Array.from({ length: positions * half }, (_, index) => Math.sin(angle(index))),
  };
}

import type { KernelMemory } from "./kernels.ts";
import type { LlamaConfig } from "./llamaConfig.ts";

/** Keys and values of sequences, each in a slot of its own with room for `positions`; made as they are needed, used again. */
export class KeyValueCache {
  /** Bytes from one layer of a slot to the next: [layer][head][key | value][position][headDim]. */
  readonly layerBytes: number;
  /** Bytes of the keys of one head and layer. */
  readonly sideBytes: number;
  private readonly memory: KernelMemory;
  private readonly slotFloats: number;
  private readonly free: number[] = [];

  constructor(memory: KernelMemory, { layers, kvHeads, headDim }: LlamaConfig, positions: number) {
    this.memory = memory;
    // Attention reads whole blocks of 4 positions.
    this.sideBytes = Math.ceil(positions / 4) * 4 * headDim * 4;
    this.layerBytes = this.sideBytes * 2 * kvHeads;
    this.slotFloats = (layers * this.layerBytes) / 4;
  }

  /** The address of a slot; what stands in it is of no account. */
  take(): number {
    return this.free.pop() ?? this.memory.allocate(this.slotFloats);
  }

  release(slot: number): void {
    this.free.push(slot);
  }
}

import { LensError } from "../core/errors.ts";
import { webAssembly, type WasmMemory, type WasmModule } from "./webAssembly.ts";

/** The exports of `assembly/kernels.ts`; what each computes is said there. Numbers are byte addresses, strides and counts. */
export interface Kernels {
  readonly memory: WasmMemory;
  matmul(...args: MatmulArguments): void;
  gather(ids: number, table: number, out: number, ...shape: [rows: number, dim: number]): void;
  rmsNorm(
    x: number,
    weight: number,
    out: number,
    ...shape: [rows: number, dim: number, epsilon: number]
  ): void;
  swiGlu(x: number, out: number, rows: number, dim: number): void;
  rotate(...args: RotateArguments): void;
  remember(...args: RememberArguments): void;
  attend(...args: AttendArguments): void;
}

export type MatmulArguments = [
  x: number,
  xStride: number,
  weights: number,
  out: number,
  outStride: number,
  rows: number,
  inDim: number,
  outDim: number,
  add: 0 | 1,
];
export type RotateArguments = [
  x: number,
  stride: number,
  rows: number,
  positions: number,
  cos: number,
  sin: number,
  heads: number,
  headDim: number,
];
export type RememberArguments = [
  pairs: number,
  stride: number,
  rows: number,
  positions: number,
  caches: number,
  layer: number,
  sideBytes: number,
  kvHeads: number,
  headDim: number,
];
export type AttendArguments = [
  queries: number,
  stride: number,
  out: number,
  rows: number,
  positions: number,
  caches: number,
  sharedCaches: number,
  shared: number,
  layer: number,
  sideBytes: number,
  heads: number,
  kvHeads: number,
  headDim: number,
  scores: number,
];

/** Outputs of a packed weight matrix that lie beside each other; `panel` of the kernels. */
export const panelWidth = 8;

const pageBytes = 65_536;
/** The module's own data lies below. */
const firstFree = pageBytes;

/** A linear memory with the kernels in it. What is allocated stays until the whole goes. */
export class KernelMemory {
  readonly kernels: Kernels;
  private next = firstFree;
  private f32 = new Float32Array(0);
  private i32 = new Int32Array(0);

  /** @param module see `compileKernels` */
  constructor(module: WasmModule) {
    const instance = new webAssembly.Instance(module, { env: { abort: () => undefined } });
    this.kernels = instance.exports as Kernels;
  }

  /** The address of so many 4-byte numbers, zero at first, at a multiple of 64. */
  allocate(count: number): number {
    const address = this.next;
    this.next += Math.ceil(count / 16) * 64;
    const missing = this.next - this.kernels.memory.buffer.byteLength;
    if (missing > 0) this.kernels.memory.grow(Math.ceil(missing / pageBytes));
    return address;
  }

  place(values: Float32Array): number {
    const address = this.allocate(values.length);
    this.floats.set(values, address / 4);
    return address;
  }

  /** The whole memory by number, not by byte. Another object after an allocation. */
  get floats(): Float32Array {
    const { buffer } = this.kernels.memory;
    if (this.f32.buffer !== buffer) this.f32 = new Float32Array(buffer);
    return this.f32;
  }

  get integers(): Int32Array {
    const { buffer } = this.kernels.memory;
    if (this.i32.buffer !== buffer) this.i32 = new Int32Array(buffer);
    return this.i32;
  }
}

/** @throws LensError `noSimd` where the engine knows no relaxed SIMD (V8 before 11.4) */
export function compileKernels(bytes: Uint8Array<ArrayBuffer>): WasmModule {
  if (webAssembly.validate(bytes)) return new webAssembly.Module(bytes);
  throw new LensError(
    "noSimd",
    "This version of VS Code or Node cannot run the demo models: it has no relaxed SIMD.",
  );
}

/** A weight matrix [outputs][inputs] as the kernels want it: [outputs / 8][inputs][8], missing outputs zero. */
export function packWeights(matrix: Float32Array, inputs: number): Float32Array {
  const outputs = matrix.length / inputs;
  const packed = new Float32Array(Math.ceil(outputs / panelWidth) * panelWidth * inputs);
  for (let output = 0; output < outputs; output += 1) {
    const panel = Math.floor(output / panelWidth) * panelWidth * inputs + (output % panelWidth);
    for (let input = 0; input < inputs; input += 1)
      packed[panel + input * panelWidth] = matrix[output * inputs + input]!;
  }
  return packed;
}

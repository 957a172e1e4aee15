import { LensError } from "../core/errors.ts";
import { badModelCode } from "./llamaConfig.ts";

/** A tensor as 32-bit floats, row-major. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

interface TensorHeader {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const bytesOf: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2 };

/**
 * Reads a safetensors file (huggingface/safetensors, format of version 0.4): 8 bytes of header length, little-endian, a
 * JSON header, the data. F16, BF16 and F32 become 32-bit floats without loss.
 * @throws LensError `badDemoModel`
 */
export function readSafetensors(bytes: Uint8Array, where: string): ReadonlyMap<string, Tensor> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = bytes.byteLength < 8 ? Infinity : Number(view.getBigUint64(0, true));
  if (8 + headerLength > bytes.byteLength) fail(where, "the file ends inside its header");
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength))) as Record<
    string,
    TensorHeader
  >;
  const tensors = new Map<string, Tensor>();
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const count = shape.reduce((product, size) => product * size, 1);
    const [start, end] = offsets.map((offset) => 8 + headerLength + offset) as [number, number];
    const size = bytesOf[dtype];
    if (size === undefined) fail(where, `${name}: expected F32, F16 or BF16, got ${dtype}`);
    if (end - start !== count * size || end > bytes.byteLength)
      fail(where, `${name}: its data has not the length of its shape`);
    tensors.set(name, { shape, data: floatsOf(view, start, { dtype, count }) });
  }
  return tensors;
}

function floatsOf(
  view: DataView,
  start: number,
  { dtype, count }: { readonly dtype: string; readonly count: number },
): Float32Array {
  const data = new Float32Array(count);
  if (dtype === "F32") for (let i = 0; i < count; i += 1) data[i] = view.getFloat32(start + 4 * i, true);
  else if (dtype === "F16")
    for (let i = 0; i < count; i += 1) data[i] = halfToFloat(view.getUint16(start + 2 * i, true));
  else {
    const bits = new Uint32Array(data.buffer);
    for (let i = 0; i < count; i += 1) bits[i] = view.getUint16(start + 2 * i, true) << 16;
  }
  return data;
}

/** IEEE 754 binary16 from its 16 bits. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function fail(where: string, what: string): never {
  throw new LensError(badModelCode, `${where}: ${what}`);
}

// A JSON value and arrays of numbers as one run of bytes, in the byte order of the machine, which is the only reader.

const align = 8;

/** What JSON does not hold well. */
export type Numbers = Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

interface Head {
  readonly value: unknown;
  /** `f` for 64-bit floats, `u` for 32-bit words, each with its length. */
  readonly arrays: readonly (readonly ["f" | "u", number])[];
}

export function packed(value: unknown, arrays: readonly Numbers[]): Uint8Array<ArrayBuffer> {
  const kinds = arrays.map((array) => [array instanceof Float64Array ? "f" : "u", array.length] as const);
  const head = new TextEncoder().encode(JSON.stringify({ value, arrays: kinds } satisfies Head));
  const size = arrays.reduce(
    (sum, { byteLength }) => sum + aligned(byteLength),
    align + aligned(head.length),
  );
  const bytes = new Uint8Array(size);
  new Uint32Array(bytes.buffer, 0, 1)[0] = head.length;
  bytes.set(head, align);
  let at = align + aligned(head.length);
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += aligned(array.byteLength);
  }
  return bytes;
}

/** The arrays are views into `bytes`, which must begin at a multiple of 8. Throws where the bytes are not packed. */
export function unpacked(bytes: Uint8Array<ArrayBuffer>): {
  readonly value: unknown;
  readonly arrays: Numbers[];
} {
  const { buffer, byteOffset } = bytes;
  const length = new Uint32Array(buffer, byteOffset, 1)[0] ?? 0;
  const text = new TextDecoder().decode(bytes.subarray(align, align + length));
  const head = JSON.parse(text) as Head;
  let at = byteOffset + align + aligned(length);
  const arrays = head.arrays.map(([kind, count]): Numbers => {
    const array = kind === "f" ? new Float64Array(buffer, at, count) : new Uint32Array(buffer, at, count);
    at += aligned(array.byteLength);
    return array;
  });
  return { value: head.value, arrays };
}

const aligned = (size: number): number => Math.ceil(size / align) * align;

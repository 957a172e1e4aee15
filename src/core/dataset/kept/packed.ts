// A JSON value and arrays of numbers as one run of bytes, in the byte order of the machine, which is the only reader.

const align = 8;

/** What JSON does not hold well. */
export type Numbers = Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

interface Head {
  readonly value: unknown;
  /** `f` for 64-bit floats, `u` for 32-bit words, each with its length. */
  readonly arrays: readonly (readonly ["f" | "u", number])[];
}

/** In parts, one after the other, as the arrays may be large; they are not copied. */
export function packed(value: unknown, arrays: readonly Numbers[]): readonly Uint8Array<ArrayBuffer>[] {
  const kinds = arrays.map((array) => [array instanceof Float64Array ? "f" : "u", array.length] as const);
  const head = new TextEncoder().encode(JSON.stringify({ value, arrays: kinds } satisfies Head));
  const start = new Uint8Array(align);
  new Uint32Array(start.buffer)[0] = head.length;
  const content = [start, head, ...arrays.map(bytesOf)];
  return content.flatMap((part) => [part, new Uint8Array(aligned(part.length) - part.length)]);
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Numbers): Uint8Array<ArrayBuffer> =>
  new Uint8Array(buffer, byteOffset, byteLength);

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

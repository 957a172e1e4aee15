// What a page and node tell each other in the harness.

/** JSON cannot carry typed arrays: `{ $u32: [...] }`, `{ $u8: [...] }` stand for them between node and page. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner instanceof Uint32Array
      ? { $u32: [...inner] }
      : inner instanceof Uint8Array
        ? { $u8: [...inner] }
        : inner instanceof Int32Array
          ? { $i32: [...inner] }
          : inner instanceof Float32Array
            ? { $f32: Array.from(inner, String) }
            : inner,
  );

export const fromJson = (text: string): unknown =>
  JSON.parse(text, (_key, inner: unknown) => {
    if (typeof inner !== "object" || inner === null) return inner;
    if ("$i32" in inner) return Int32Array.from(inner.$i32 as number[]);
    // As texts: JSON has neither NaN nor Infinity.
    if ("$f32" in inner) return Float32Array.from(inner.$f32 as string[], Number);
    if ("$u32" in inner) return Uint32Array.from(inner.$u32 as number[]);
    return "$u8" in inner ? Uint8Array.from(inner.$u8 as number[]) : inner;
  });

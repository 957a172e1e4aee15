// What a page and node tell each other in the harness.

/** JSON cannot carry typed arrays: `{ $u32: [...] }`, `{ $u8: [...] }` stand for them between node and page. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner instanceof Uint32Array
      ? { $u32: [...inner] }
      : inner instanceof Uint8Array
        ? { $u8: [...inner] }
        : inner,
  );

export const fromJson = (text: string): unknown =>
  JSON.parse(text, (_key, inner: unknown) => {
    if (typeof inner !== "object" || inner === null) return inner;
    if ("$u32" in inner) return Uint32Array.from(inner.$u32 as number[]);
    return "$u8" in inner ? Uint8Array.from(inner.$u8 as number[]) : inner;
  });

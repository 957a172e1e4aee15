// Fast non-cryptographic hashes of text: identity of problems across files, repeated samples.

/** Two independent 32-bit lanes over the UTF-16 units (multiply-xorshift rounds as in MurmurHash3's finaliser). */
function lanes(text: string): { readonly high: number; readonly low: number } {
  let a = 0xdeadbeef ^ text.length;
  let b = 0x41c6ce57 ^ text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x5f356495);
  }
  const mixedA = finish(a) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  const mixedB = finish(b) ^ Math.imul(mixedA ^ (mixedA >>> 13), 0xc2b2ae35);
  return { high: mixedA >>> 0, low: mixedB >>> 0 };
}

function finish(hash: number): number {
  const first = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return first ^ (first >>> 13);
}

/** 53-bit hash as an exact number: equal texts always agree, different ones differ but for 1 in 2^53. */
export function hashText(text: string): number {
  const { high, low } = lanes(text);
  return (high & 0x1fffff) * 0x1_0000_0000 + low;
}

/** 64-bit hash as 16 hex digits. */
export function hashHex(text: string): string {
  const { high, low } = lanes(text);
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
}

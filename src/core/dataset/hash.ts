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
  return mixed(a, b);
}

function mixed(a: number, b: number): { readonly high: number; readonly low: number } {
  const high = finish(a) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  const low = finish(b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  return { high: high >>> 0, low: low >>> 0 };
}

function finish(hash: number): number {
  const first = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return first ^ (first >>> 13);
}

function exact53({ high, low }: { readonly high: number; readonly low: number }): number {
  return (high & 0x1fffff) * 0x1_0000_0000 + low;
}

/** 53-bit hash as an exact number: equal texts always agree, different ones differ but for 1 in 2^53. */
export function hashText(text: string): number {
  return exact53(lanes(text));
}

/** 64-bit hash as 16 hex digits. */
export function hashHex(text: string): string {
  const { high, low } = lanes(text);
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
}

/** How many characters a fingerprint looks at, besides the length. */
const fingerprintUnits = 64;

/**
 * 53 bits from the length and some 64 characters spread over the text: different fingerprints prove different texts
 * at a fiftieth of the time; equal ones are to be confirmed by `hashText`.
 */
export function fingerprint(text: string): number {
  const step = stepOf(text);
  let a = 0xdeadbeef ^ text.length;
  let b = 0x41c6ce57 ^ text.length;
  for (let i = 0; i < text.length; i += step) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x5f356495);
  }
  return exact53(mixed(a, b));
}

/** Does the fingerprint look at every character? It is then `hashText` of the text, and there is nothing to confirm. */
export const isWholePrint = (text: string): boolean => stepOf(text) === 1;

const stepOf = (text: string): number => Math.max(1, Math.floor(text.length / fingerprintUnits));

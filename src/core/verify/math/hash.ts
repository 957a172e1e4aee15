/** FNV-1a over UTF-16 units, 32 bits; the seed of everything "random" here, so that a verdict never changes. */
export function hash32(text: string, seed = 0x811c9dc5): number {
  let h = seed >>> 0;
  for (let k = 0; k < text.length; k += 1) {
    h ^= text.charCodeAt(k);
    h = Math.imul(h, 0x01000193);
  }
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  return (h ^ (h >>> 15)) >>> 0;
}

/** 64 bits of the same. */
export const hash64 = (text: string): bigint =>
  (BigInt(hash32(text)) << 32n) | BigInt(hash32(text, 0x9e3779b9));

/**
 * xoshiro128** 1.1 (Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators"), seeded through
 * splitmix32. Own code and not a package: the bootstrap draws tens of millions of 32-bit words, and a method that the
 * engine can inline is several times faster than the packages' range-checked calls.
 */
export class SeededRandom {
  private s0: number;
  private s1: number;
  private s2: number;
  private s3: number;

  /** Any number is a seed: its integer part modulo 2^53 counts. `stream` gives independent sequences for one seed. */
  constructor(seed: number, stream = 0) {
    const low = seed >>> 0;
    const high = Math.floor(seed / 4294967296) >>> 0;
    let state = (low ^ Math.imul(high, 0x85ebca6b) ^ Math.imul(stream, 0xc2b2ae35)) | 0;
    const next = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let z = state ^ (state >>> 16);
      z = Math.imul(z, 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return z ^ (z >>> 15);
    };
    this.s0 = next();
    this.s1 = next();
    this.s2 = next();
    this.s3 = next() | 1;
  }

  /** 32 random bits as a signed integer. */
  nextInt32(): number {
    const s1 = this.s1;
    const x = Math.imul(s1, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9);
    this.s2 ^= this.s0;
    this.s3 ^= s1;
    this.s1 = s1 ^ this.s2;
    this.s0 ^= this.s3;
    this.s2 ^= s1 << 9;
    this.s3 = (this.s3 << 11) | (this.s3 >>> 21);
    return result;
  }

  /** Uniform in (0, 1), never 0 or 1: multiples of 2^-32 plus half a step. */
  uniform(): number {
    return ((this.nextInt32() >>> 0) + 0.5) * 2.3283064365386963e-10;
  }

  /** Uniform integer in 0..bound-1 for bound <= 2^21 (multiply-shift with rejection; Lemire 2019). */
  below(bound: number): number {
    for (;;) {
      const product = (this.nextInt32() >>> 0) * bound;
      const high = Math.floor(product * 2.3283064365386963e-10);
      const low = product - high * 4294967296;
      // The remainder is slow and rarely needed: only a low part under `bound` can be one too many.
      if (low >= bound || low >= 4294967296 % bound) return high;
    }
  }
}

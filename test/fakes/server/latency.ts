import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Log-normal: `medianMs` * exp(sigma * z). */
export interface Latency {
  readonly medianMs: number;
  readonly sigma: number;
  /** Default 1. */
  readonly seed?: number;
}

/** A seeded draw of milliseconds (Box and Muller 1958 for the normal). */
export function logNormal({ medianMs, sigma, seed = 1 }: Latency): () => number {
  const generator = xoroshiro128plus(seed);
  return () => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator)));
    return medianMs * Math.exp(sigma * radius * Math.cos(2 * Math.PI * uniformFloat64(generator)));
  };
}

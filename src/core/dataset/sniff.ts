import type { ByteSource } from "../ports.ts";

export type Sniffed =
  | { readonly kind: "dataset" }
  | { readonly kind: "rollouts"; readonly format: string }
  /** A sentence that says why and what to do. */
  | { readonly kind: "unknown"; readonly reason: string };

/** Decides by content, from the first record alone. */
export function sniff(source: ByteSource): Promise<Sniffed> {
  return Promise.reject(new Error(`not yet: ${source.name}`));
}

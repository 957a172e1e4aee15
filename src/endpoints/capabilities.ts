/** What a probe found about one ability; `reason` is short and for the tree, e.g. `same seed gave the same text`. */
export interface Finding {
  readonly state: "ok" | "no" | "unknown";
  readonly reason: string;
}

/** What an endpoint can do, as its answers showed (never by brand). */
export interface Capabilities {
  /** When it was probed, ms since the epoch. */
  readonly at: number;
  /** `ok`: reachable and the configured model is served; `ids` as listed. */
  readonly models: Finding & { readonly ids: readonly string[] };
  /** Prompt and completion together, in tokens; `null` where the server does not say. */
  readonly maxModelLength: Finding & { readonly tokens: number | null };
  readonly completions: Finding;
  readonly chat: Finding;
  /** Several choices in one request. */
  readonly n: Finding;
  /** `ok`: the same seed gave the same text and another seed another one. */
  readonly seed: Finding;
  /** Of generated tokens; `top` alternatives a token were returned. */
  readonly logProbs: Finding & { readonly top: number | null };
  /** `ok`: the ids of prompt and sample come with a sample. Absent in what an earlier version found out. */
  readonly tokenIds?: Finding;
  /** A hint from `/version` or `owned_by`, e.g. `vllm 0.11.0`. */
  readonly server: string | null;
}

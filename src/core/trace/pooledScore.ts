import { quantile } from "../estimate/quantile.ts";

/** Many traces in numbers. */
export interface PooledScore {
  /** Traces with a scored token; the others count nowhere. */
  readonly traces: number;
  readonly tokens: number;
  /** exp(-sum of all log-probs / number of all tokens): a long trace weighs more. */
  readonly perplexity: number | null;
  /** The median of the traces' own perplexities (arXiv 2504.13837, section 4.1): each weighs the same. */
  readonly medianPerplexity: number | null;
  /** Mean surprisal of a whole trace, nats: says more than the perplexity where most tokens are forced. */
  readonly natsPerTrace: number | null;
}

/** `sum`: of a trace's log-probs, nats. */
export function pooledScore(
  traces: readonly { readonly tokens: number; readonly sum: number }[],
): PooledScore {
  const scored = traces.filter(({ tokens }) => tokens > 0);
  const tokens = scored.reduce((count, trace) => count + trace.tokens, 0);
  const sum = scored.reduce((total, trace) => total + trace.sum, 0);
  const own = Float64Array.from(scored, (trace) => Math.exp(-trace.sum / trace.tokens));
  const none = scored.length === 0;
  return {
    traces: scored.length,
    tokens,
    perplexity: none ? null : Math.exp(-sum / tokens),
    medianPerplexity: none ? null : quantile(own, 0.5),
    natsPerTrace: none ? null : -sum / scored.length,
  };
}

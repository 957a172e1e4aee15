import { quantile } from "./quantile.ts";
import { SeededRandom } from "./seededRandom.ts";
import { exponential } from "./variates.ts";

/** Scored traces in columns of equal length. */
export interface ScoredTraces {
  readonly perplexities: Float64Array;
  /** -sum of the log-probs of a whole trace, nats. */
  readonly surprisals: Float64Array;
  /** Number of the problem that a trace is of, from 0. */
  readonly problems: Uint32Array;
}

/** One box: quantiles over traces, the interval of the median over problems. */
export interface PerplexityBox {
  readonly traces: number;
  readonly problems: number;
  readonly median: number;
  /**
   * 95 % interval of the median over traces for other problems like these; `null` with fewer than 6 problems: the span of
   * 5 holds the median in 93.75 of 100 cases only.
   */
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly q05: number;
  readonly q25: number;
  readonly q75: number;
  readonly q95: number;
  /** Mean over traces, nats: perplexity per token is near 1 where most tokens are forced, this is not. */
  readonly meanSurprisal: number;
}

const draws = 1000;
const leastProblems = 6;
const seed = 20_504_13837;

/**
 * Quartiles, 5 % and 95 % points (Hyndman and Fan 1996, type 7), and a 95 % interval of the median by the Bayesian
 * bootstrap over problems (Rubin 1981): one Exp(1) weight a problem, shared by all its traces, so that many traces of few
 * problems count as few; 1000 draws of the weighted median, 2.5 % and 97.5 % points. `null` for no traces.
 */
export function perplexityBox(traces: ScoredTraces): PerplexityBox | null {
  const { perplexities, surprisals, problems } = traces;
  const n = perplexities.length;
  if (n === 0) return null;
  const clusters = numbered(problems);
  const at = (p: number): number => quantile(Float64Array.from(perplexities), p);
  const median = at(0.5);
  return {
    traces: n,
    problems: clusters.count,
    median,
    interval: medianInterval(perplexities, clusters, median),
    q05: at(0.05),
    q25: at(0.25),
    q75: at(0.75),
    q95: at(0.95),
    meanSurprisal: surprisals.reduce((sum, value) => sum + value, 0) / n,
  };
}

interface Clusters {
  /** Parallel to the traces: 0 .. count - 1. */
  readonly of: Uint32Array;
  readonly count: number;
}

function numbered(problems: Uint32Array): Clusters {
  const numbers = new Map<number, number>();
  const of = problems.map((problem) => {
    const known = numbers.get(problem);
    if (known !== undefined) return known;
    numbers.set(problem, numbers.size);
    return numbers.size - 1;
  });
  return { of, count: numbers.size };
}

function medianInterval(values: Float64Array, clusters: Clusters, median: number): PerplexityBox["interval"] {
  if (clusters.count < leastProblems) return null;
  const order = Uint32Array.from(values.keys()).sort((a, b) => (values[a] as number) - (values[b] as number));
  const sorted = order.map((i) => clusters.of[i] as number);
  const sizes = new Float64Array(clusters.count);
  for (const cluster of sorted) sizes[cluster] = (sizes[cluster] as number) + 1;
  const random = new SeededRandom(seed);
  const weights = new Float64Array(clusters.count);
  const medians = Float64Array.from({ length: draws }, () => {
    let total = 0;
    for (let j = 0; j < weights.length; j += 1) {
      const weight = exponential(random);
      weights[j] = weight;
      total += weight * (sizes[j] as number);
    }
    return values[order[weightedMiddle(sorted, weights, total / 2)] as number] as number;
  });
  const [low, high] = [quantile(Float64Array.from(medians), 0.025), quantile(medians, 0.975)];
  return { low: Math.min(low, median), high: Math.max(high, median) };
}

/** First place at which the summed weights reach `half`. */
function weightedMiddle(sorted: Uint32Array, weights: Float64Array, half: number): number {
  let sum = 0;
  for (let i = 0; i < sorted.length; i += 1) {
    sum += weights[sorted[i] as number] as number;
    if (sum >= half) return i;
  }
  return sorted.length - 1;
}

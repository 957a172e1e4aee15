import type { SampleRef } from "../../core/dataset/readRollouts.ts";
import { clusterMean } from "../../core/estimate/clusterMean.ts";
import type { ScoreSet } from "../../core/trace/scoreSetFile.ts";
import type { CheckpointFactsView } from "../../protocol/perplexity.ts";
import type { RunWithScores } from "./perplexityView.ts";

/** How long a run's traces are, and how undecided its model is while it writes them. */
export function checkpointFacts(run: RunWithScores, sets: readonly ScoreSet[]): CheckpointFactsView {
  const own = sets.find(({ head }) => head.texts === "samples" && head.scorer.model === run.model);
  return {
    runId: run.tally.id,
    meanTokens: meanTokens(run),
    entropy: own === undefined || run.model === null ? null : meanEntropy(own),
  };
}

function meanTokens({ tally, locate }: RunWithScores): CheckpointFactsView["meanTokens"] {
  const groups = tally.problems.map(({ problem }) => lengthsOf(locate(problem.key)));
  const mean = clusterMean(groups);
  if (mean === null) return null;
  const { value, samples, interval } = mean;
  return { value, samples, low: interval?.low ?? null, high: interval?.high ?? null };
}

function lengthsOf(refs: readonly SampleRef[]): { readonly count: number; readonly sum: number } {
  let [count, sum] = [0, 0];
  for (const { tokens } of refs) {
    if (tokens === null) continue;
    count += 1;
    sum += tokens;
  }
  return { count, sum };
}

/** Over all tokens of the traces that have bounds: each trace's mean by its tokens. */
function meanEntropy(set: ScoreSet): CheckpointFactsView["entropy"] {
  let [traces, tokens, low, high] = [0, 0, 0, 0];
  let bounded = true;
  for (const line of set.lines()) {
    if (line.kind !== "scored" || line.numbers.entropy === null) continue;
    const { entropy, ...counts } = line.numbers;
    const weight = counts.tokens + counts.nullCount + counts.floorCount;
    traces += 1;
    tokens += weight;
    low += weight * entropy.low;
    high += weight * (entropy.high ?? 0);
    bounded &&= entropy.high !== null;
  }
  return tokens === 0 ? null : { low: low / tokens, high: bounded ? high / tokens : null, traces };
}

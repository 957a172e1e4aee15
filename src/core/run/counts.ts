import type { Sample } from "../model.ts";

/** Sums over the finished samples of a run. */
export interface SampleCounts {
  finished: number;
  truncated: number;
  correct: number;
  /** With a verdict correct, incorrect or unparsed. */
  graded: number;
  completionTokens: number;
}

export const emptyCounts = (): SampleCounts => ({
  finished: 0,
  truncated: 0,
  correct: 0,
  graded: 0,
  completionTokens: 0,
});

/** Adds one finished sample; its tokens count as 0 where the server did not say. */
export function countSample(counts: SampleCounts, sample: Sample): void {
  counts.finished += 1;
  if (sample.outcome.kind === "truncated") counts.truncated += 1;
  countVerdict(counts, sample);
  counts.completionTokens += sample.usage?.completionTokens ?? 0;
}

/** Of a sample that is counted already, and is judged now. */
export function countVerdict(counts: SampleCounts, { verdict }: Pick<Sample, "verdict">): void {
  const kind = verdict?.kind;
  if (kind === "correct") counts.correct += 1;
  if (kind === "correct" || kind === "incorrect" || kind === "unparsed") counts.graded += 1;
}

import { drawOf } from "../dataset/stoppedTally.ts";
import type { Draw } from "../estimate/adaptive/course.ts";
import { hashText } from "../dataset/hash.ts";
import type { Problem, Sample } from "../model.ts";

/** Problem key -> sample index -> hash of its text. */
export type Finished = Map<string, Map<number, number>>;

/** A later sample of the same index takes the place of the earlier one. */
export function addFinished(finished: Finished, sample: Sample): void {
  let samples = finished.get(sample.problemKey);
  if (samples === undefined) finished.set(sample.problemKey, (samples = new Map()));
  samples.set(sample.index, hashText(sample.text));
}

/** Problem key -> sample index -> what it says of the problem, of the samples that say something. */
export type Draws = Map<string, Map<number, Draw>>;

/** Does nothing for a sample that is to be judged yet. */
export function addDraw(draws: Draws, sample: Sample, problem: Pick<Problem, "gold">): void {
  const draw = drawOf(sample, problem);
  if (draw === undefined) return;
  let ofProblem = draws.get(sample.problemKey);
  if (ofProblem === undefined) draws.set(sample.problemKey, (ofProblem = new Map()));
  ofProblem.set(sample.index, draw);
}

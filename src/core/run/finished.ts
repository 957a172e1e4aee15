import { hashText } from "../dataset/hash.ts";
import type { Sample } from "../model.ts";

/** Problem key -> sample index -> hash of its text. */
export type Finished = Map<string, Map<number, number>>;

export function addFinished(finished: Finished, sample: Sample): void {
  let samples = finished.get(sample.problemKey);
  if (samples === undefined) finished.set(sample.problemKey, (samples = new Map()));
  samples.set(sample.index, hashText(sample.text));
}

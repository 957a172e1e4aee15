import { hashText } from "../dataset/hash.ts";
import type { Sample } from "../model.ts";
import type { RunLog } from "./log.ts";

/** Shorter texts ("The answer is 4.") repeat by themselves and say nothing about the seeds. */
const leastDuplicateChars = 64;

/**
 * Finds samples of one problem that have different seeds and the same text: the endpoint ignores the seed, or caches
 * (SGLang and several hosts have done both), and pass@k would count copies as independent samples.
 */
export class DuplicateFinder {
  private readonly log: RunLog;
  private readonly samplesPerProblem: number;
  private readonly seen = new Map<string, { first: Map<number, number>; count: number; told: boolean }>();
  private repeated = 0;

  constructor(log: RunLog, samplesPerProblem: number) {
    this.log = log;
    this.samplesPerProblem = samplesPerProblem;
  }

  /** Samples of this session that repeat another one. */
  get count(): number {
    return this.repeated;
  }

  /** Takes a sample that was just written; the two indexes when it is the first repetition of its problem. */
  add(sample: Sample): readonly number[] | null {
    const of = this.ofProblem(sample);
    of.count += 1;
    const hash = this.log.finishedOf(sample.problemKey).get(sample.index) ?? hashText(sample.text);
    const twin = of.first.get(hash);
    const isNew = twin === undefined || twin === sample.index;
    if (isNew) of.first.set(hash, sample.index);
    // All samples of the problem are there: nothing more can repeat.
    if (of.count >= this.samplesPerProblem) this.seen.delete(sample.problemKey);
    if (isNew || sample.text.length < leastDuplicateChars) return null;
    this.repeated += 1;
    if (of.told) return null;
    of.told = true;
    return [twin, sample.index].sort((a, b) => a - b);
  }

  private ofProblem(sample: Sample): { first: Map<number, number>; count: number; told: boolean } {
    let of = this.seen.get(sample.problemKey);
    if (of === undefined) {
      of = { first: new Map(), count: 0, told: false };
      for (const [index, hash] of this.log.finishedOf(sample.problemKey)) {
        if (index === sample.index) continue;
        of.count += 1;
        if (!of.first.has(hash)) of.first.set(hash, index);
      }
      this.seen.set(sample.problemKey, of);
    }
    return of;
  }
}

import { hashText } from "../core/dataset/hash.ts";
import { type StoppedReading, tallyStopped, withReach } from "../core/dataset/stoppedTally.ts";
import { tallySamples, type CountedSample } from "../core/dataset/tallySamples.ts";
import type { ProblemTally, RunTally, Sample } from "../core/model.ts";
import { type RunPlan, stoppedReadingOf } from "../core/run/plan.ts";

/** Counts of a run while its samples arrive. Holds no text: verdicts, outcomes and hashes. */
export class LiveTally {
  private readonly plan: RunPlan;
  private readonly stopped: StoppedReading | null;
  private readonly samples = new Map<string, Map<number, CountedSample>>();
  private readonly counted = new Map<string, ProblemTally>();

  constructor(plan: RunPlan) {
    this.plan = plan;
    this.stopped = stoppedReadingOf(plan, plan.problems);
  }

  /** A sample that was on disk already. */
  addEarlier(problemKey: string, index: number, sample: CountedSample): void {
    this.put(problemKey, index, sample);
  }

  add(sample: Sample): void {
    const textHash = sample.text === "" ? null : hashText(sample.text);
    this.put(sample.problemKey, sample.index, { outcome: sample.outcome, verdict: sample.verdict, textHash });
  }

  /** Only problems with new samples are counted again. */
  tally(): RunTally {
    const { plan, stopped } = this;
    const problems = plan.problems.map((problem) => {
      const known = this.counted.get(problem.key);
      if (known !== undefined) return known;
      const samples = this.samples.get(problem.key);
      const fresh =
        stopped === null
          ? tallySamples(problem, samples?.values() ?? [])
          : tallyStopped(problem, samples ?? [], stopped);
      this.counted.set(problem.key, fresh);
      return fresh;
    });
    return {
      id: plan.id,
      name: plan.name,
      role: plan.role,
      dataset: plan.dataset.name,
      protocol: plan.protocol,
      verifier: plan.protocol.verifier,
      metadata: plan.metadata,
      ...(stopped === null ? {} : { stopPlan: stopped.plan }),
      problems: stopped === null ? problems : withReach(problems),
    };
  }

  /** A later sample of the same index holds, as in the log. */
  private put(problemKey: string, index: number, sample: CountedSample): void {
    const ofProblem = this.samples.get(problemKey) ?? new Map<number, CountedSample>();
    ofProblem.set(index, sample);
    this.samples.set(problemKey, ofProblem);
    this.counted.delete(problemKey);
  }
}

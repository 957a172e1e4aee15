import type { RolloutRun } from "../core/dataset/readRollouts.ts";
import { tallySamples } from "../core/dataset/tallySamples.ts";
import type { StopPlan } from "../core/estimate/adaptive/stopPlan.ts";
import type { Problem, RunTally } from "../core/model.ts";
import type { RunHeader } from "../core/run/store.ts";

/** All problems of the plan, also those that have no sample yet. */
export function sampledTally(
  id: string,
  {
    header,
    problems,
    run,
    stopPlan,
  }: {
    readonly header: RunHeader;
    readonly problems: readonly Problem[];
    readonly run: RolloutRun | null;
    readonly stopPlan: StopPlan | null;
  },
): RunTally {
  const { plan } = header;
  const counted = new Map(run?.tally.problems.map((tally) => [tally.problem.key, tally]));
  return {
    id,
    name: plan.name,
    role: plan.role,
    dataset: plan.dataset.name,
    protocol: plan.protocol,
    verifier: run === null || run.tally.verifier === "none" ? plan.protocol.verifier : run.tally.verifier,
    metadata: plan.metadata,
    ...(stopPlan === null ? {} : { stopPlan }),
    problems: problems.map((problem) => counted.get(problem.key) ?? tallySamples(problem, [])),
  };
}

import type { RunLog } from "../core/run/store.ts";
import type { RunEntry } from "./runEntry.ts";
import { problemSetOf } from "./summary.ts";

/** A run whose log was just opened, to be sampled; `earlier` knows what an earlier session had counted of it. */
export function startedEntry(log: RunLog, earlier: RunEntry | null): RunEntry {
  const { plan, folder } = log;
  return {
    id: plan.id,
    name: plan.name,
    role: plan.role,
    dataset: plan.dataset.name,
    datasetProblems: plan.problems.length,
    problemSet: problemSetOf(plan.problems),
    source: { kind: "sampled", folder },
    ...(earlier?.study === undefined ? {} : { study: earlier.study }),
    state: "running",
    finished: log.counts.finished,
    total: plan.problems.length * plan.samplesPerProblem,
    message: null,
    failure: null,
    summary: earlier?.summary ?? null,
    verdicts: earlier?.verdicts ?? null,
    createdAt: log.header.createdAt,
    stamp: null,
  };
}

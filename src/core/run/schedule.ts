import type { GenerateRequest } from "./generate.ts";
import type { RunLog } from "./log.ts";
import type { SampleTask } from "./outcome.ts";
import type { RunPlan } from "./plan.ts";
import { renderPrompt } from "./templates.ts";

/** Every sample that is not on disk: all of a problem, then the next problem. Seed = base + index, as vLLM's own n does. */
export function* missingSamples(plan: RunPlan, log: RunLog): Generator<SampleTask, void, void> {
  for (const problem of plan.problems) {
    for (let index = 0; index < plan.samplesPerProblem; index += 1) {
      if (log.isFinished(problem.key, index)) continue;
      yield { problem, index, seed: plan.protocol.seed + index };
    }
  }
}

export function requestFor(plan: RunPlan, task: SampleTask): GenerateRequest {
  const { protocol } = plan;
  return {
    input: renderPrompt(plan.template, task.problem.question, protocol),
    seed: task.seed,
    temperature: protocol.temperature,
    topP: protocol.topP,
    maxTokens: protocol.maxTokens,
    stop: protocol.stop,
    extraBody: protocol.extraBody,
    stickyKey: task.problem.key,
  };
}

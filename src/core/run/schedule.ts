import type { Problem } from "../model.ts";
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

/** The requests of a run; those of one problem in a row share its rendered prompt. */
export function requestsOf(plan: RunPlan): (task: SampleTask) => GenerateRequest {
  const { protocol, template } = plan;
  let last: Problem | null = null;
  let input: GenerateRequest["input"] = { api: "completions", prompt: "" };
  return ({ problem, seed }) => {
    if (problem !== last) input = renderPrompt(template, problem.question, protocol);
    last = problem;
    return {
      input,
      seed,
      temperature: protocol.temperature,
      topP: protocol.topP,
      maxTokens: protocol.maxTokens,
      stop: protocol.stop,
      extraBody: protocol.extraBody,
      stickyKey: problem.key,
    };
  };
}

import type { Problem, Sample } from "../model.ts";
import type { CancelSignal } from "../ports.ts";
import type { StoppingProgress } from "./events.ts";
import type { GenerateRequest } from "./generate.ts";
import type { RunLog } from "./log.ts";
import type { SampleTask } from "./outcome.ts";
import { type RunPlan, stoppedReadingOf } from "./plan.ts";
import { StopSchedule } from "./stopSchedule.ts";
import { renderPrompt } from "./templates.ts";

/** Which sample is asked for next. */
export interface Schedule {
  /** `null`: none at the moment. */
  next(): SampleTask | null;
  /** None later either. */
  readonly isOver: boolean;
  /** A sample that was asked for is kept or given up (then `sample` is the failed one). */
  settled(task: SampleTask, sample: Sample): void;
  /** A sample that was on disk without a verdict has one now. */
  judged(sample: Sample): void;
  /** Resolves when something was settled, or when `signal` aborts. */
  change(signal: CancelSignal): Promise<void>;
  /** Samples of the whole run, at most. */
  readonly total: number;
  /** Of a run that stops problems early; else `null`. */
  readonly stopping: StoppingProgress | null;
}

/** The schedule of a plan, on from what is on disk. */
export function scheduleOf(plan: RunPlan, log: RunLog): Schedule {
  const reading = stoppedReadingOf(plan, plan.problems);
  return reading === null ? new EverySample(plan, log) : new StopSchedule(plan, log, reading);
}

class EverySample implements Schedule {
  isOver = false;
  readonly total: number;
  readonly stopping = null;
  readonly #tasks: Generator<SampleTask, void, void>;

  constructor(plan: RunPlan, log: RunLog) {
    this.#tasks = missingSamples(plan, log);
    this.total = plan.problems.length * plan.samplesPerProblem;
  }

  next(): SampleTask | null {
    const { value, done } = this.#tasks.next();
    this.isOver = done === true;
    return done === true ? null : value;
  }

  settled(): void {
    // What was asked for says nothing of what is to be asked for.
  }

  judged(): void {
    // The same.
  }

  change(): Promise<void> {
    return Promise.resolve();
  }
}

/** Every sample that is not on disk: all of a problem, then the next problem. Seed = base + index, as vLLM's own n does. */
function* missingSamples(plan: RunPlan, log: RunLog): Generator<SampleTask, void, void> {
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

import type { Problem, Sample } from "../model.ts";
import type { CancelSignal, Clock, Random } from "../ports.ts";
import type { Verifier } from "../verify/verifier.ts";
import { LensError } from "../errors.ts";
import { type Attempted, type AttemptPorts, attemptSample } from "./attempt.ts";
import { CancelSource, cancelWith } from "./cancel.ts";
import { DuplicateFinder } from "./duplicates.ts";
import { EventQueue } from "./eventQueue.ts";
import type { RunEvent, StopCode } from "./events.ts";
import { EndpointGate } from "./gate.ts";
import type { EndpointError, Generation, Generator } from "./generate.ts";
import type { RunLog } from "./log.ts";
import { type SampleTask, failedSample, finishedSample, judge } from "./outcome.ts";
import type { PauseSwitch } from "./pause.ts";
import type { RunPlan } from "./plan.ts";
import { ProgressMeter } from "./progress.ts";
import { type RetryPolicy, defaultRetryPolicy } from "./retry.ts";
import { requestsOf, type Schedule, scheduleOf } from "./schedule.ts";
import { type Stop, stopReason } from "./stopReason.ts";

export interface RunPorts {
  readonly generator: Generator;
  readonly verifier: Verifier;
  /** From `createRun` or `openRun`; the caller closes it after the last event. */
  readonly log: RunLog;
  readonly clock: Clock;
  /** For retry jitter. */
  readonly random: Random;
  /** Requests in flight. Default 64. */
  readonly concurrency?: number;
  /** While it is paused no new request starts; those in flight end and are kept. */
  readonly pause?: PauseSwitch;
  readonly retry?: RetryPolicy;
}

const defaultConcurrency = 64;
const maxDownMs = 10 * 60_000;
/** So many refusals as wrong requests, and not one answer: the plan does not fit the endpoint. */
const badRequestsToStop = 8;
/** Answered samples that may wait for their verdict or their place on disk, per request in flight. */
const finishingPerRequest = 4;
/** VS Code gives a window that closes five seconds. */
const judgeGraceMs = 2000;

/**
 * Samples what the log has not yet, in problem-major order (so that a problem's prefix stays in the server's cache), and
 * yields what happens; ends with `stopped` or `done`. Leaving the loop early cancels the requests in flight; what was
 * answered is written in every case. Throws for bugs only.
 */
export function runPlan(
  plan: RunPlan,
  ports: RunPorts,
  signal: CancelSignal,
): AsyncGenerator<RunEvent, void, void> {
  return new Session(plan, ports).events(signal);
}

class Session {
  private readonly plan: RunPlan;
  private readonly ports: RunPorts;
  private readonly attempt: AttemptPorts;
  private readonly queue = new EventQueue<RunEvent>();
  private readonly cancel = new CancelSource();
  /** Ends what is still being judged some time after `cancel`: a program may take a minute. */
  private readonly judgeCancel = new CancelSource();
  private readonly schedule: Schedule;
  private readonly meter: ProgressMeter;
  private readonly duplicates: DuplicateFinder;
  private readonly finishing = new Set<Promise<void>>();
  private readonly waitingForRoom: (() => void)[] = [];
  private readonly concurrency: number;
  private readonly requestFor: ReturnType<typeof requestsOf>;
  private stopped: Stop | null = null;
  private bug: { readonly error: unknown } | null = null;
  private badRequests = 0;

  constructor(plan: RunPlan, ports: RunPorts) {
    this.plan = plan;
    this.requestFor = requestsOf(plan);
    this.ports = ports;
    this.concurrency = ports.concurrency ?? defaultConcurrency;
    const gate = new EndpointGate(ports.clock);
    this.duplicates = new DuplicateFinder(ports.log, plan.samplesPerProblem);
    this.schedule = scheduleOf(plan, ports.log);
    this.meter = new ProgressMeter({
      log: ports.log,
      clock: ports.clock,
      gate,
      duplicates: this.duplicates,
      schedule: this.schedule,
      isPaused: () => ports.pause?.paused ?? false,
      report: (progress) => this.queue.push({ type: "progress", progress }),
    });
    this.attempt = {
      generator: ports.generator,
      gate,
      clock: ports.clock,
      random: ports.random,
      retry: ports.retry ?? defaultRetryPolicy,
      maxDownMs,
      onWait: (error, untilMs) => this.meter.wait(error.message, untilMs),
    };
  }

  async *events(signal: CancelSignal): AsyncGenerator<RunEvent, void, void> {
    const untie = cancelWith(this.cancel, signal);
    const work = this.work().then(
      () => this.queue.end(),
      (error: unknown) => this.queue.fail(error),
    );
    try {
      for (let events = await this.queue.take(); events !== null; events = await this.queue.take())
        for (const event of events) yield event;
    } finally {
      this.cancel.cancel();
      untie();
      await work;
    }
  }

  private async work(): Promise<void> {
    this.meter.start();
    const allJudged = new CancelSource();
    const untie = this.onCancel(() => void this.endJudging(allJudged.signal));
    try {
      await this.judgeLeft();
      await Promise.all(Array.from({ length: this.concurrency }, () => this.worker()));
    } finally {
      await Promise.all(this.finishing);
      allJudged.cancel();
      untie();
      this.meter.stop();
    }
    if (this.bug !== null) throw this.bug.error;
    this.queue.push(this.lastEvent());
  }

  private onCancel(listener: () => void): () => void {
    this.cancel.signal.addEventListener("abort", listener);
    return () => this.cancel.signal.removeEventListener("abort", listener);
  }

  private async endJudging(allJudged: CancelSignal): Promise<void> {
    await this.ports.clock.sleep(judgeGraceMs, allJudged);
    this.judgeCancel.cancel();
  }

  /** What an earlier session answered and had no time to judge. */
  private async judgeLeft(): Promise<void> {
    const problems = new Map(this.plan.problems.map((problem) => [problem.key, problem]));
    for (const sample of this.ports.log.unjudged) {
      if (this.cancel.signal.aborted) return;
      const problem = problems.get(sample.problemKey);
      if (problem !== undefined) this.finish(this.judgeAgain(problem, sample));
      await this.roomToFinish();
    }
  }

  private async judgeAgain(problem: Problem, sample: Sample): Promise<void> {
    const item = { problem, response: sample.text };
    const judged = { ...sample, ...(await judge(this.ports.verifier, item, this.judgeCancel.signal)) };
    if (judged.verdict === null) return;
    await this.ports.log.judged(judged);
    this.queue.push({ type: "sample", sample: judged });
    this.schedule.judged(judged);
    this.meter.finished();
  }

  private lastEvent(): RunEvent {
    const progress = this.meter.snapshot();
    if (!this.cancel.signal.aborted) return { type: "done", progress };
    const stop = this.stopped ?? { code: "cancelled", failure: "Stopped.", status: null };
    return { type: "stopped", reason: stopReason(stop, this.ports.log), progress };
  }

  /** One slot: asks for sample after sample. The next request goes out before the last answer is judged and written. */
  private async worker(): Promise<void> {
    const { pause } = this.ports;
    const { signal } = this.cancel;
    let settle = (): void => undefined;
    while (!signal.aborted) {
      const task = this.schedule.next();
      if (task === null) {
        settle();
        settle = () => undefined;
        if (this.schedule.isOver) return;
        await this.schedule.change(signal);
        continue;
      }
      if (pause?.paused === true) {
        settle();
        settle = () => undefined;
        await pause.whenRunning(signal);
      }
      const asked = this.ask(task);
      settle();
      const attempted = await asked;
      const of = task;
      settle = () => this.settle(of, attempted);
      const room = this.roomToFinish();
      if (room !== null) await room;
    }
    settle();
  }

  /** `null` where there is room now. */
  private roomToFinish(): Promise<void> | null {
    if (this.finishing.size < this.concurrency * finishingPerRequest) return null;
    return new Promise((resolve) => this.waitingForRoom.push(resolve));
  }

  /** Starts the request at once, within this call, where nothing is to be waited for. */
  private async ask(task: SampleTask): Promise<Attempted> {
    this.meter.began();
    try {
      return await attemptSample(this.requestFor(task), this.attempt, this.cancel.signal);
    } catch (error) {
      this.fail(error);
      return { kind: "cancelled" };
    } finally {
      this.meter.ended();
    }
  }

  private settle(task: SampleTask, attempted: Attempted): void {
    switch (attempted.kind) {
      case "generated":
        this.finish(this.keep(task, attempted.generation));
        return;
      case "failed":
        this.finish(this.give(task, attempted.error));
        return;
      case "stop":
        this.stop(attempted.code, attempted.error);
        return;
      case "cancelled":
    }
  }

  private finish(work: Promise<void>): void {
    const ended = (): void => {
      this.finishing.delete(tracked);
      this.waitingForRoom.shift()?.();
    };
    const tracked = work.then(ended, (error: unknown) => {
      ended();
      this.fail(error);
    });
    this.finishing.add(tracked);
  }

  private async keep(task: SampleTask, generation: Generation): Promise<void> {
    const item = { problem: task.problem, response: generation.text };
    const judged = await judge(this.ports.verifier, item, this.judgeCancel.signal);
    const sample = finishedSample(task, generation, judged);
    await this.write(task, sample);
    this.meter.finished();
    if (this.plan.protocol.temperature === 0) return;
    const indexes = this.duplicates.add(sample);
    if (indexes !== null) this.queue.push({ type: "duplicates", problemKey: sample.problemKey, indexes });
  }

  private async give(task: SampleTask, error: EndpointError): Promise<void> {
    await this.write(task, failedSample(task, error));
    this.meter.failed();
    if (error.code !== "badRequest" || this.ports.log.counts.finished > 0) return;
    this.badRequests += 1;
    if (this.badRequests < badRequestsToStop) return;
    this.stop("badRequest", error);
  }

  private async write(task: SampleTask, sample: Sample): Promise<void> {
    await this.ports.log.append(sample);
    this.schedule.settled(task, sample);
    this.queue.push({ type: "sample", sample });
  }

  private stop(code: StopCode, failure: Pick<EndpointError, "message" | "status">): void {
    if (!this.cancel.signal.aborted)
      this.stopped = { code, failure: failure.message, status: failure.status };
    this.cancel.cancel();
  }

  /** A folder that cannot be written stops the run; anything else is a bug, and loud. */
  private fail(error: unknown): void {
    if (error instanceof LensError && (error.code === "diskFull" || error.code === "storeFailed")) {
      this.stop(error.code, { message: error.message, status: null });
      return;
    }
    this.bug ??= { error };
    this.cancel.cancel();
  }
}

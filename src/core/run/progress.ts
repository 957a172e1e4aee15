import type { Clock } from "../ports.ts";
import { CancelSource } from "./cancel.ts";
import type { DuplicateFinder } from "./duplicates.ts";
import type { RunProgress } from "./events.ts";
import type { EndpointGate } from "./gate.ts";
import type { RunLog } from "./log.ts";
import type { Schedule } from "./schedule.ts";

/** Ten reports a second. */
const reportEveryMs = 100;

export interface MeterParts {
  readonly log: RunLog;
  readonly clock: Clock;
  readonly gate: EndpointGate;
  readonly duplicates: DuplicateFinder;
  readonly schedule: Pick<Schedule, "total" | "stopping">;
  readonly isPaused: () => boolean;
  readonly report: (progress: RunProgress) => void;
}

/** Counts what happens and reports it, at most ten times a second; a change is reported at the latest after that time. */
export class ProgressMeter {
  private readonly parts: MeterParts;
  private readonly end = new CancelSource();
  private readonly startedMs: number;
  private readonly finishedBefore: number;
  private failedCount = 0;
  private inFlight = 0;
  private waitingFor: RunProgress["waiting"] = null;
  private reportedMs = -Infinity;
  private isDue = false;

  constructor(parts: MeterParts) {
    this.parts = parts;
    this.startedMs = parts.clock.now();
    this.finishedBefore = parts.log.counts.finished;
  }

  start(): void {
    this.changed();
  }

  /** No more reports. */
  stop(): void {
    this.end.cancel();
  }

  began(): void {
    this.inFlight += 1;
    this.changed();
  }

  ended(): void {
    this.inFlight -= 1;
    this.changed();
  }

  finished(): void {
    this.changed();
  }

  failed(): void {
    this.failedCount += 1;
    this.changed();
  }

  /** A request waits for its next try. */
  wait(reason: string, untilMs: number): void {
    if (untilMs > (this.waitingFor?.untilMs ?? 0)) this.waitingFor = { reason, untilMs };
    this.changed();
  }

  snapshot(): RunProgress {
    const { log, clock, gate, duplicates, schedule, isPaused } = this.parts;
    const now = clock.now();
    if (this.waitingFor !== null && this.waitingFor.untilMs <= now) this.waitingFor = null;
    const { finished, truncated, correct, graded, completionTokens } = log.counts;
    return {
      finished,
      total: schedule.total,
      ...(schedule.stopping === null ? {} : { stopping: schedule.stopping }),
      failed: this.failedCount,
      truncated,
      correct,
      graded,
      duplicates: duplicates.count,
      inFlight: this.inFlight,
      completionTokens,
      elapsedMs: now - this.startedMs,
      finishedNow: finished - this.finishedBefore,
      paused: isPaused(),
      waiting: gate.waiting ?? this.waitingFor,
    };
  }

  private changed(): void {
    if (this.isDue) return;
    const waitMs = this.reportedMs + reportEveryMs - this.parts.clock.now();
    if (waitMs <= 0) {
      this.reportNow();
      return;
    }
    this.isDue = true;
    void this.parts.clock.sleep(waitMs, this.end.signal).then(() => {
      this.isDue = false;
      if (!this.end.signal.aborted) this.reportNow();
    });
  }

  private reportNow(): void {
    this.reportedMs = this.parts.clock.now();
    this.parts.report(this.snapshot());
  }
}

export interface PulseOptions {
  /** Least time between two calls, milliseconds. */
  readonly intervalMs: number;
  /** After a call that took t, rest for at least `restShare` x t: slow work never takes over the host. */
  readonly restShare: number;
}

/** On a busy machine a call takes long by the clock without being at work. */
const mostRestMs = 10_000;

/** Calls back soon after a beat, at most once an interval, never twice at a time; a beat meanwhile is not lost. */
export class Pulse {
  private readonly call: () => void | Promise<void>;
  private readonly options: PulseOptions;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private working = false;
  private again = false;
  private disposed = false;
  private restUntilMs = 0;

  constructor(call: () => void | Promise<void>, options: PulseOptions) {
    this.call = call;
    this.options = options;
  }

  beat(): void {
    if (this.disposed) return;
    if (this.working) this.again = true;
    else this.timer ??= setTimeout(() => void this.work(), Math.max(0, this.restUntilMs - performance.now()));
  }

  dispose(): void {
    this.disposed = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private async work(): Promise<void> {
    this.timer = null;
    this.working = true;
    const startedMs = performance.now();
    try {
      await this.call();
    } finally {
      const endedMs = performance.now();
      const { intervalMs, restShare } = this.options;
      const rest = Math.max(intervalMs, Math.min(mostRestMs, restShare * (endedMs - startedMs)));
      this.restUntilMs = endedMs + rest;
      this.working = false;
      if (this.again) {
        this.again = false;
        this.beat();
      }
    }
  }
}

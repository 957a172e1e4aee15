import type { CancelSignal } from "../../core/ports.ts";

/** At most so many at one time; the others wait in order. A task whose signal aborts while it waits is never started. */
export class Limiter {
  private readonly most: number;
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(most: number) {
    if (!Number.isInteger(most) || most < 1)
      throw new RangeError(`expected at least 1 at a time, got ${most}`);
    this.most = most;
  }

  async run<T>(task: () => Promise<T>, signal: CancelSignal, whenCancelled: () => Error): Promise<T> {
    if (this.running < this.most) this.running += 1;
    else if (!(await this.turn(signal))) throw whenCancelled();
    try {
      if (signal.aborted) throw whenCancelled();
      return await task();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }

  /** Resolves with `true` when a place is handed over, with `false` when the signal aborts before. */
  private turn(signal: CancelSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const enter = (): void => {
        signal.removeEventListener("abort", leave);
        resolve(true);
      };
      const leave = (): void => {
        signal.removeEventListener("abort", leave);
        this.waiting.splice(this.waiting.indexOf(enter), 1);
        resolve(false);
      };
      this.waiting.push(enter);
      signal.addEventListener("abort", leave);
    });
  }
}

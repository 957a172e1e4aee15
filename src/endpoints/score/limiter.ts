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
    if (this.running >= this.most) await this.turn(signal);
    else this.running += 1;
    try {
      if (signal.aborted) throw whenCancelled();
      return await task();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }

  /** Resolves when a place is handed over, or, with no place, never: an aborted one leaves the line and takes its turn at once. */
  private async turn(signal: CancelSignal): Promise<void> {
    let enter = (): void => undefined;
    const entered = new Promise<void>((resolve) => (enter = resolve));
    this.waiting.push(enter);
    const leave = (): void => {
      const place = this.waiting.indexOf(enter);
      if (place === -1) return;
      this.waiting.splice(place, 1);
      this.running += 1;
      enter();
    };
    signal.addEventListener("abort", leave);
    await entered;
    signal.removeEventListener("abort", leave);
  }
}

import type { CancelSignal } from "../ports.ts";

/** Lets a person hold a run: no new request starts while it is paused. */
export class PauseSwitch {
  private waiters: (() => void)[] = [];
  private held = false;

  get paused(): boolean {
    return this.held;
  }

  pause(): void {
    this.held = true;
  }

  resume(): void {
    this.held = false;
    const waiters = this.waiters;
    this.waiters = [];
    for (const wake of waiters) wake();
  }

  /** Resolves when it is not paused, or when `signal` aborts. */
  async whenRunning(signal: CancelSignal): Promise<void> {
    while (this.held && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          signal.removeEventListener("abort", wake);
          resolve();
        };
        this.waiters.push(wake);
        signal.addEventListener("abort", wake);
      });
    }
  }
}

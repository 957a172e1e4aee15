import type { CancelSignal } from "../ports.ts";

/** The core's own abort controller: core has none of the platform's. */
export class CancelSource {
  private readonly listeners = new Set<() => void>();
  private cancelled = false;
  readonly signal: CancelSignal;

  constructor() {
    const isCancelled = (): boolean => this.cancelled;
    this.signal = {
      get aborted(): boolean {
        return isCancelled();
      },
      addEventListener: (_type, listener) => void this.listeners.add(listener),
      removeEventListener: (_type, listener) => void this.listeners.delete(listener),
    };
  }

  /** Calls every listener once. */
  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    const listeners = [...this.listeners];
    this.listeners.clear();
    for (const listener of listeners) listener();
  }
}

/** Cancels `source` when `signal` aborts; returns what undoes the tie. */
export function cancelWith(source: CancelSource, signal: CancelSignal): () => void {
  const cancel = (): void => source.cancel();
  if (signal.aborted) cancel();
  signal.addEventListener("abort", cancel);
  return () => signal.removeEventListener("abort", cancel);
}

import type { CancelSignal, Clock } from "../ports.ts";

export interface GatePolicy {
  /** Connection errors in a row after which no request is made for a while. */
  readonly failuresToOpen: number;
  readonly firstPauseMs: number;
  readonly maxPauseMs: number;
}

const defaultGatePolicy: GatePolicy = { failuresToOpen: 5, firstPauseMs: 1000, maxPauseMs: 30_000 };

/**
 * What every request to one endpoint passes: a circuit breaker (closed, open for a while, one trial, closed again), and
 * the waiting a server asked for with `Retry-After`, which holds for all requests and not only for the one that was told.
 */
export class EndpointGate {
  private readonly clock: Clock;
  private readonly policy: GatePolicy;
  private failures = 0;
  private pauseMs: number;
  private openUntil = 0;
  private isOpen = false;
  private trial = false;
  private heldUntil = 0;
  private downSince: number | null = null;
  private waiters: (() => void)[] = [];

  constructor(clock: Clock, policy: GatePolicy = defaultGatePolicy) {
    this.clock = clock;
    this.policy = policy;
    this.pauseMs = policy.firstPauseMs;
  }

  get open(): boolean {
    return this.isOpen;
  }

  /** Whether `enter` would resolve at once. */
  get free(): boolean {
    return !this.isOpen && this.heldUntil <= this.clock.now();
  }

  /** How long the endpoint could not be reached, in milliseconds; 0 while it can. */
  get downMs(): number {
    return this.downSince === null ? 0 : this.clock.now() - this.downSince;
  }

  /** When the next request may start, and why not now; `null` when it may. */
  get waiting(): { readonly reason: string; readonly untilMs: number } | null {
    if (this.isOpen) return { reason: "the endpoint cannot be reached", untilMs: this.openUntil };
    if (this.heldUntil <= this.clock.now()) return null;
    return { reason: "the endpoint asked to wait", untilMs: this.heldUntil };
  }

  /** Resolves when a request may start, or when `signal` aborts. Each passage is answered by `reached` or `unreached`. */
  async enter(signal: CancelSignal): Promise<void> {
    while (!signal.aborted) {
      const until = Math.max(this.heldUntil, this.isOpen ? this.openUntil : 0);
      const ms = until - this.clock.now();
      if (ms <= 0 && !this.isOpen) return;
      if (ms <= 0 && !this.trial) {
        this.trial = true;
        return;
      }
      await this.change(ms, signal);
    }
  }

  /** The server answered, well or badly. */
  reached(): void {
    this.failures = 0;
    this.downSince = null;
    if (!this.isOpen) return;
    this.isOpen = false;
    this.trial = false;
    this.pauseMs = this.policy.firstPauseMs;
    this.wakeAll();
  }

  /** No connection. */
  unreached(): void {
    this.failures += 1;
    this.downSince ??= this.clock.now();
    if (!this.isOpen && this.failures < this.policy.failuresToOpen) return;
    // Of the requests that were under way when it opened, the late failures change nothing.
    if (this.isOpen && !this.trial) return;
    if (this.isOpen) this.pauseMs = Math.min(this.policy.maxPauseMs, this.pauseMs * 2);
    this.isOpen = true;
    this.trial = false;
    this.openUntil = this.clock.now() + this.pauseMs;
    this.wakeAll();
  }

  /** No request before this time: the server said so. */
  holdUntil(ms: number): void {
    if (ms <= this.heldUntil) return;
    this.heldUntil = ms;
    this.wakeAll();
  }

  /** Waits for a change of state, for `ms` at most where `ms` is above 0. */
  private async change(ms: number, signal: CancelSignal): Promise<void> {
    let wake = (): void => undefined;
    const changed = new Promise<void>((resolve) => (wake = resolve));
    this.waiters.push(wake);
    signal.addEventListener("abort", wake);
    if (ms > 0 && this.waiters.length === 1) {
      // One timer for all who wait; it wakes them when the time has come.
      void this.clock.sleep(ms, signal).then(() => this.wakeAll());
    }
    await changed;
    signal.removeEventListener("abort", wake);
  }

  private wakeAll(): void {
    const waiters = this.waiters;
    this.waiters = [];
    for (const wake of waiters) wake();
  }
}

/** Something that is looked at now and then. */
export interface Watched {
  check(nowMs: number): void;
}

/** Timeouts are told as much later at most. */
const everyMs = 50;

/**
 * One timer for all requests and idle sockets of an endpoint, where a socket timer each would be set anew by every
 * request; it runs while there is something to watch, and keeps no process alive.
 */
export class IdleWatch {
  private readonly watched = new Set<Watched>();
  private readonly onTick: (nowMs: number) => boolean;
  private timer: NodeJS.Timeout | null = null;

  /** @param onTick called with each tick; whether there is more to watch than what was added */
  constructor(onTick: (nowMs: number) => boolean) {
    this.onTick = onTick;
  }

  add(one: Watched): void {
    this.watched.add(one);
    if (this.timer !== null) return;
    this.timer = setInterval(() => this.tick(), everyMs);
    this.timer.unref();
  }

  delete(one: Watched): void {
    this.watched.delete(one);
  }

  private tick(): void {
    const nowMs = performance.now();
    for (const one of this.watched) one.check(nowMs);
    if (this.onTick(nowMs) || this.watched.size > 0 || this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
  }
}

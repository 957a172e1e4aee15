/** Work in idle time, a slice of a few milliseconds at a time. What it yields is the size of each part that is done. */
export class IdleSlices {
  private readonly sliceSize: number;
  private readonly timeoutMs: number;
  private work: Iterator<number> | null = null;
  private done: () => void = () => undefined;
  private handle = 0;

  /** `timeoutMs`: so long a slice waits for idle time before it is done anyway. */
  constructor(sliceSize: number, timeoutMs: number) {
    this.sliceSize = sliceSize;
    this.timeoutMs = timeoutMs;
  }

  get busy(): boolean {
    return this.work !== null;
  }

  /** Drops what was under way. */
  start(work: Iterable<number>, done: () => void): void {
    this.stop();
    this.work = work[Symbol.iterator]();
    this.done = done;
    this.wait();
  }

  stop(): void {
    cancelIdleCallback(this.handle);
    this.work = null;
  }

  /** All that is left, now. */
  finish(): void {
    cancelIdleCallback(this.handle);
    this.slice(Infinity);
  }

  private wait(): void {
    const timeout = this.timeoutMs;
    this.handle = requestIdleCallback(() => this.slice(this.sliceSize), { timeout });
  }

  private slice(size: number): void {
    const { work } = this;
    if (work === null) return;
    for (let done = 0; done < size;) {
      const part = work.next();
      if (part.done === true) {
        this.work = null;
        this.done();
        return;
      }
      done += part.value;
    }
    this.wait();
  }
}

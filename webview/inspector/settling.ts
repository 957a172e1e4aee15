// Elements that are laid out only where they are looked at (content-visibility) are laid out for good in idle time:
// then the scroll bar is true and scrolling never waits.

/** Characters that are laid out in one slice: a few milliseconds. */
const sliceLength = 12_000;

export class Settling {
  private readonly settled: () => void;
  private waiting: readonly Element[] = [];
  private at = 0;
  private handle = 0;

  constructor(settled: () => void) {
    this.settled = settled;
  }

  start(far: Iterable<Element>): void {
    cancelIdleCallback(this.handle);
    this.waiting = [...far];
    this.at = 0;
    if (this.waiting.length > 0) this.next();
  }

  private next(): void {
    // Not within the frame in which the text is new.
    this.handle = requestIdleCallback(() => this.slice(), { timeout: 500 });
  }

  private slice(): void {
    for (let length = 0; length < sliceLength && this.at < this.waiting.length; this.at++) {
      const element = this.waiting[this.at];
      element?.classList.remove("far");
      length += element?.textContent.length ?? 0;
    }
    if (this.at < this.waiting.length) return this.next();
    this.waiting = [];
    this.settled();
  }
}

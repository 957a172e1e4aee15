/** Hands what many writers push to one reader, in order; the reader waits when it is empty. */
export class EventQueue<T> {
  private items: T[] = [];
  private ended = false;
  private failure: { readonly error: unknown } | null = null;
  private wake: (() => void) | null = null;

  push(item: T): void {
    this.items.push(item);
    this.stir();
  }

  /** No more items: the reader ends after the last one. */
  end(): void {
    this.ended = true;
    this.stir();
  }

  /** The reader gets what was pushed, then the error. */
  fail(error: unknown): void {
    this.failure ??= { error };
    this.end();
  }

  /** What was pushed since, at least one item; `null` at the end. For one reader. */
  async take(): Promise<readonly T[] | null> {
    while (this.items.length === 0) {
      if (this.failure !== null) throw this.failure.error;
      if (this.ended) return null;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    const { items } = this;
    this.items = [];
    return items;
  }

  private stir(): void {
    const wake = this.wake;
    this.wake = null;
    wake?.();
  }
}

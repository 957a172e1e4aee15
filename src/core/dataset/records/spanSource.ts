import type { ByteSource } from "../../ports.ts";

/** A source that can hold one span of its bytes in memory: many small reads near each other become one. */
export class SpanSource implements ByteSource {
  readonly name: string;
  readonly byteLength: number;
  readonly #source: ByteSource;
  #start = 0;
  #bytes = new ArrayBuffer(0);

  constructor(source: ByteSource) {
    this.#source = source;
    this.name = source.name;
    this.byteLength = source.byteLength;
  }

  slice(start: number, end: number = this.byteLength): Promise<ArrayBuffer> {
    if (!this.holds(start, end)) return this.#source.slice(start, end);
    return Promise.resolve(this.#bytes.slice(start - this.#start, end - this.#start));
  }

  holds(start: number, end: number): boolean {
    return start >= this.#start && end <= this.#start + this.#bytes.byteLength;
  }

  /** Instead of what was held before. */
  async hold(start: number, end: number): Promise<void> {
    this.#bytes = await this.#source.slice(start, end);
    this.#start = start;
  }
}

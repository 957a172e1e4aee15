// Compact storage: a sample of a 200 MB file must cost tens of bytes, not an object.

type Typed = Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** A typed array that grows by doubling. */
export class Column<T extends Typed> {
  #values: T;
  #length = 0;
  readonly #make: (length: number) => T;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#values = make(64);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = this.#make(2 * this.#length);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length] = value;
    this.#length++;
  }

  at(index: number): number {
    return this.#values[index] ?? Number.NaN;
  }
}

export const float64Column = (): Column<Float64Array<ArrayBuffer>> =>
  new Column((length) => new Float64Array(length));
export const uint32Column = (): Column<Uint32Array<ArrayBuffer>> =>
  new Column((length) => new Uint32Array(length));

/** Values that repeat, each kept once under a number. */
export class Interned<T> {
  readonly #numbers = new Map<string, number>();
  readonly #values: T[] = [];

  /** The value's number. `make` is called for a name not seen before, with a copy of it that shares no memory. */
  add(name: string, make: (name: string) => T): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const own = copyText(name);
    this.#numbers.set(own, this.#values.length);
    this.#values.push(make(own));
    return this.#values.length - 1;
  }

  at(number: number): T {
    return this.#values[number] as T;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** V8 keeps a whole text alive for a slice of it: an extracted answer must not hold its sample. */
export function copyText(text: string): string {
  return decoder.decode(encoder.encode(text));
}

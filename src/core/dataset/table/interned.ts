/** Values that repeat, each kept once under a number. */
export class Interned<T> {
  readonly #numbers = new Map<string, number>();
  readonly #values: T[] = [];
  #last: { readonly name: string; readonly number: number } = { name: "", number: -1 };

  /** The value's number. `make` is called for a name not seen before, with a copy of it that shares no memory. */
  add(name: string, make: (name: string) => T): number {
    if (name === this.#last.name && this.#last.number !== -1) return this.#last.number;
    const known = this.#numbers.get(name);
    if (known !== undefined) {
      this.#last = { name, number: known };
      return known;
    }
    const own = copyText(name);
    this.#numbers.set(own, this.#values.length);
    this.#values.push(make(own));
    return this.#values.length - 1;
  }

  at(number: number): T {
    return this.#values[number] as T;
  }

  /** In the order of their numbers. */
  all(): readonly T[] {
    return this.#values;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** V8 makes no slices shorter than this. */
const shortestSlice = 13;

/** V8 keeps a whole text alive for a slice of it: an extracted answer must not hold its sample. */
export function copyText(text: string): string {
  if (text.length < shortestSlice) return text;
  return decoder.decode(encoder.encode(text));
}

import type { Verdict } from "../../model.ts";
import { VerdictList } from "../table/verdictList.ts";
import type { SamplePlace, VerdictLine } from "./verdictLine.ts";

/** The verdicts of one set as columns of numbers, 36 bytes a sample; each different verdict is kept once. */
export class VerdictTable {
  #length = 0;
  #starts = new Float64Array(64);
  #ordinals = new Uint32Array(64);
  #prints = new Float64Array(64);
  #bases = new Float64Array(64);
  #numbers = new Uint32Array(64);
  readonly #verdicts = new VerdictList();
  /** Rows by place where they were not added in that order; `null`: they were, or it is to be made. */
  #order: Uint32Array | null = null;
  #inOrder = true;

  get length(): number {
    return this.#length;
  }

  add({ start, ordinal, print, basis, verdict }: VerdictLine): void {
    const row = this.#length;
    if (row === this.#numbers.length) this.#grow();
    this.#length++;
    this.#starts[row] = start;
    this.#ordinals[row] = ordinal;
    this.#prints[row] = print ?? Number.NaN;
    this.#bases[row] = basis;
    this.#numbers[row] = this.#verdicts.add(verdict);
    this.#order = null;
    if (row > 0 && this.#compare(row - 1, { start, ordinal }) >= 0) this.#inOrder = false;
  }

  /** The verdict of the sample at a place whose text still is the one that was judged; else `null`. */
  find(place: SamplePlace, print: number | null): Verdict | null {
    const row = this.#row(place);
    return row === null || !this.#isText(row, print) ? null : this.#verdicts.at(this.#numbers[row] ?? 0);
  }

  /** Has this text been judged by this question and gold answer? */
  covers(place: SamplePlace, print: number | null, basis: number): boolean {
    const row = this.#row(place);
    return row !== null && this.#isText(row, print) && this.#bases[row] === basis;
  }

  #isText(row: number, print: number | null): boolean {
    const own = this.#prints[row] ?? Number.NaN;
    return print === null ? Number.isNaN(own) : own === print;
  }

  /** Of several rows at a place the one added last. */
  #row(place: SamplePlace): number | null {
    const rows = this.#sorted();
    let [low, high] = [0, this.#length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(rows === null ? middle : rows[middle]!, place) <= 0) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return null;
    const row = rows === null ? low - 1 : rows[low - 1]!;
    return this.#compare(row, place) === 0 ? row : null;
  }

  #compare(row: number, { start, ordinal }: SamplePlace): number {
    return this.#starts[row]! - start || this.#ordinals[row]! - ordinal;
  }

  #sorted(): Uint32Array | null {
    if (this.#inOrder) return null;
    if (this.#order !== null) return this.#order;
    const [starts, ordinals] = [this.#starts, this.#ordinals];
    this.#order = Uint32Array.from({ length: this.#length }, (_, row) => row).sort(
      (a, b) => starts[a]! - starts[b]! || ordinals[a]! - ordinals[b]! || a - b,
    );
    return this.#order;
  }

  #grow(): void {
    const length = 2 * this.#numbers.length;
    const larger = <T extends Float64Array | Uint32Array>(made: T, old: T): T => (made.set(old), made);
    this.#starts = larger(new Float64Array(length), this.#starts);
    this.#ordinals = larger(new Uint32Array(length), this.#ordinals);
    this.#prints = larger(new Float64Array(length), this.#prints);
    this.#bases = larger(new Float64Array(length), this.#bases);
    this.#numbers = larger(new Uint32Array(length), this.#numbers);
  }
}

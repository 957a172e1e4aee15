import type { Verdict } from "../../model.ts";
import { VerdictList } from "../table/verdictList.ts";
import type { SamplePlace, VerdictLine } from "./verdictLine.ts";

/** Rows [from, to) of the table; `order`: by place, where they do not stand so. */
interface SortedRows {
  readonly from: number;
  to: number;
  readonly order: Uint32Array | null;
}

/** More runs than this are sorted into one. */
const mostRuns = 16;

/** The verdicts of one set as columns of numbers, 36 bytes a sample; each different verdict is kept once. */
export class VerdictTable {
  #length = 0;
  #starts = new Float64Array(64);
  #ordinals = new Uint32Array(64);
  #prints = new Float64Array(64);
  #bases = new Float64Array(64);
  #numbers = new Uint32Array(64);
  readonly #verdicts = new VerdictList();
  /** Each of them in the order of places: every pass over a file adds one. */
  #runs: SortedRows[] = [];

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
    const run = this.#runs.at(-1);
    if (run?.order === null && this.#compare(row - 1, { start, ordinal }) < 0) run.to++;
    else this.#begin(row);
  }

  #begin(row: number): void {
    this.#runs.push({ from: row, to: row + 1, order: null });
    if (this.#runs.length > mostRuns) this.#runs = [{ from: 0, to: this.#length, order: this.#sorted() }];
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
    for (let at = this.#runs.length - 1; at >= 0; at--) {
      const row = this.#rowIn(this.#runs[at]!, place);
      if (row !== null) return row;
    }
    return null;
  }

  #rowIn({ from, to, order }: SortedRows, place: SamplePlace): number | null {
    const rowAt = (at: number): number => (order === null ? at : order[at]!);
    let [low, high] = [from, to];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(rowAt(middle), place) <= 0) low = middle + 1;
      else high = middle;
    }
    if (low === from) return null;
    const row = rowAt(low - 1);
    return this.#compare(row, place) === 0 ? row : null;
  }

  #compare(row: number, { start, ordinal }: SamplePlace): number {
    return this.#starts[row]! - start || this.#ordinals[row]! - ordinal;
  }

  #sorted(): Uint32Array {
    const [starts, ordinals] = [this.#starts, this.#ordinals];
    return Uint32Array.from({ length: this.#length }, (_, row) => row).sort(
      (a, b) => starts[a]! - starts[b]! || ordinals[a]! - ordinals[b]! || a - b,
    );
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

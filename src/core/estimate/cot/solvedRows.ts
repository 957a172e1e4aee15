import { unsolvedRow } from "../unsolvedRow.ts";

/** pass@k of (n, c) at each of the ascending ks that n allows; equal counts are computed once. */
export class SolvedRows {
  readonly #ks: readonly number[];
  readonly #rows = new Map<number, Float64Array>();

  constructor(ks: readonly number[]) {
    this.#ks = ks;
  }

  /** As long as there are k <= n. */
  row(n: number, c: number): Float64Array {
    const key = n * 2 ** 26 + c;
    let row = this.#rows.get(key);
    if (row === undefined) {
      const allowed = this.#ks.filter((k) => k <= n);
      row = unsolvedRow(n, c, allowed).map((unsolved) => 1 - unsolved);
      this.#rows.set(key, row);
    }
    return row;
  }
}

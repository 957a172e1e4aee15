import { unsolvedRow } from "../unsolvedRow.ts";

/** pass@k of (n, c) at each of the ascending ks that n allows; equal counts are computed once. */
export class SolvedRows {
  readonly #ks: readonly number[];
  readonly #byN = new Map<number, SolvedRow[]>();

  constructor(ks: readonly number[]) {
    this.#ks = ks;
  }

  /** As long as there are k <= n. */
  row(n: number, c: number): Float64Array {
    return this.of(n).at(c);
  }

  /** The rows of one n. */
  of(n: number): { readonly at: (c: number) => Float64Array } {
    const known = this.#byN.get(n) ?? [];
    this.#byN.set(n, known);
    const allowed = this.#ks.filter((k) => k <= n);
    return { at: (c) => (known[c] ??= unsolvedRow(n, c, allowed).map((unsolved) => 1 - unsolved)) };
  }
}

type SolvedRow = Float64Array;

import type { Context } from "./context.ts";
import type { Expression } from "./expression.ts";

/** An end of a piece: its expression, and a double to sort it by. */
export interface Bound {
  readonly at: number;
  readonly node: Expression | null;
}

/** From `low` to `high`; an end belongs to it or not. A single point has both ends in it. */
export interface Piece {
  readonly low: Bound;
  readonly high: Bound;
  readonly withLow: boolean;
  readonly withHigh: boolean;
}

/** A set of real numbers as pieces in ascending order that do not touch. */
export type RealSet = readonly Piece[];

export const lowest: Bound = { at: -Infinity, node: null };
export const highest: Bound = { at: Infinity, node: null };

export const everything: RealSet = [{ low: lowest, high: highest, withLow: false, withHigh: false }];

const same = (a: number, b: number): boolean =>
  a === b || (Number.isFinite(a - b) && Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(a), Math.abs(b)));

const isEmpty = (piece: Piece): boolean =>
  same(piece.low.at, piece.high.at)
    ? !(piece.withLow && piece.withHigh && Number.isFinite(piece.low.at))
    : piece.low.at > piece.high.at;

/** Pieces in order, those that meet joined. */
export function unite(pieces: readonly Piece[]): RealSet {
  const sorted = pieces
    .filter((piece) => !isEmpty(piece))
    .sort((a, b) => a.low.at - b.low.at || Number(b.withLow) - Number(a.withLow));
  const out: Piece[] = [];
  for (const piece of sorted) {
    const last = out.at(-1);
    const meets =
      last !== undefined &&
      (same(piece.low.at, last.high.at) ? piece.withLow || last.withHigh : piece.low.at < last.high.at);
    if (!meets) out.push(piece);
    else out[out.length - 1] = joined(last, piece);
  }
  return out;
}

function joined(a: Piece, b: Piece): Piece {
  const low = { low: a.low, withLow: a.withLow || (same(a.low.at, b.low.at) && b.withLow) };
  if (same(a.high.at, b.high.at)) return { ...low, high: a.high, withHigh: a.withHigh || b.withHigh };
  const further = a.high.at > b.high.at ? a : b;
  return { ...low, high: further.high, withHigh: further.withHigh };
}

export function complement(set: RealSet): RealSet {
  const out: Piece[] = [];
  let [low, withLow]: [Bound, boolean] = [lowest, false];
  for (const piece of set) {
    out.push({ low, withLow, high: piece.low, withHigh: !piece.withLow && Number.isFinite(piece.low.at) });
    [low, withLow] = [piece.high, !piece.withHigh];
  }
  if (low.at < Infinity) out.push({ low, withLow, high: highest, withHigh: false });
  return unite(out);
}

export const intersect = (a: RealSet, b: RealSet): RealSet =>
  complement(unite([...complement(a), ...complement(b)]));

/** The same pieces: ends of the same kind, and equal as expressions. */
export function sameRealSet(a: RealSet, b: RealSet, context: Context): boolean {
  return (
    a.length === b.length &&
    a.every((piece, k) => {
      const other = b[k]!;
      return (
        piece.withLow === other.withLow &&
        piece.withHigh === other.withHigh &&
        sameBound(piece.low, other.low, context) &&
        sameBound(piece.high, other.high, context)
      );
    })
  );
}

function sameBound(a: Bound, b: Bound, context: Context): boolean {
  if (!Number.isFinite(a.at) || !Number.isFinite(b.at)) return a.at === b.at;
  return a.node !== null && b.node !== null && context.same(a.node, b.node) !== null;
}

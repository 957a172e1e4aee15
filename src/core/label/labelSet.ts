import type { CotVerdict, ItemId, Label, Rater } from "./model.ts";

/** Labels that count, of one or more raters. */
export interface LabelSet {
  /** By name, humans first. */
  readonly raters: readonly Rater[];
  /** Each rater's last label of the item, without adjudications; by rater's name. */
  of(item: ItemId): readonly Label[];
  adjudicationOf(item: ItemId): Label | null;
  /** Every item that has a label of any kind. */
  items(): Iterable<ItemId>;
  /** What humans say of the item together; models are not asked. */
  agreed(item: ItemId): Agreed;
}

/**
 * `agreed`: all say so, most of three or more do, or it was adjudicated. `conflict`: no verdict has a majority.
 * `disputed`: not all said the same (a majority may still decide).
 */
export type Agreed =
  | { readonly kind: "none" }
  | { readonly kind: "conflict"; readonly disputed: true }
  | {
      readonly kind: "agreed";
      readonly verdict: CotVerdict;
      readonly disputed: boolean;
      readonly adjudicated: boolean;
    };

import type { CotVerdict, ItemId, Label, Rater } from "./model.ts";
import type { LabelSet } from "./labelSet.ts";

/** An agreement with its 95 % interval; `null` where it is not defined (fewer than 2 items, or everybody said the same). */
export interface AgreementRate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface PairAgreement {
  readonly a: Rater;
  readonly b: Rater;
  /** Items that both labelled. */
  readonly items: number;
  /** Share of them with the same verdict. */
  readonly same: number | null;
  /** `counts[i][j]`: a said cotVerdicts[i], b said cotVerdicts[j]. */
  readonly counts: readonly (readonly number[])[];
  readonly kappa: AgreementRate | null;
  readonly linearKappa: AgreementRate | null;
  readonly quadraticKappa: AgreementRate | null;
}

/** Items on which humans differ. */
export interface Conflict {
  readonly item: ItemId;
  readonly labels: readonly Label[];
  /** How it was settled, if it was. */
  readonly adjudication: Label | null;
  readonly majority: CotVerdict | null;
}

export interface AgreementReport {
  /** Items that at least two humans labelled. */
  readonly items: number;
  readonly humans: readonly PairAgreement[];
  /** Each model with each human, and with what the humans agreed on (`b.name` is empty). */
  readonly models: readonly PairAgreement[];
  /** Krippendorff's alpha of all humans. */
  readonly nominalAlpha: AgreementRate | null;
  readonly ordinalAlpha: AgreementRate | null;
  /** Unsettled ones first. */
  readonly conflicts: readonly Conflict[];
}

export function agreement(
  labels: LabelSet,
  options: { readonly draws?: number; readonly seed?: number } = {},
): AgreementReport {
  throw new Error(`not there yet ${labels.raters.length} ${options.draws}`);
}

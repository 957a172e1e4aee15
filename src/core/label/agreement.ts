import { cohenKappa, type Kappa } from "../estimate/kappa.ts";
import { krippendorffInterval } from "../estimate/krippendorff.ts";
import type { Bounds, DrawOptions } from "../estimate/meanInterval.ts";
import { type LabelSet, majorityOf } from "./labelSet.ts";
import { type CotVerdict, cotVerdicts, type ItemId, type Label, type Rater } from "./model.ts";

/** An agreement with its 95 % interval. */
export interface AlphaRate extends Bounds {
  readonly value: number;
}

/** The rates are `null` where they are not defined: no item, or everybody always said the same one thing. */
export interface PairAgreement {
  readonly a: Rater;
  /** `null`: what the humans agreed on. */
  readonly b: Rater | null;
  /** Items that both labelled. */
  readonly items: number;
  /** Share of them with the same verdict. */
  readonly same: number | null;
  /** `counts[i][j]`: a said cotVerdicts[i], b said cotVerdicts[j]. */
  readonly counts: readonly (readonly number[])[];
  readonly kappa: Kappa | null;
  readonly linearKappa: Kappa | null;
  readonly quadraticKappa: Kappa | null;
}

/** An item on which humans differ. */
export interface Conflict {
  readonly item: ItemId;
  /** Of humans. */
  readonly labels: readonly Label[];
  readonly majority: CotVerdict | null;
  /** How it was settled, if it was. */
  readonly adjudication: Label | null;
}

export interface AgreementReport {
  /** Items that at least two humans labelled. */
  readonly items: number;
  /** Each pair of humans. */
  readonly humans: readonly PairAgreement[];
  /** Each model with each human, and with what the humans agreed on. */
  readonly models: readonly PairAgreement[];
  /** Krippendorff's alpha of all humans. */
  readonly nominalAlpha: AlphaRate | null;
  readonly ordinalAlpha: AlphaRate | null;
  /** Those without majority and adjudication first, then those without adjudication. */
  readonly conflicts: readonly Conflict[];
}

/** Agreement of raters over the items they share. Models are told apart and never among the humans. */
export function agreement(labels: LabelSet, options: DrawOptions = {}): AgreementReport {
  const rows = labels.items().map((item) => ({ item, labels: labels.of(item) }));
  const humans = labels.raters.filter(({ kind }) => kind === "human");
  const models = labels.raters.filter(({ kind }) => kind === "model");
  const by = (rater: Rater): Said => {
    const said = new Map<ItemId, CotVerdict>();
    for (const row of rows) {
      const label = row.labels.find(
        ({ rater: name, raterKind }) => name === rater.name && raterKind === rater.kind,
      );
      if (label !== undefined) said.set(row.item, label.verdict);
    }
    return said;
  };
  const saidBy = new Map(labels.raters.map((rater) => [rater, by(rater)]));
  const saidOf = (rater: Rater): Said => saidBy.get(rater) ?? new Map<ItemId, CotVerdict>();
  const agreed = agreedBy(labels);
  const units = rows.map((row) =>
    cotVerdicts.map(
      (verdict) => row.labels.filter((label) => isHuman(label) && label.verdict === verdict).length,
    ),
  );
  return {
    items: units.filter((unit) => unit.reduce((sum, count) => sum + count, 0) >= 2).length,
    humans: humans.flatMap((a, i) =>
      humans.slice(i + 1).map((b) => ({ a, b, ...compared(saidOf(a), saidOf(b)) })),
    ),
    models: models.flatMap((a) => [
      ...humans.map((b) => ({ a, b, ...compared(saidOf(a), saidOf(b)) })),
      { a, b: null, ...compared(saidOf(a), agreed) },
    ]),
    nominalAlpha: krippendorffInterval(units, "nominal", options),
    ordinalAlpha: krippendorffInterval(units, "ordinal", options),
    conflicts: conflictsOf(labels),
  };
}

type Said = ReadonlyMap<ItemId, CotVerdict>;

const isHuman = ({ raterKind }: Label): boolean => raterKind === "human";

function agreedBy(labels: LabelSet): Said {
  const said = new Map<ItemId, CotVerdict>();
  for (const item of labels.items()) {
    const agreed = labels.agreed(item);
    if (agreed.kind === "agreed") said.set(item, agreed.verdict);
  }
  return said;
}

function compared(a: Said, b: Said): Omit<PairAgreement, "a" | "b"> {
  const counts = cotVerdicts.map(() => cotVerdicts.map(() => 0));
  let items = 0;
  for (const [item, verdict] of a) {
    const other = b.get(item);
    if (other === undefined) continue;
    const row = counts[cotVerdicts.indexOf(verdict)] as number[];
    const column = cotVerdicts.indexOf(other);
    row[column] = (row[column] as number) + 1;
    items++;
  }
  const same = counts.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
  return {
    items,
    same: items === 0 ? null : same / items,
    counts,
    kappa: cohenKappa(counts),
    linearKappa: cohenKappa(counts, "linear"),
    quadraticKappa: cohenKappa(counts, "quadratic"),
  };
}

/** Items on which humans differ, those that still need somebody first. */
export function conflictsOf(labels: LabelSet): readonly Conflict[] {
  const conflicts = labels.items().flatMap((item): readonly Conflict[] => {
    const humans = labels.of(item).filter(isHuman);
    if (new Set(humans.map(({ verdict }) => verdict)).size < 2) return [];
    return [
      { item, labels: humans, majority: majorityOf(humans), adjudication: labels.adjudicationOf(item) },
    ];
  });
  const urgency = ({ adjudication, majority }: Conflict): number =>
    adjudication !== null ? 2 : majority !== null ? 1 : 0;
  return conflicts.sort((a, b) => urgency(a) - urgency(b));
}

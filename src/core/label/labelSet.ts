import { labelOf, type StoredLine } from "./labelLine.ts";
import { type CotVerdict, cotVerdicts, type ItemId, type Label, type Rater } from "./model.ts";
import { standing } from "./standing.ts";

/** Labels that count, of one or more raters. */
export interface LabelSet {
  /** By name, humans first. */
  readonly raters: readonly Rater[];
  /** Each rater's last label of the item, without adjudications; by rater's name. */
  of(item: ItemId): readonly Label[];
  adjudicationOf(item: ItemId): Label | null;
  /** Every item that has a label of any kind, by its id. */
  items(): readonly ItemId[];
  /** What humans say of the item together; models are not asked. */
  agreed(item: ItemId): Agreed;
}

/**
 * `agreed`: all say so, most of three or more do, or it was adjudicated. `conflict`: no verdict has a majority.
 * `disputed`: not all said the same (a majority or an adjudication may still decide). `at`: time of the label that decided.
 */
export type Agreed =
  | { readonly kind: "none" }
  | { readonly kind: "conflict"; readonly disputed: true }
  | {
      readonly kind: "agreed";
      readonly verdict: CotVerdict;
      readonly disputed: boolean;
      readonly adjudicated: boolean;
      readonly at: number;
    };

/** What counts of the lines of one or several files, in whatever order they come. */
export function labelSet(lines: Iterable<StoredLine>): LabelSet {
  return new StandingLabels(lines);
}

class StandingLabels implements LabelSet {
  readonly raters: readonly Rater[];
  readonly #labels = new Map<ItemId, Map<string, Label>>();
  readonly #adjudications = new Map<ItemId, Label>();

  constructor(lines: Iterable<StoredLine>) {
    const raters = new Map<string, Rater>();
    for (const line of standing(lines)) {
      const label = labelOf(line);
      if (label === null) continue;
      if (label.adjudication) {
        this.#adjudications.set(label.item, label);
        continue;
      }
      const rater = keyOf(label);
      raters.set(rater, { name: label.rater, kind: label.raterKind });
      const ofItem = this.#labels.get(label.item);
      if (ofItem === undefined) this.#labels.set(label.item, new Map([[rater, label]]));
      else ofItem.set(rater, label);
    }
    this.raters = [...raters].sort(([a], [b]) => compareText(a, b)).map(([, rater]) => rater);
  }

  of(item: ItemId): readonly Label[] {
    const labels = [...(this.#labels.get(item)?.values() ?? [])];
    return labels.sort((a, b) => compareText(keyOf(a), keyOf(b)));
  }

  adjudicationOf(item: ItemId): Label | null {
    return this.#adjudications.get(item) ?? null;
  }

  items(): readonly ItemId[] {
    return [...new Set([...this.#labels.keys(), ...this.#adjudications.keys()])].sort(compareText);
  }

  agreed(item: ItemId): Agreed {
    const labels = this.of(item).filter(({ raterKind }) => raterKind === "human");
    const disputed = new Set(labels.map(({ verdict }) => verdict)).size > 1;
    const settled = this.#adjudications.get(item);
    if (settled !== undefined && settled.raterKind === "human") {
      return { kind: "agreed", verdict: settled.verdict, disputed, adjudicated: true, at: settled.at };
    }
    if (labels.length === 0) return { kind: "none" };
    const verdict = majorityOf(labels);
    if (verdict === null) return { kind: "conflict", disputed: true };
    // The first label that could decide: others that agree with it later change nothing.
    const at = Math.min(...labels.filter((label) => label.verdict === verdict).map((label) => label.at));
    return { kind: "agreed", verdict, disputed, adjudicated: false, at };
  }
}

/** The verdict of more than half of them. */
export function majorityOf(labels: readonly Pick<Label, "verdict">[]): CotVerdict | null {
  const votes = (verdict: CotVerdict) => labels.filter((label) => label.verdict === verdict).length;
  return cotVerdicts.find((verdict) => 2 * votes(verdict) > labels.length) ?? null;
}

/** `human` sorts before `model`. */
const keyOf = ({ raterKind, rater }: Label): string => `${raterKind}\n${rater}`;

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

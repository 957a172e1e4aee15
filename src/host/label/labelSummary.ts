import { cohenKappa } from "../../core/estimate/kappa.ts";
import type { LabelSet } from "../../core/label/labelSet.ts";
import { cotVerdicts } from "../../core/label/model.ts";
import { rollUp } from "../../core/label/rollUp.ts";
import { clopperPearson } from "../../core/estimate/clopperPearson.ts";
import type { SummaryView } from "../../protocol/labels.ts";
import type { OpenQueue } from "./openQueue.ts";

/** The line under the buttons: problems with a right chain over all runs, and kappa with the other humans. */
export function labelSummary(
  { runs, choice }: Pick<OpenQueue, "runs" | "choice">,
  labels: LabelSet,
): SummaryView {
  const rolled = rollUp(
    runs.map(({ items }) => items),
    labels,
    choice.spec,
  );
  const right = rolled.reduce((sum, run) => sum + run.right, 0);
  const labelled = rolled.reduce((sum, run) => sum + run.labelled, 0);
  return {
    right,
    labelled,
    share: labelled === 0 ? null : { value: right / labelled, ...clopperPearson(right, labelled) },
    agreement: lowestAgreement(labels, choice.rater),
  };
}

function lowestAgreement(labels: LabelSet, rater: string): SummaryView["agreement"] {
  const others = labels.raters.filter(({ name, kind }) => kind === "human" && name !== rater);
  const all = others.map(({ name }) => {
    const counts = cotVerdicts.map(() => cotVerdicts.map(() => 0));
    let items = 0;
    for (const item of labels.items()) {
      const said = labels.of(item).filter(({ raterKind }) => raterKind === "human");
      const own = said.find((label) => label.rater === rater);
      const other = said.find((label) => label.rater === name);
      if (own === undefined || other === undefined) continue;
      const row = counts[cotVerdicts.indexOf(own.verdict)] as number[];
      const column = cotVerdicts.indexOf(other.verdict);
      row[column] = (row[column] ?? 0) + 1;
      items++;
    }
    return { items, kappa: cohenKappa(counts)?.value ?? null };
  });
  const shared = all.filter(({ items }) => items > 0);
  return shared.sort((a, b) => (a.kappa ?? 2) - (b.kappa ?? 2))[0] ?? null;
}

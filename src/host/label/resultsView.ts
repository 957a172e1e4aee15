import * as vscode from "vscode";
import { agreement, type PairAgreement } from "../../core/label/agreement.ts";
import { type CotPairReport, cotStudy } from "../../core/label/cotStudy.ts";
import type { ItemId, RunItems } from "../../core/label/model.ts";
import { type ProblemRollUp, rollUp } from "../../core/label/rollUp.ts";
import { count } from "../../core/numberWords.ts";
import { issueText } from "../../core/parse.ts";
import type { AgreementView, CotCurveView, RateView, ResultsView, RollUpRow } from "../../protocol/labels.ts";
import type { EveryonesLabels } from "./everyone.ts";
import { otherLabel } from "./labelsSnapshot.ts";
import type { OpenQueue } from "./openQueue.ts";
import { windowWords } from "./queueWords.ts";

/** Conflicts that are listed. */
const mostConflicts = 200;

/** What the labels say of the queue's runs. */
export function resultsView(
  open: Pick<OpenQueue, "runs" | "choice" | "problems">,
  { labels, lines, issues }: EveryonesLabels,
): ResultsView {
  const { runs, choice } = open;
  const items = runs.map((run) => run.items);
  const ofRuns = new Set(
    items.flatMap((run) => run.problems.flatMap((problem) => problem.items.map(({ id }) => id))),
  );
  const report = agreement(labels);
  const study = cotStudy(items, labels, { ks: doublings(items) });
  const said = (name: string): number =>
    labels.items().filter((item) => labels.of(item).some((label) => label.rater === name)).length;
  return {
    window: windowWords(choice.spec),
    raters: labels.raters.map(({ name, kind }) => ({ name, kind, labels: said(name) })),
    runs: rollUp(items, labels, choice.spec).map((run) => ({
      runId: run.runId,
      ...rowOf(run.name, run),
      bins: run.bins
        .filter(({ solved }) => solved > 0)
        .map((bin) => rowOf(windowWords({ above: bin.above, below: bin.upTo }), bin)),
    })),
    agreement: agreementView(report),
    conflicts: report.conflicts
      .filter(({ item }) => ofRuns.has(item))
      .slice(0, mostConflicts)
      .map(({ item, labels: all, adjudication }) => ({
        conflict: item,
        name: nameOf(open, item),
        labels: all.map(otherLabel),
        settled: adjudication?.verdict ?? null,
      })),
    curves: lines.length === 0 ? [] : study.runs.map(curveView),
    sentences: [
      ...(study.refusal === null ? [] : [study.refusal]),
      ...sentencesOf(study.pairs, new Map(runs.map(({ entry }) => [entry.id, entry.name]))),
    ],
    issues: issues.map(issueText),
  };
}

/** 1, 2, 4 ... and the largest that some problem can estimate. */
function doublings(runs: readonly RunItems[]): readonly number[] {
  const most = runs.flatMap(({ problems }) => problems).reduce((largest, { n }) => Math.max(largest, n), 1);
  const powers = Array.from({ length: Math.floor(Math.log2(most)) + 1 }, (_, i) => 2 ** i);
  return [...new Set([...powers, most])];
}

const rowOf = (name: string, part: ProblemRollUp): RollUpRow => ({
  name,
  form: part.form,
  share: part.share,
  open: part.open,
  ambiguous: part.ambiguous,
  unlabelled: part.unlabelled,
});

function agreementView(report: ReturnType<typeof agreement>): AgreementView | null {
  const pairs = [
    ...report.humans.map((pair) => ({ pair, model: false })),
    ...report.models.map((pair) => ({ pair, model: true })),
  ].filter(({ pair }) => pair.items > 0);
  if (pairs.length === 0) return null;
  return {
    items: report.items,
    pairs: pairs.map(({ pair, model }) => pairView(pair, model)),
    alpha: rate(report.nominalAlpha),
    ordinalAlpha: rate(report.ordinalAlpha),
  };
}

const pairView = (
  { a, b, items, same, kappa, linearKappa }: PairAgreement,
  model: boolean,
): AgreementView["pairs"][number] => ({
  a: a.name,
  b: b?.name ?? vscode.l10n.t("what the humans agreed on"),
  model,
  items,
  same,
  kappa: rate(kappa),
  weighted: rate(linearKappa),
});

const rate = (value: RateView | null): RateView | null =>
  value === null ? null : { value: value.value, low: value.low, high: value.high };

function curveView(run: ReturnType<typeof cotStudy>["runs"][number]): CotCurveView {
  return {
    runId: run.runId,
    name: run.name,
    labels: run.read,
    texts: run.texts,
    preliminary: run.preliminary && !run.exact,
    points: run.points.map(({ k, passAtK, value, low, high }) => ({ k, passAtK, value, low, high })),
  };
}

/** Where an item stands: the first run that has it. */
function nameOf({ runs, problems }: Pick<OpenQueue, "runs" | "problems">, item: ItemId): string {
  for (const { entry, items } of runs) {
    for (const { problemKey, items: texts } of items.problems) {
      const text = texts.find(({ id }) => id === item);
      if (text === undefined) continue;
      const problem = problems.find(entry.id, problemKey)?.id ?? problemKey;
      return vscode.l10n.t("Problem {0}, sample {1}", problem, text.index + 1);
    }
  }
  return item;
}

/** The stop rule of each pair, in words. */
function sentencesOf(pairs: readonly CotPairReport[], names: ReadonlyMap<string, string>): readonly string[] {
  const name = (id: string | null): string => (id === null ? "" : (names.get(id) ?? id));
  const stops = pairs.flatMap((pair) => pair.stops.map((stop) => ({ ...pair, stop })));
  return stops.map(({ aId, bId, stop }) => {
    const k = count(stop.k);
    const [a, b] = [name(aId), name(bId)];
    if (stop.kind === "goOn")
      return vscode.l10n.t("{0} and {1} at k = {2}: more labels may still change who leads.", a, b, k);
    if (stop.leader === null)
      return vscode.l10n.t("{0} and {1} at k = {2}: more labels cannot make either lead.", a, b, k);
    const leader = name(stop.leader);
    const other = stop.leader === aId ? b : a;
    return stop.kind === "certain"
      ? vscode.l10n.t(
          "{0} is ahead of {1} at k = {2}, and no further label can change that.",
          leader,
          other,
          k,
        )
      : vscode.l10n.t(
          "{0} is ahead of {1} at k = {2}; more labels will hardly change that (99 % at two looks).",
          leader,
          other,
          k,
        );
  });
}

import {
  agreement,
  type AgreementReport,
  type Conflict,
  type PairAgreement,
} from "../core/label/agreement.ts";
import type { Rater } from "../core/label/model.ts";
import { count, percent } from "../core/numberWords.ts";
import { parsedArgs, usageError } from "./args.ts";
import type { Command, CommandContext } from "./command.ts";
import { loadLabels } from "./loadItems.ts";
import { table } from "./table.ts";

const usage = `Usage: agree FILES... [--draws N] [--seed S] [--json]

How far raters agree on chains of thought: Cohen's kappa of each pair (also weighted over wrong, ambiguous, correct),
Krippendorff's alpha of all humans, and the items on which humans differ. Models are compared with humans, never counted
as one.

FILES: label files (*.jsonl), or folders of them.

  --draws N   bootstrap draws of alpha's interval (default 1000)
  --seed S    of the draws (default 1)
  --json      {"items", "humans": [{a, b, items, same, counts, kappa, linearKappa, quadraticKappa}], "models": [...],
              "nominalAlpha": {value, low, high}, "ordinalAlpha", "conflicts": [{item, labels, majority, adjudication}]};
              counts[i][j]: a said level i and b level j of wrong, ambiguous, correct; null where a rate is not defined
`;

/** `agree FILES...` */
export const agreeCommand: Command = { summary: "agreement of raters of chains of thought", usage, run };

async function run(args: readonly string[], context: CommandContext): Promise<void> {
  const parsed = parsedArgs(args, {
    draws: { type: "string" },
    seed: { type: "string" },
    json: { type: "boolean" },
  });
  if (parsed.files.length === 0) throw usageError("Name at least one file of labels.");
  const { labels } = await loadLabels(parsed.files, context);
  const report = agreement(labels, {
    draws: parsed.whole("draws", 1) ?? 1000,
    seed: parsed.whole("seed", 0) ?? 1,
  });
  context.out(parsed.flag("json") ? `${JSON.stringify(report)}\n` : readable(report, labels.raters));
}

function readable(report: AgreementReport, raters: readonly Rater[]): string {
  const { humans, models, items, nominalAlpha, ordinalAlpha, conflicts } = report;
  const lines = [
    `Raters: ${raters.map(nameOf).join(", ") || "none"}. ${count(items)} items have two or more.\n`,
  ];
  const head = ["raters", "items", "same", "kappa [95 %]", "linear", "quadratic"];
  if (humans.length + models.length > 0) lines.push(table(head, [...humans, ...models].map(pairRow)));
  lines.push(
    `Krippendorff's alpha of all humans: nominal ${shown(nominalAlpha)}, ordinal ${shown(ordinalAlpha)}\n`,
  );
  lines.push(...conflictLines(conflicts));
  return lines.join("");
}

const nameOf = (rater: Rater | null): string =>
  rater === null ? "humans" : rater.kind === "model" ? `${rater.name} (model)` : rater.name;

function pairRow({
  a,
  b,
  items,
  same,
  kappa,
  linearKappa,
  quadraticKappa,
}: PairAgreement): readonly string[] {
  return [
    `${nameOf(a)}, ${nameOf(b)}`,
    count(items),
    same === null ? "" : `${percent(same)} %`,
    shown(kappa),
    shown(linearKappa),
    shown(quadraticKappa),
  ];
}

function shown(rate: { readonly value: number; readonly low: number; readonly high: number } | null): string {
  if (rate === null) return "not defined";
  return `${rate.value.toFixed(3)} [${rate.low.toFixed(3)}, ${rate.high.toFixed(3)}]`;
}

const mostShown = 20;

function conflictLines(conflicts: readonly Conflict[]): readonly string[] {
  if (conflicts.length === 0) return [];
  const settled = conflicts.filter(({ adjudication }) => adjudication !== null).length;
  const rows = conflicts
    .slice(0, mostShown)
    .map(({ item, labels, majority, adjudication }) => [
      item,
      labels.map(({ rater, verdict }) => `${rater} ${verdict}`).join(", "),
      adjudication === null ? `majority ${majority ?? "none"}` : `settled: ${adjudication.verdict}`,
    ]);
  const more = conflicts.length > mostShown ? `${conflicts.length - mostShown} more with --json.\n` : "";
  return [
    `\n${conflicts.length} items are disputed, ${settled} of them settled:\n`,
    table(["item", "", ""], rows),
    more,
  ];
}

import * as vscode from "vscode";
import type { QueueOrder, QueueSpec } from "../../core/label/model.ts";
import { count } from "../../core/numberWords.ts";

const percent = (fraction: number): string => String(Number((100 * fraction).toFixed(4)));

/** `0 < a < 5 %`; "" for all. */
export function windowWords({ above, below }: Pick<QueueSpec, "above" | "below">): string {
  if (above === null && below === null) return "";
  const low = above === null ? "" : `${percent(above)} < `;
  const high = below === null ? "" : ` < ${percent(below)} %`;
  return `${low}a${high === "" ? " %" : high}`;
}

export const orderWords = (order: QueueOrder): string =>
  ({
    hardFirst: vscode.l10n.t("hard problems first"),
    random: vscode.l10n.t("random sample"),
    problem: vscode.l10n.t("by problem"),
  })[order];

/** `MATH, answer right, 0 < a < 5 %` */
export function queueTitle(datasets: readonly string[], spec: QueueSpec): string {
  const names = [...new Set(datasets)];
  const first = names.length > 2 ? vscode.l10n.t("{0} datasets", names.length) : names.join(", ");
  const { problems } = spec;
  const some = problems === undefined ? "" : vscode.l10n.t("{0} problems", count(problems.length));
  return [first, some, spec.correctOnly ? vscode.l10n.t("answer right") : "", windowWords(spec)]
    .filter((part) => part !== "")
    .join(", ");
}

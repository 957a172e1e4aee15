import * as vscode from "vscode";
import { count } from "../../core/numberWords.ts";
import type { TraceRow } from "../../protocol/inspector.ts";
import type { RunEntry } from "../runEntry.ts";
import type { ShownTraces } from "./shownTraces.ts";

/** A trace of the same source by its place, or a run whose traces are to be chosen from. */
type PickedTrace =
  | { readonly kind: "trace"; readonly trace: number }
  | { readonly kind: "run"; readonly entry: RunEntry };

interface Item extends vscode.QuickPickItem {
  readonly target?: PickedTrace;
}

/**
 * Asks which trace of the same problem is to stand beside the one at `but`, in its run or in another of `runs`: its place
 * among those shown, where one of another run is put; `null` when the person left.
 */
export async function pickOtherTrace(
  traces: ShownTraces,
  { but, runs }: { readonly but: number; readonly runs: readonly RunEntry[] },
): Promise<number | null> {
  const title = vscode.l10n.t("Compare with");
  const picked = await pickTrace(await traces.rows(), { but, runs, title });
  if (picked?.kind !== "run") return picked?.trace ?? null;
  const { entry } = picked;
  return traces.invite(entry, async (rows) => {
    const one = await pickTrace(rows, { but: null, runs: [], title: entry.name });
    return one?.kind === "trace" ? one.trace : null;
  });
}

async function pickTrace(
  rows: readonly TraceRow[],
  options: { readonly but: number | null; readonly runs: readonly RunEntry[]; readonly title: string },
): Promise<PickedTrace | null> {
  const traces = rows.flatMap((row, trace): Item[] =>
    trace === options.but ? [] : [{ ...traceItem(row), target: { kind: "trace", trace } }],
  );
  const runs = options.runs.map((entry): Item => ({
    label: `$(list-tree) ${entry.name}`,
    description: `${entry.dataset} · ${vscode.l10n.t("{0} samples", count(entry.finished))}`,
    target: { kind: "run", entry },
  }));
  const heading = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  // Runs first: behind hundreds of samples nobody finds them.
  const items =
    runs.length === 0
      ? traces
      : [
          heading(vscode.l10n.t("The same problem in another run")),
          ...runs,
          heading(vscode.l10n.t("In this run")),
          ...traces,
        ];
  const { title } = options;
  const placeHolder = vscode.l10n.t("The trace to show beside this one");
  const chosen = await vscode.window.showQuickPick(items, {
    title,
    placeHolder,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.target ?? null;
}

/** As the page counts them: from 1. */
const traceItem = ({ name, index, verdict, extracted, perplexity }: TraceRow): vscode.QuickPickItem => ({
  label: `${name} #${index + 1}`,
  description: [verdict, extracted, perplexity === null ? null : `PPL ${perplexity.toFixed(2)}`]
    .filter((part) => part !== null && part !== "")
    .join(" · "),
});

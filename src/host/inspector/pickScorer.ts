import * as vscode from "vscode";
import type { ScorerView } from "../../protocol/inspector.ts";

/** Asks under which model a trace is to be scored; `null` when the person left, or went to add an endpoint. */
export async function pickScorer(
  scorers: readonly ScorerView[],
  title = vscode.l10n.t("Score the trace under"),
): Promise<string | null> {
  const words: Readonly<Record<ScorerView["state"], string>> = {
    ready: "",
    notProbed: vscode.l10n.t("will be checked first"),
    refused: vscode.l10n.t("refused"),
  };
  const rows = scorers.map(({ id, name, state, reason }) => ({
    label: name,
    description: words[state],
    detail: reason,
    choose: () => id,
  }));
  const doing = (label: string, command: string) => ({
    label,
    description: "",
    detail: "",
    choose: async () => (await vscode.commands.executeCommand(command), null),
  });
  const more = [doing(`$(add) ${vscode.l10n.t("Add an endpoint")}`, "rolloutLens.addEndpoint")];
  const chosen = await vscode.window.showQuickPick([...rows, ...more], { title });
  return (await chosen?.choose()) ?? null;
}

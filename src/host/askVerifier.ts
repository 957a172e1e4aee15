import * as vscode from "vscode";
import { engineOfId } from "../core/verify/code/codeVerifierId.ts";
import type { VerifierChoice } from "./verifierWords.ts";

/**
 * Asks who judges the samples; `null` when the person left. Programs are judged by running them, answers by comparing them;
 * a command of the person's may do either.
 */
export async function askVerifier(
  verifiers: readonly VerifierChoice[],
  ofPrograms: boolean,
): Promise<string | null> {
  const items = verifiers
    .filter(({ id }) => id.startsWith("custom:") || (engineOfId(id) !== null) === ofPrograms)
    .map(({ id, words, detail }) => ({ label: words, description: id, detail, id }));
  const title = vscode.l10n.t("Verifier");
  const chosen = await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true });
  return chosen?.id ?? null;
}

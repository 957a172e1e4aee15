import * as vscode from "vscode";
import { LensError } from "../../core/errors.ts";
import { type VerifierChoice, verifierWords } from "../verifierWords.ts";

/** The whole id of `custom:NAME`, or of one with a hash, as the settings have that command now. Rejects with `noVerifier`. */
export async function customVerifierId(
  text: string,
  choices: () => Promise<readonly VerifierChoice[]>,
): Promise<string> {
  // As the ids have it: a name may hold anything.
  const named = text.replaceAll(/[^\w.:@-]+/g, "-");
  const found = (await choices()).find(({ id }) => id === named || id.startsWith(`${named}@`));
  if (found !== undefined) return found.id;
  const words =
    "Its verifier {0} is not among yours, or its command is another one now. Correct rolloutLens.verifiers, then resume the study.";
  throw new LensError("noVerifier", vscode.l10n.t(words, verifierWords(text).replace(/^custom:/, "")));
}

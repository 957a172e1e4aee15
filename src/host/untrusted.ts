import * as vscode from "vscode";
import { LensError } from "../core/errors.ts";

/** Sampling in a folder that is not trusted; the words are those of the trust notice. */
export const untrusted = (): LensError =>
  new LensError(
    "untrusted",
    vscode.l10n.t("Viewing and labelling work. Sampling and code verifiers are off in this folder."),
  );

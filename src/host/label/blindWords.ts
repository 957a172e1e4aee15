import * as vscode from "vscode";

/** Messages name files and runs; in blind mode the log alone has them. */
export function blindWords(code: string | null): string {
  switch (code ?? "") {
    case "blind":
      return vscode.l10n.t("Blind mode hides this. Turn it off to see it.");
    case "otherItem":
      return vscode.l10n.t("Another trace is shown by now. Nothing was labelled.");
    case "labelsBusy":
      return vscode.l10n.t("Another window labels here under the same name. Close its queue first.");
    case "diskFull":
    case "storeFailed":
      return vscode.l10n.t("The label could not be written, so it does not count. The log says why.");
    default:
      return vscode.l10n.t("That did not work. The log says why.");
  }
}

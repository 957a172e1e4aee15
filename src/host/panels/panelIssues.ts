// What a panel says of runs that it cannot show.
import * as vscode from "vscode";

export const asIssue = (message: string): { file: string; line: null; field: null; message: string } => ({
  file: "",
  line: null,
  field: null,
  message,
});

export const noRuns = (missing: readonly string[]): string =>
  missing.length > 0 ? missing.join(" ") : vscode.l10n.t("This panel has no runs. Add some, or close it.");

import * as vscode from "vscode";

export async function askName(now: string): Promise<string | null> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t("Name of the study"),
    value: now,
    ignoreFocusOut: true,
    validateInput: (input) => (/\w/.test(input) ? null : vscode.l10n.t("A name with a letter or a digit")),
  });
  return text?.trim() ?? null;
}

/** Several numbers with commas between them; `null` when the person left. */
export async function askTemperatures(now: readonly number[]): Promise<readonly number[] | null> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t("Temperatures"),
    value: now.join(", "),
    prompt: vscode.l10n.t("Every model is sampled at each of them."),
    ignoreFocusOut: true,
    validateInput: (input) =>
      temperaturesIn(input) === null
        ? vscode.l10n.t("Different numbers from 0 to 2, with commas between them")
        : null,
  });
  return text === undefined ? null : temperaturesIn(text);
}

export function temperaturesIn(text: string): readonly number[] | null {
  const parts = text.split(",").map((part) => part.trim());
  const values = parts.map(Number);
  const isWrong = parts.some((part, at) => part === "" || !(values[at]! >= 0 && values[at]! <= 2));
  return isWrong || new Set(values).size < values.length ? null : values;
}

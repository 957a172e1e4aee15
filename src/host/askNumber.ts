import * as vscode from "vscode";

export interface NumberRule {
  readonly holds: (value: number) => boolean;
  readonly expected: string;
}

export const wholeFrom = (least: number, most = Number.MAX_SAFE_INTEGER): NumberRule => ({
  holds: (value) => Number.isSafeInteger(value) && value >= least && value <= most,
  expected:
    most === Number.MAX_SAFE_INTEGER
      ? vscode.l10n.t("A whole number from {0}", least)
      : vscode.l10n.t("A whole number from {0} to {1}", least, most),
});

export const between = (low: number, high: number): NumberRule => ({
  holds: (value) => value >= low && value <= high,
  expected: vscode.l10n.t("A number from {0} to {1}", low, high),
});

/** As a row of choices shows it: `4,096`, `0.0005`. */
export const shownNumber = (value: number): string =>
  value.toLocaleString("en-US", { maximumFractionDigits: 6 });

/** `null` when the person left. */
export async function askForNumber(
  now: number,
  rule: NumberRule & { readonly title: string },
): Promise<number | null> {
  const text = await vscode.window.showInputBox({
    title: rule.title,
    value: String(now),
    ignoreFocusOut: true,
    validateInput: (input) => (input.trim() !== "" && rule.holds(Number(input)) ? null : rule.expected),
  });
  return text === undefined ? null : Number(text);
}

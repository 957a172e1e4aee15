import * as vscode from "vscode";
import { count } from "../core/numberWords.ts";
import { samplesForPassAt1, type StopRule, usualTail } from "../core/run/plan.ts";

interface Row extends vscode.QuickPickItem {
  readonly rule: StopRule | null;
}

/** Right answers to stop at: 2 keep the intervals of the solvable set and of dSE, 4 those of the whole curve. */
const goals = { coverage: 2, curve: 4 } as const;

/** How each problem ends, by the goal; `null` for the same number of samples of every one, `undefined` when the person left. */
export async function askStopRule(
  now: StopRule | null,
  samplesPerProblem: number,
): Promise<StopRule | null | undefined> {
  const rows = rowsOf(samplesPerProblem);
  const chosen = await vscode.window.showQuickPick<Row>(
    rows.map((row) => ({ ...row, picked: same(row.rule, now) })),
    {
      title: vscode.l10n.t("Sample where it matters"),
      placeHolder: vscode.l10n.t("What is to be known? Estimates stay unbiased for every k up to n"),
      matchOnDetail: true,
      ignoreFocusOut: true,
    },
  );
  return chosen?.rule;
}

/** `2 right, unsolved by chance` */
export function stopRuleWords(rule: StopRule | null): string {
  if (rule === null) return vscode.l10n.t("off: the same number of every problem");
  const until =
    rule.r === 1 ? vscode.l10n.t("until 1 is right") : vscode.l10n.t("until {0} are right", rule.r);
  return rule.tail ? vscode.l10n.t("{0}, unsolved go on by chance", until) : until;
}

/** The details are as long as the list shows them: some ninety characters. */
function rowsOf(samplesPerProblem: number): Row[] {
  const tail = usualTail(samplesPerProblem);
  const most = count(samplesPerProblem);
  const row = (label: string, detail: string, rule: StopRule | null): Row => ({
    label,
    description: rule === null ? "" : stopRuleWords(rule),
    detail,
    rule,
  });
  const plain = [
    row(
      vscode.l10n.t("Coverage or dSE"),
      vscode.l10n.t(
        "The solved set of {0} of each with 20 to 90 % fewer. For dSE: {1} of the other run.",
        most,
        count(samplesForPassAt1(samplesPerProblem)),
      ),
      { r: goals.coverage },
    ),
    row(
      vscode.l10n.t("The whole curve"),
      vscode.l10n.t("Intervals nearly those of {0} of each at every k. Saves less.", most),
      { r: goals.curve },
    ),
  ];
  // A coin after n0 needs something after n0.
  const random =
    tail.n0 >= samplesPerProblem
      ? []
      : [
          row(
            vscode.l10n.t("Coverage or dSE, with random continuation"),
            vscode.l10n.t(
              "Unsolved after {0}: on with probability {1}. About half the samples, 10 to 25 % wider.",
              count(tail.n0),
              tail.probability,
            ),
            { r: goals.coverage, tail },
          ),
        ];
  const off = row(vscode.l10n.t("Off"), vscode.l10n.t("{0} samples of every problem.", most), null);
  return [...plain, ...random, off];
}

const same = (a: StopRule | null, b: StopRule | null): boolean =>
  a?.r === b?.r && Boolean(a?.tail) === Boolean(b?.tail);

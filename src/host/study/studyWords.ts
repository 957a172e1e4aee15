import * as vscode from "vscode";
import { count } from "../../core/numberWords.ts";
import type { StudyKind, StudyScoring } from "../../core/study/spec.ts";
import { runCount, type StudyChoice } from "./studyChoice.ts";

export const studyTitle = (kind: StudyKind): string =>
  ({
    compareModels: vscode.l10n.t("Compare models"),
    temperatureSweep: vscode.l10n.t("Temperature sweep"),
    matchEntropy: vscode.l10n.t("Match entropy"),
    filterGuessable: vscode.l10n.t("Filter guessable problems"),
  })[kind];

/** What a start would sample, said before it. */
export function amountWords(choice: StudyChoice): string {
  const { problems, sampling } = choice;
  const runs = runCount(choice);
  const total = count(runs * problems * sampling.samplesPerProblem);
  return vscode.l10n.t(
    "{0} runs x {1} problems x {2} samples = {3}",
    count(runs),
    count(problems),
    count(sampling.samplesPerProblem),
    total,
  );
}

/** What comes before those runs; `null`: nothing. */
export function searchWords({ kind, match, filter, problems }: StudyChoice): string | null {
  if (kind === "matchEntropy")
    return vscode.l10n.t(
      "First at most {0} texts to find T; a third of them for the target",
      count(match.budget),
    );
  if (kind !== "filterGuessable") return null;
  const total = count(problems * filter.samplesPerProblem);
  return vscode.l10n.t("First {0} direct answers; fewer problems are left after them", total);
}

export function scoringWords(scoring: StudyScoring | null): string {
  if (scoring === null) return vscode.l10n.t("none");
  return scoring.perProblem === null
    ? vscode.l10n.t("all traces under {0}", scoring.scorer)
    : vscode.l10n.t("{0} of each problem under {1}", count(scoring.perProblem), scoring.scorer);
}

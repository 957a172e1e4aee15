import * as vscode from "vscode";
import type { StudyScoring } from "../../core/study/spec.ts";
import type { EndpointEntry } from "../endpoints.ts";
import { scoringWords } from "./studyWords.ts";

/** Traces of each problem of each run. */
const sizes: readonly (number | null)[] = [1, 4, 16, null];

/** Asks under which model traces are scored, and how many; `null`: none, `undefined`: the person left. */
export async function pickScoring(
  models: readonly EndpointEntry[],
): Promise<StudyScoring | null | undefined> {
  const none = { label: vscode.l10n.t("No perplexity"), scoring: null };
  const items = models.flatMap(({ config }) =>
    sizes.map((perProblem) => {
      const scoring: StudyScoring = { scorer: config.name, correctOnly: false, perProblem };
      return { label: scoringWords(scoring), scoring };
    }),
  );
  const chosen = await vscode.window.showQuickPick([none, ...items], {
    title: vscode.l10n.t("Perplexity of the runs' traces"),
    placeHolder: vscode.l10n.t(
      "Drawn at random with a fixed seed; a server without log-probs is passed over",
    ),
    ignoreFocusOut: true,
  });
  return chosen?.scoring;
}

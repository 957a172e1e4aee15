import * as vscode from "vscode";
import { count } from "../../core/numberWords.ts";
import { matchWords } from "../../core/report/studyFindings.ts";
import { droppedFileName, keptFileName } from "../../core/study/guessFiles.ts";
import { findingsOf, finishedRuns, guessId } from "../../core/study/stages.ts";
import { studyRunId } from "../../core/study/studyLog.ts";
import type { Features } from "../features.ts";
import { codeOf, isCancellation, type ReportAction } from "../report.ts";
import { rowOfRun } from "../runRows.ts";
import { stopSentence } from "../views/runWords.ts";
import type { StudyEnd } from "./studies.ts";

/** Shows what a study gave, or says why it stopped and that everything finished is kept. Cancellation is silent. */
export async function endOfStudy(features: Features, end: StudyEnd): Promise<void> {
  if (end.failure !== null) return tellFailure(features, end);
  const { spec, results, folder } = end;
  const ids = finishedRuns(spec, results).map(({ id }) => studyRunId(spec, id));
  const { match, dropped } = findingsOf(spec, results);
  const found = [
    ...(match === null ? [] : [matchWords(match.plan.target, match.step)]),
    ...(dropped === null ? [] : [droppedWords(dropped.length, results)]),
  ];
  if (ids.length > 0) await features.curves.show(ids);
  const words = [vscode.l10n.t("{0} is finished.", spec.name), ...found].join(" ");
  const report = () => vscode.commands.executeCommand("rolloutLens.writeReport", folder);
  void features.report.tell(words, {
    severity: match !== null && match.step.kind !== "matched" ? "warning" : "information",
    actions: [
      { title: vscode.l10n.t("Write report"), run: report },
      ...(dropped === null ? [] : guessActions(folder)),
    ],
  });
}

function droppedWords(dropped: number, results: StudyEnd["results"]): string {
  const guesses = results.find(({ id }) => id === guessId);
  const all = guesses?.kind === "sample" ? guesses.counts.length : dropped;
  return vscode.l10n.t("{0} of {1} problems were dropped as guessable.", count(dropped), count(all));
}

/** The dataset that is left, and what is not in it. */
function guessActions(folder: string): readonly ReportAction[] {
  const open = (title: string, name: string): ReportAction => ({
    title,
    run: () => vscode.commands.executeCommand("vscode.open", vscode.Uri.file(`${folder}/${name}`)),
  });
  return [
    open(vscode.l10n.t("Open what is left"), keptFileName),
    open(vscode.l10n.t("Open what was dropped"), droppedFileName),
  ];
}

async function tellFailure({ report }: Features, { spec, folder, failure, stop }: StudyEnd): Promise<void> {
  if (isCancellation(failure)) return;
  const action = (title: string, command: string, ...args: readonly unknown[]): ReportAction => ({
    title,
    run: () => vscode.commands.executeCommand(command, ...args),
  });
  const resume = action(vscode.l10n.t("Resume study"), "rolloutLens.resumeStudy", folder);
  const head = vscode.l10n.t("{0} stopped. What is finished is kept.", spec.name);
  const row = stop === null ? [] : [rowOfRun(stop.plan.id)];
  const setKey = action(vscode.l10n.t("Set API key"), "rolloutLens.setApiKey", ...row);
  if (stop === null) {
    const actions = codeOf(failure) === "unauthorized" ? [setKey, resume] : [resume];
    return void report.failure(head, failure, { actions });
  }
  void report.tell(`${head} ${stop.plan.name}: ${stopSentence(stop.reason)}`, {
    actions: stop.reason.code === "unauthorized" ? [setKey, resume] : [resume],
  });
}

import * as vscode from "vscode";
import { count } from "../core/numberWords.ts";
import type { Report } from "./report.ts";
import { rowOfRun } from "./runRows.ts";
import type { RunStop } from "./activeRun.ts";
import { stopSentence } from "./views/runWords.ts";

/** What stopped, at which sample, that everything finished is kept, and what to do: once per cause and run. */
export function tellStop(report: Report, { plan, reason, finished, total }: RunStop): void {
  const run = (title: string, command: string) => ({
    title,
    run: () => vscode.commands.executeCommand(command, rowOfRun(plan.id)),
  });
  const resume = run(vscode.l10n.t("Resume"), "rolloutLens.resumeRun");
  const setKey = run(vscode.l10n.t("Set API key"), "rolloutLens.setApiKey");
  const place = [count(finished), count(total)];
  const head = vscode.l10n.t("{0} stopped at {1} of {2}.", plan.name, ...place);
  void report.tell(`${head} ${stopSentence(reason)}`, {
    cause: `${plan.id}:${reason.code}`,
    actions: reason.code === "unauthorized" ? [setKey, resume] : [resume],
  });
}

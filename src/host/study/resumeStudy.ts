import * as vscode from "vscode";
import { LensError } from "../../core/errors.ts";
import { count } from "../../core/numberWords.ts";
import { isFinished, type ListedStudy } from "../../core/study/listStudies.ts";
import { stageCount } from "../../core/study/stages.ts";
import { studyFileName, type StoredStudy } from "../../core/study/studyLog.ts";
import type { Features } from "../features.ts";
import { displayName } from "../files.ts";
import { untrusted } from "../untrusted.ts";
import { endOfStudy } from "./endOfStudy.ts";
import { studyFolderIn } from "./studyRows.ts";

interface Found {
  readonly folder: string;
  readonly study: StoredStudy;
}

/** Goes on with a study: that of a row, else one of the unfinished ones. Rejects with `untrusted`, and as `Studies.run`. */
export async function resumeStudy(features: Features, args: readonly unknown[]): Promise<void> {
  if (!vscode.workspace.isTrusted) throw untrusted();
  const folder = studyFolderIn(args);
  const found = folder === null ? await pickUnfinished(features) : await studyAt(features, folder);
  if (found === null) return;
  await endOfStudy(features, await features.studies.run(found.folder, found.study.spec));
}

async function studyAt({ files }: Features, folder: string): Promise<Found> {
  const { readStudy } = await import("../../core/study/studyLog.ts");
  return { folder, study: await readStudy(folder, await files()) };
}

async function pickUnfinished({ studies, report }: Features): Promise<Found | null> {
  const title = vscode.l10n.t("Resume study");
  const all = await studies.list();
  const items = all
    .filter(({ folder, study }) => study === null || !(isFinished(study) || studies.isActive(folder)))
    .map(itemOf);
  if (items.length === 0) {
    void report.tell(vscode.l10n.t("{0}: no study is unfinished.", title), { severity: "information" });
    return null;
  }
  const chosen = await vscode.window.showQuickPick(items, { title });
  if (chosen === undefined) return null;
  const { folder, study, issue } = chosen;
  if (study !== null) return { folder, study };
  const open = vscode.l10n.t("Open {0}", studyFileName);
  const file = vscode.Uri.joinPath(vscode.Uri.file(folder), studyFileName);
  const actions = [{ title: open, run: () => vscode.commands.executeCommand("vscode.open", file) }];
  void report.failure(vscode.l10n.t("The study cannot be resumed."), new LensError("badStudy", issue ?? ""), {
    actions,
  });
  return null;
}

/** One that cannot be read is among them: it is not there for nothing, and says what to mend. */
function itemOf(listed: ListedStudy) {
  const { folder, study, issue } = listed;
  const place = displayName(vscode.Uri.file(folder));
  return study === null
    ? {
        ...listed,
        label: vscode.l10n.t("$(warning) {0}", place),
        description: "",
        detail: issue?.replace(`${folder}/`, "") ?? "",
      }
    : { ...listed, label: study.spec.name, description: placeOf(study), detail: place };
}

function placeOf({ spec, results }: StoredStudy): string {
  const total = stageCount(spec, results);
  const done = count(results.length);
  return total === null
    ? vscode.l10n.t("{0} steps done", done)
    : vscode.l10n.t("{0} of {1} steps done", done, count(total));
}

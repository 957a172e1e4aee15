import type * as vscode from "vscode";
import type { ReportInput, ReportRun } from "../../core/report/runReport.ts";
import { studyFindings } from "../../core/report/studyFindings.ts";
import { finishedRuns } from "../../core/study/stages.ts";
import { readStudy, studyRunId } from "../../core/study/studyLog.ts";
import { fileHash } from "../../node/fileHash.ts";
import type { Features } from "../features.ts";
import { baseName } from "../files.ts";
import type { RunEntry } from "../runEntry.ts";

export type RunsToReport = Pick<ReportInput, "title" | "runs" | "findings">;
type Parts = Pick<Features, "catalog" | "data" | "scores" | "files">;

/** Runs as they are shown here: with the verdicts that were chosen for them. All of one study are reported with its findings. */
export async function reportOfRuns(parts: Parts, entries: readonly RunEntry[]): Promise<RunsToReport> {
  const runs: ReportRun[] = [];
  for (const entry of entries) {
    const run = await reportRun(parts, entry);
    if (run.tally.problems.some(({ n }) => n > 0)) runs.push(run);
  }
  const [folder, ...more] = new Set(entries.map(({ study }) => study?.folder));
  const plain = { title: runs.map(({ tally }) => tally.name).join(", "), runs, findings: [] };
  if (folder === undefined || more.length > 0) return plain;
  const { spec, results } = await readStudy(folder, await parts.files());
  return { title: spec.name, runs, findings: studyFindings(spec, results) };
}

/** The runs that a study compares, as far as they are finished. Rejects as `readStudy`. */
export async function runsOfStudy(
  { catalog, files }: Pick<Features, "catalog" | "files">,
  folder: string,
): Promise<readonly RunEntry[]> {
  await catalog.load();
  const { spec, results } = await readStudy(folder, await files());
  return finishedRuns(spec, results).flatMap(({ id }) => catalog.find(studyRunId(spec, id)) ?? []);
}

async function reportRun({ data, scores }: Parts, entry: RunEntry): Promise<ReportRun> {
  const { source, name } = entry;
  const run = await data.load(entry);
  const plan = source.kind === "sampled" ? await data.planIn(source.folder) : null;
  const sets = (await scores.of(entry)).map(({ set }) => ({ head: set.head, lines: [...set.lines()] }));
  return {
    tally: run.tally,
    source: plan === null ? null : { model: plan.model, origin: plan.origin },
    file: { name: fileName(run.file, source), sha256: await fileHash(run.file.fsPath) },
    scored: {
      name,
      sets,
      isCorrect: (key, index) =>
        run.locate(key).some((ref) => ref.index === index && ref.verdict?.kind === "correct"),
    },
  };
}

/** A run's samples all lie in a file of one name: its folder tells them apart. */
function fileName(file: vscode.Uri, source: RunEntry["source"]): string {
  if (source.kind === "imported") return baseName(file);
  return `${source.folder.slice(source.folder.lastIndexOf("/") + 1)}/${baseName(file)}`;
}

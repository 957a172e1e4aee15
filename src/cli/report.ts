import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { reportFiles } from "../core/report/files.ts";
import type { ScoredRun } from "../core/report/perplexityBlocks.ts";
import { type ReportInput, type ReportRun, runReport } from "../core/report/runReport.ts";
import { studyFindings } from "../core/report/studyFindings.ts";
import { readRun } from "../core/run/store.ts";
import { finishedRuns } from "../core/study/stages.ts";
import { readStudy, studyFileName, studyRunFolder } from "../core/study/studyLog.ts";
import { readScoreSet, scoresFolderName } from "../core/trace/scoreSetFile.ts";
import { systemClock } from "../node/clock.ts";
import { fileHash } from "../node/fileHash.ts";
import { nodeFileStore } from "../node/fileStore.ts";
import { type OptionTable, parsedArgs, usageError } from "./args.ts";
import type { Command, CommandContext } from "./command.ts";
import { filesHelp, type ReadPath, readPath } from "./loadRuns.ts";
import { required } from "./samplePlan.ts";

const usage = `Usage: report STUDY_FOLDER|FILES... --out FOLDER [--title TEXT] [--draws N] [--seed S] [--json]

Writes what the runs say into FOLDER: report.html (one page that needs no network), report.md with its charts, and
tables.tex (booktabs). Curves, differences, solvable set, gap, checkpoints, histogram, perplexity where traces were
scored, and the protocol with the files' hashes. The first run of role base is what the others are compared with.
${filesHelp}
`;

const options: OptionTable = {
  out: { type: "string" },
  title: { type: "string" },
  draws: { type: "string" },
  seed: { type: "string" },
  json: { type: "boolean" },
};

/** `report FILES... --out FOLDER` */
export const reportCommand: Command = {
  summary: "curves, tables and protocol of runs as HTML, Markdown and LaTeX",
  usage,
  async run(args, context) {
    const parsed = parsedArgs(args, options);
    if (parsed.files.length === 0) throw usageError("Name a study's folder, or at least one file.");
    const out = resolve(required(parsed, "out"));
    const input = await inputOf(parsed.files, context);
    const [title, draws, seed] = [parsed.text("title"), parsed.whole("draws", 1), parsed.whole("seed", 0)];
    const report = runReport({
      ...input,
      ...(title === undefined ? {} : { title }),
      ...(draws === undefined ? {} : { draws }),
      ...(seed === undefined ? {} : { seed }),
      madeAt: new Date(systemClock.now()).toISOString(),
    });
    const files = reportFiles(report);
    await mkdir(out, { recursive: true });
    for (const [name, text] of files) await writeFile(join(out, name), text);
    const written = [...files.keys()];
    context.out(
      parsed.flag("json")
        ? `${JSON.stringify({ out, files: written, report })}\n`
        : `${written.map((name) => join(out, name)).join("\n")}\n`,
    );
  },
};

type Input = Pick<ReportInput, "title" | "runs" | "findings">;

async function inputOf(paths: readonly string[], context: CommandContext): Promise<Input> {
  const [first = "", ...more] = paths;
  if (more.length === 0 && existsSync(join(first, studyFileName))) return studyInput(first, context);
  const runs: ReportRun[] = [];
  for (const path of paths) runs.push(...(await reportRuns(path, context)));
  return { title: runs.map(({ tally }) => tally.name).join(", "), runs, findings: [] };
}

async function studyInput(folder: string, context: CommandContext): Promise<Input> {
  const { spec, results } = await readStudy(folder, nodeFileStore);
  const runs: ReportRun[] = [];
  for (const { id } of finishedRuns(spec, results))
    runs.push(...(await reportRuns(studyRunFolder(folder, id), context)));
  return { title: spec.name, runs, findings: studyFindings(spec, results) };
}

async function reportRuns(path: string, context: CommandContext): Promise<ReportRun[]> {
  const loaded = await readPath(path, context);
  const plan = loaded.folder === null ? null : (await readRun(loaded.folder, nodeFileStore)).header.plan;
  const file = { name: nameOf(loaded), sha256: await fileHash(loaded.samples) };
  const sets = loaded.folder === null ? [] : await scoreSets(loaded.folder);
  return loaded.read.runs
    .filter(({ tally }) => tally.problems.some(({ n }) => n > 0))
    .map((run) => {
      const tally = loaded.tallyOf(run);
      const scored: ScoredRun = {
        name: tally.name,
        sets,
        isCorrect: (key, index) =>
          run.locate(key).some((ref) => ref.index === index && ref.verdict?.kind === "correct"),
      };
      const source = plan === null ? null : { model: plan.model, origin: plan.origin };
      return { tally, source, file, scored };
    });
}

/** A run's samples all lie in a file of one name: its folder tells them apart. */
const nameOf = ({ samples, folder }: ReadPath): string =>
  folder === null ? basename(samples) : `${basename(folder)}/${basename(samples)}`;

async function scoreSets(folder: string): Promise<ScoredRun["sets"]> {
  const scores = join(folder, scoresFolderName);
  const sets = [];
  for (const name of (await nodeFileStore.list(scores)).filter((one) => one.endsWith(".jsonl"))) {
    const set = await readScoreSet(join(scores, name), nodeFileStore);
    if (set !== null) sets.push({ head: set.head, lines: [...set.lines()] });
  }
  return sets;
}

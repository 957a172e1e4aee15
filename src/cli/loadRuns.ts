import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readCountFile, type RecordedFigure } from "../core/dataset/countFile.ts";
import {
  readRollouts,
  type RolloutFile,
  type RolloutOptions,
  type RolloutRun,
} from "../core/dataset/readRollouts.ts";
import { LensError } from "../core/errors.ts";
import type { InputIssue, RunTally } from "../core/model.ts";
import { count } from "../core/numberWords.ts";
import { FieldError } from "../core/parse.ts";
import { headerFileName, samplesFileName } from "../core/run/files.ts";
import { readingOf } from "../core/run/plan.ts";
import { readRun } from "../core/run/store.ts";
import { fileSource } from "../node/fileSource.ts";
import { nodeFileStore } from "../node/fileStore.ts";
import type { CommandContext } from "./command.ts";
import { openVerifier } from "./openVerifier.ts";

export const filesHelp = `FILES: rollouts (JSONL, JSON, CSV, Parquet, gzip), a run folder of ours or its samples.jsonl, or
counts alone: a JSON file {"name": "base", "n": 64, "counts": [0, 3, 64]} or {"runs": [...]} of those.
A file of several models gives one run each; FILE#NAME takes only that one.`;

/** Runs, and figures of a report that have no counts behind them. */
export interface Inputs {
  readonly runs: readonly RunTally[];
  readonly figures: readonly RecordedFigure[];
}

/**
 * Counts the runs of the files, in order. Skipped lines are noted on stderr. Throws `input` for a file without any run,
 * with the reasons, and what reading throws (`notFound`, `isDirectory`, `brokenRun`, ...).
 */
export async function loadRuns(paths: readonly string[], context: CommandContext): Promise<RunTally[]> {
  const { runs, figures } = await loadInputs(paths, context);
  const [figure] = figures;
  if (figure)
    throw new LensError(
      "input",
      `${figure.dataset}, ${figure.name}: a figure without counts. Only curve, histogram and gap can show it.`,
    );
  return [...runs];
}

/** The same, with the figures that `curve`, `histogram` and `gap` show too. */
export async function loadInputs(paths: readonly string[], context: CommandContext): Promise<Inputs> {
  const [runs, figures] = [[] as RunTally[], [] as RecordedFigure[]];
  for (const path of paths) {
    const inputs = await loadPath(path, context);
    runs.push(...inputs.runs);
    figures.push(...inputs.figures);
  }
  return { runs: distinctlyNamed(runs), figures };
}

async function loadPath(path: string, context: CommandContext): Promise<Inputs> {
  const hash = path.lastIndexOf("#");
  if (hash <= 0 || existsSync(path)) return loadFile(path, context);
  const [file, name] = [path.slice(0, hash), path.slice(hash + 1)];
  const all = await loadFile(file, context);
  const runs = all.runs.filter((run) => run.name === name);
  const figures = all.figures.filter((figure) => figure.name === name);
  if (runs.length + figures.length > 0) return { runs, figures };
  const names = namesOf([...all.runs, ...all.figures]);
  throw new LensError("input", `${file} has no run ${JSON.stringify(name)}. It has: ${names}.`);
}

async function loadFile(path: string, context: CommandContext): Promise<Inputs> {
  const counts = runFolderOf(path) === null ? await countFileAt(path) : null;
  if (counts) return counts;
  const { read, tallyOf } = await readPath(path, context);
  return { runs: read.runs.map(tallyOf).filter(hasSamples), figures: [] };
}

/** Larger files are rollouts; so are those that do not begin as one object. */
const mostCountBytes = 32 * 1024 * 1024;

async function countFileAt(path: string): Promise<Inputs | null> {
  if (!path.toLowerCase().endsWith(".json")) return null;
  const source = await fileSource(path);
  let text: string;
  try {
    if (source.byteLength > mostCountBytes) return null;
    const decoder = new TextDecoder();
    const head = decoder.decode(await source.slice(0, Math.min(64, source.byteLength)));
    if (!/^\uFEFF?\s*\{/.test(head)) return null;
    text = decoder.decode(await source.slice(0, source.byteLength));
  } finally {
    await source.close();
  }
  try {
    return readCountFile(parsedOrNull(text), path);
  } catch (cause) {
    if (cause instanceof FieldError) throw new LensError("badInput", `${path}: ${cause.message}.`, { cause });
    throw cause;
  }
}

/** What is no JSON as a whole (JSONL, a broken file) is for the rollout reader to judge. */
function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return null;
  }
}

/** A file of rollouts or a run folder of ours, with the places of its samples. */
export interface ReadPath {
  /** The file that holds the samples. */
  readonly samples: string;
  /** The run folder, where it is one of ours. */
  readonly folder: string | null;
  readonly read: RolloutFile;
  /** A run's counts under the name that the person gave it. */
  readonly tallyOf: (run: RolloutRun) => RunTally;
}

/** Throws as `loadRuns`. */
export async function readPath(path: string, context: CommandContext): Promise<ReadPath> {
  const folder = runFolderOf(path);
  if (folder !== null) return readRunFolder(folder, context);
  const read = await readFile(path, context);
  if (!read.runs.some(({ tally }) => hasSamples(tally)))
    throw new LensError("input", nothingIn(path, read.issues));
  noteIssues(path, read, context);
  return { samples: path, folder: null, read, tallyOf: ({ tally }) => tally };
}

/** The folder of a run of ours, given itself or its samples file. */
function runFolderOf(path: string): string | null {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (isFolder) return existsSync(join(path, headerFileName)) ? path : null;
  const isSamples = basename(path) === samplesFileName && existsSync(join(dirname(path), headerFileName));
  return isSamples ? dirname(path) : null;
}

async function readRunFolder(folder: string, context: CommandContext): Promise<ReadPath> {
  const { header, problems } = await readRun(folder, nodeFileStore);
  const samples = join(folder, samplesFileName);
  if (!existsSync(samples)) throw new LensError("input", `${folder} has no samples yet.`);
  const read = await readFile(samples, context, readingOf(header.plan, problems));
  noteIssues(samples, read, context);
  const tally = read.runs[0]?.tally;
  if (!tally || !hasSamples(tally)) throw new LensError("input", nothingIn(samples, read.issues));
  const { name, role, dataset, protocol, metadata } = header.plan;
  return {
    samples,
    folder,
    read,
    tallyOf: (run) => ({ ...run.tally, name, role, dataset: dataset.name, protocol, metadata }),
  };
}

async function readFile(path: string, { signal }: CommandContext, options: RolloutOptions = {}) {
  const source = await fileSource(path);
  const verifier = openVerifier();
  try {
    // A run's ungraded samples wait for its own verifier: another one's verdicts are not mixed in.
    const judges = options.grader === undefined || options.grader === verifier.id;
    return await readRollouts(source, { ...(judges ? { verifier } : {}), signal, ...options });
  } finally {
    await source.close();
    await verifier.close();
  }
}

function hasSamples(run: RunTally): boolean {
  return run.problems.some(({ n }) => n > 0);
}

const shownIssues = 5;

function nothingIn(path: string, issues: readonly InputIssue[]): string {
  const why = issues.slice(0, shownIssues).map(issueLine);
  return [`${path} has no graded samples.`, ...why].join("\n");
}

function noteIssues(path: string, { issues, lines }: RolloutFile, context: CommandContext): void {
  if (issues.length === 0) return;
  for (const issue of issues.slice(0, shownIssues)) context.note(issueLine(issue));
  const more = issues.length > shownIssues ? ` (${issues.length - shownIssues} more not listed)` : "";
  context.note(`${path}: ${skippedWords(issues.length, lines)} skipped${more}; the rest is shown.`);
}

function skippedWords(issues: number, lines: RolloutFile["lines"]): string {
  if (lines === null || lines.skipped === 0) return `${issues} ${issues === 1 ? "part was" : "parts were"}`;
  return `${count(lines.skipped)} of ${count(lines.total)} lines ${lines.skipped === 1 ? "was" : "were"}`;
}

/** `rollouts.jsonl line 17: answer: expected string, got number` */
function issueLine({ file, line, field, message }: InputIssue): string {
  return `${file}${line === null ? "" : ` line ${line}`}: ${field === null ? "" : `${field}: `}${message}`;
}

/** Runs of equal names (the same file name in two folders) are told apart by their path. */
function distinctlyNamed(runs: readonly RunTally[]): RunTally[] {
  const count = new Map<string, number>();
  for (const { name } of runs) count.set(name, (count.get(name) ?? 0) + 1);
  return runs.map((run, i) => {
    const repeated = (count.get(run.name) ?? 0) > 1;
    const sameId = runs.slice(0, i).some((other) => other.id === run.id);
    return repeated
      ? { ...run, name: sameId ? `${run.id} (${i + 1})` : run.id, id: sameId ? `${run.id}:${i}` : run.id }
      : run;
  });
}

export function namesOf(runs: readonly { readonly name: string }[]): string {
  return runs.map(({ name }) => name).join(", ");
}

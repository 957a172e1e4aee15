import type { Problem } from "../model.ts";
import type { Clock, FileStore } from "../ports.ts";
import { LensError } from "../errors.ts";
import { decodeProblem, encodeProblem } from "../dataset/formats/runLog.ts";
import { headerFileName, lockFileName, problemsFileName, samplesFileName } from "./files.ts";
import { type RunHeader, decodeHeader, encodeHeader, planDifferences, versionOf } from "./header.ts";
import { type RunLog, openLog } from "./log.ts";
import type { RunPlan } from "./plan.ts";

export type { RunHeader } from "./header.ts";
export type { RunLog } from "./log.ts";

/** A run folder found by `listRuns`. `issue` says why it cannot be used, or only be read. */
export interface ListedRun {
  readonly folder: string;
  readonly header: RunHeader | null;
  readonly issue: string | null;
}

export interface StorePorts {
  readonly files: FileStore;
  readonly clock: Clock;
  /** Who holds the lock, for the message to another window, e.g. `VS Code` or `command line`. */
  readonly owner: string;
}

/**
 * Creates the folder's run, or opens it to resume when it is there already; asked for more samples per problem, it grows.
 * Throws LensError: `planDiffers` (another plan lives here: says in what), `runBusy` (another window or process),
 * `newerSchema` (written by a newer version: read only), `brokenRun` (run.json cannot be read), `diskFull`, `storeFailed`.
 */
export async function createRun(folder: string, plan: RunPlan, ports: StorePorts): Promise<RunLog> {
  return withLock(folder, ports, async () => {
    const stored = await readHeader(folder, ports.files);
    if (stored === null) return writeNew(folder, plan, ports);
    const differences = planDifferences(stored.plan, plan);
    if (differences.length > 0) {
      throw new LensError(
        "planDiffers",
        `${folder} holds another run (${differences.join("; ")}). It is kept as it is. ` +
          "Choose another folder, or sample with the same settings to resume it.",
      );
    }
    const problems = await readProblems(folder, stored, ports.files);
    return { header: await grown(folder, stored, plan.samplesPerProblem, ports.files), problems };
  });
}

/** The header with more samples per problem where more are wanted; fewer leave it as it is (nothing is taken away). */
async function grown(
  folder: string,
  header: RunHeader,
  samplesPerProblem: number,
  files: FileStore,
): Promise<RunHeader> {
  if (samplesPerProblem <= header.plan.samplesPerProblem) return header;
  const larger = { ...header, plan: { ...header.plan, samplesPerProblem } };
  await files.replace(`${folder}/${headerFileName}`, new TextEncoder().encode(encodeHeader(larger)));
  return larger;
}

/** Opens a run that exists, with the plan stored in it: to resume without the dataset. Same errors, and `noRun`. */
export async function openRun(folder: string, ports: StorePorts): Promise<RunLog> {
  // Read before locking: a lock file is not left in a folder that holds no run.
  await readRun(folder, ports.files);
  return withLock(folder, ports, () => readRun(folder, ports.files));
}

/**
 * Another role or other metadata for a run: what it is called in comparisons, never how it was sampled. A run that is being
 * sampled is left alone: `runBusy`. Throws as `openRun`.
 */
export async function describeRun(
  folder: string,
  description: Pick<RunPlan, "role" | "metadata">,
  { files, owner }: Pick<StorePorts, "files" | "owner">,
): Promise<RunHeader> {
  await readRun(folder, files);
  const lock = await files.lock(folder, owner);
  if (lock === null) throw new LensError("runBusy", await busyMessage(folder, files));
  try {
    const { header } = await readRun(folder, files);
    const described = { ...header, plan: { ...header.plan, ...description } };
    await files.replace(`${folder}/${headerFileName}`, new TextEncoder().encode(encodeHeader(described)));
    return described;
  } finally {
    await lock.release();
  }
}

/** Header and problems without the lock: for showing a run. Throws `noRun`, `newerSchema`, `brokenRun`. */
export async function readRun(folder: string, files: FileStore): Promise<StoredRun> {
  const header = await readHeader(folder, files);
  if (header === null) throw new LensError("noRun", `${folder} holds no run: there is no ${headerFileName}.`);
  return { header, problems: await readProblems(folder, header, files) };
}

/** Every run folder directly inside `root`, oldest first. Never throws for a single bad folder. */
export async function listRuns(root: string, files: FileStore): Promise<readonly ListedRun[]> {
  const runs: ListedRun[] = [];
  for (const name of await files.list(root)) {
    const folder = `${root}/${name}`;
    try {
      const header = await readHeader(folder, files);
      if (header !== null) runs.push({ folder, header, issue: null });
    } catch (error) {
      if (!(error instanceof LensError)) throw error;
      // A plain file beside the run folders has no run.json inside it: not a run, and nothing to say.
      if (error.code !== "storeFailed") runs.push({ folder, header: null, issue: error.message });
    }
  }
  return runs.sort((a, b) => (a.header?.createdAt ?? "").localeCompare(b.header?.createdAt ?? ""));
}

export interface StoredRun {
  readonly header: RunHeader;
  readonly problems: readonly Problem[];
}

async function withLock(folder: string, ports: StorePorts, load: () => Promise<StoredRun>): Promise<RunLog> {
  const lock = await ports.files.lock(folder, ports.owner);
  if (lock === null) throw new LensError("runBusy", await busyMessage(folder, ports.files));
  try {
    const { header, problems } = await load();
    return await openLog({ folder, header, plan: { ...header.plan, problems }, files: ports.files, lock });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function busyMessage(folder: string, files: FileStore): Promise<string> {
  const bytes = await files.read(`${folder}/${lockFileName}`).catch(() => null);
  let holder = "another window or process";
  try {
    const lock = JSON.parse(new TextDecoder().decode(bytes ?? undefined)) as Record<string, unknown>;
    holder = `${String(lock["owner"])} (process ${String(lock["pid"])} on ${String(lock["host"])}, since ${String(lock["at"])})`;
  } catch {
    // An unreadable lock is still a lock: the holder stays unnamed.
  }
  return `${folder} is being written by ${holder}. Wait for it, or stop it there first.`;
}

/** Problems first, `run.json` last: a folder with `run.json` is a whole run, one without is none yet. */
async function writeNew(folder: string, plan: RunPlan, ports: StorePorts): Promise<StoredRun> {
  const orphan = await ports.files.open(`${folder}/${samplesFileName}`);
  if (orphan !== null && orphan.byteLength > 0) {
    throw new LensError(
      "brokenRun",
      `${folder} holds ${samplesFileName} but no ${headerFileName}. Nothing was changed. Choose another folder.`,
    );
  }
  const { problems, ...rest } = plan;
  const createdAt = new Date(ports.clock.now()).toISOString();
  const header: RunHeader = {
    schemaVersion: versionOf(plan),
    createdAt,
    problemCount: problems.length,
    plan: rest,
  };
  const encoder = new TextEncoder();
  const lines = problems.map((problem) => `${encodeProblem(problem)}\n`).join("");
  await ports.files.replace(`${folder}/${problemsFileName}`, encoder.encode(lines));
  await ports.files.replace(`${folder}/${headerFileName}`, encoder.encode(encodeHeader(header)));
  return { header, problems };
}

async function readHeader(folder: string, files: FileStore): Promise<RunHeader | null> {
  const bytes = await files.read(`${folder}/${headerFileName}`);
  return bytes === null ? null : decodeHeader(bytes, `${folder}/${headerFileName}`);
}

async function readProblems(
  folder: string,
  header: RunHeader,
  files: FileStore,
): Promise<readonly Problem[]> {
  const path = `${folder}/${problemsFileName}`;
  const bytes = await files.read(path);
  const lines = bytes === null ? [] : new TextDecoder().decode(bytes).split("\n");
  const problems: Problem[] = [];
  for (const [at, line] of lines.entries()) {
    if (line === "") continue;
    try {
      problems.push(decodeProblem(JSON.parse(line)));
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause);
      throw new LensError("brokenRun", `${path} line ${at + 1}: ${detail}`, { cause });
    }
  }
  if (problems.length !== header.problemCount) {
    throw new LensError(
      "brokenRun",
      `${path}: expected ${header.problemCount} problems, got ${problems.length}. The samples are kept.`,
    );
  }
  return problems;
}

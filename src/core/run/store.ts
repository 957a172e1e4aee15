import type { Problem, Sample } from "../model.ts";
import type { Clock, FileStore } from "../ports.ts";
import type { RunPlan } from "./plan.ts";

/** `run.json` without the problems, which have a file of their own. */
export interface RunHeader {
  readonly schemaVersion: number;
  /** ISO time of the run's creation. */
  readonly createdAt: string;
  readonly problemCount: number;
  readonly plan: Omit<RunPlan, "problems">;
}

/** A run folder found by `listRuns`. `issue` says why it cannot be used, or only be read. */
export interface ListedRun {
  readonly folder: string;
  readonly header: RunHeader | null;
  readonly issue: string | null;
}

/** A run opened for writing: this process holds its lock until `close`. */
export interface RunLog {
  readonly folder: string;
  readonly plan: RunPlan;
  readonly header: RunHeader;
  /** What was cut or skipped when the folder was opened, in words; empty when nothing was. */
  readonly repairs: readonly string[];
  /** Samples answered and on disk; failed ones are not among them, so they are tried again. */
  readonly finishedCount: number;
  isFinished(problemKey: string, index: number): boolean;
  /** Samples of a problem on disk: index to hash of the text, for finding duplicates. */
  finishedOf(problemKey: string): ReadonlyMap<number, string>;
  /** Resolves when the line was handed to the operating system. Rejects with `diskFull` or `storeFailed`, then always. */
  append(sample: Sample): Promise<void>;
  close(): Promise<void>;
}

export interface StorePorts {
  readonly files: FileStore;
  readonly clock: Clock;
  /** Who holds the lock, for the message to another window, e.g. `VS Code` or `command line`. */
  readonly owner: string;
}

/**
 * Creates the folder's run, or opens it to resume when it is there already.
 * Throws LensError: `planDiffers` (another plan lives here: says in what), `runBusy` (another window or process),
 * `newerSchema` (written by a newer version: read only), `brokenRun` (run.json cannot be read), `diskFull`, `storeFailed`.
 */
export declare function createRun(folder: string, plan: RunPlan, ports: StorePorts): Promise<RunLog>;

/** Opens a run that exists, with the plan stored in it: to resume without the dataset. Same errors, and `noRun`. */
export declare function openRun(folder: string, ports: StorePorts): Promise<RunLog>;

/** Header and problems without the lock: for showing a run. Throws `noRun`, `newerSchema`, `brokenRun`. */
export declare function readRun(
  folder: string,
  files: FileStore,
): Promise<{ readonly header: RunHeader; readonly problems: readonly Problem[] }>;

/** Every run folder directly inside `root`, oldest first. Never throws for a single bad folder. */
export declare function listRuns(root: string, files: FileStore): Promise<readonly ListedRun[]>;

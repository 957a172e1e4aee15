import type { AppendFile, FileLock, FileStore } from "../ports.ts";
import type { Sample } from "../model.ts";
import { LensError } from "../errors.ts";
import { encodeSample } from "../dataset/formats/runLog.ts";
import { samplesFileName } from "./files.ts";
import { type SampleScan, scanSamples } from "./scan.ts";
import type { Draw } from "../estimate/adaptive/course.ts";
import { type Draws, type Finished, addDraw, addFinished } from "./finished.ts";
import { type SampleCounts, countSample, countVerdict } from "./counts.ts";
import type { RunPlan } from "./plan.ts";
import type { RunHeader } from "./header.ts";

/** A run opened for writing: this process holds its lock until `close`. */
export interface RunLog {
  readonly folder: string;
  readonly plan: RunPlan;
  readonly header: RunHeader;
  /** What was cut or skipped when the folder was opened, in words; empty when nothing was. */
  readonly repairs: readonly string[];
  /** Samples answered and on disk; failed ones are not among them, so they are tried again. */
  readonly counts: Readonly<SampleCounts>;
  /** Answered, with a gold answer, but left without a verdict: the run was ended meanwhile. */
  readonly unjudged: readonly Sample[];
  /** What the samples on disk said when the folder was opened; empty for a run without a stop rule. */
  readonly draws: ReadonlyMap<string, ReadonlyMap<number, Draw>>;
  isFinished(problemKey: string, index: number): boolean;
  /** Samples of a problem on disk: index to hash of the text, for finding duplicates. */
  finishedOf(problemKey: string): ReadonlyMap<number, number>;
  /** Resolves when the line was handed to the operating system. Rejects with `diskFull` or `storeFailed`, then always. */
  append(sample: Sample): Promise<void>;
  /** The same for a sample of `unjudged` that has its verdict now: its later line holds. */
  judged(sample: Sample): Promise<void>;
  /** Writes what is queued, then gives the lock back. */
  close(): Promise<void>;
}

export interface LogParts {
  readonly folder: string;
  readonly header: RunHeader;
  readonly plan: RunPlan;
  readonly files: FileStore;
  readonly lock: FileLock;
}

/**
 * Opens `samples.jsonl`: reads what is finished, cuts a torn last line, appends from there.
 * A failed sample is written (so that it is seen) but does not count as finished; a later line of the same sample holds.
 */
export async function openLog(parts: LogParts): Promise<RunLog> {
  const path = `${parts.folder}/${samplesFileName}`;
  const draws: Draws = new Map();
  const problems = new Map(parts.plan.problems.map((problem) => [problem.key, problem]));
  const onSample = (sample: Sample): void => {
    const problem = problems.get(sample.problemKey);
    if (problem !== undefined) addDraw(draws, sample, problem);
  };
  const isStopped = parts.plan.stopRule !== undefined;
  const scan = await scanSamples(await parts.files.open(path), isStopped ? onSample : undefined);
  const file = await parts.files.openAppend(path, scan.wholeBytes);
  return new AppendLog(parts, file, { ...scan, draws });
}

class AppendLog implements RunLog {
  readonly folder: string;
  readonly plan: RunPlan;
  readonly header: RunHeader;
  readonly repairs: readonly string[];
  readonly unjudged: readonly Sample[];
  readonly draws: RunLog["draws"];
  private readonly finished: Finished;
  private readonly lock: FileLock;
  private readonly lines: GroupedAppend;
  private readonly sums: SampleCounts;

  constructor(parts: LogParts, file: AppendFile, scan: SampleScan & { readonly draws: Draws }) {
    this.folder = parts.folder;
    this.plan = parts.plan;
    this.header = parts.header;
    this.lock = parts.lock;
    this.repairs = scan.repairs;
    const golden = new Set(parts.plan.problems.filter(({ gold }) => gold !== null).map(({ key }) => key));
    this.unjudged = scan.unjudged.filter(({ problemKey }) => golden.has(problemKey));
    this.finished = scan.finished;
    this.draws = scan.draws;
    this.lines = new GroupedAppend(file);
    this.sums = scan.counts;
  }

  get counts(): Readonly<SampleCounts> {
    return this.sums;
  }

  isFinished(problemKey: string, index: number): boolean {
    return this.finished.get(problemKey)?.has(index) ?? false;
  }

  finishedOf(problemKey: string): ReadonlyMap<number, number> {
    return this.finished.get(problemKey) ?? new Map<number, number>();
  }

  async append(sample: Sample): Promise<void> {
    if (this.isFinished(sample.problemKey, sample.index)) {
      throw new LensError("duplicateSample", `sample ${sample.index} of a problem is on disk already`);
    }
    await this.lines.append(`${encodeSample(sample)}\n`);
    if (sample.outcome.kind === "failed") return;
    addFinished(this.finished, sample);
    countSample(this.sums, sample);
  }

  async judged(sample: Sample): Promise<void> {
    await this.lines.append(`${encodeSample(sample)}\n`);
    countVerdict(this.sums, sample);
  }

  async close(): Promise<void> {
    try {
      await this.lines.close();
    } finally {
      await this.lock.release();
    }
  }
}

/** Joins the lines that wait while one write is under way into the next write. Once a write failed, all later ones do. */
class GroupedAppend {
  private readonly file: AppendFile;
  private readonly encoder = new TextEncoder();
  private waiting: string[] = [];
  /** The write of the lines in `waiting`; shared by all of them. */
  private next: Promise<void> | null = null;
  private current: Promise<void> = Promise.resolve();

  constructor(file: AppendFile) {
    this.file = file;
  }

  append(line: string): Promise<void> {
    this.waiting.push(line);
    this.next ??= this.current = this.current.then(() => this.flush());
    return this.next;
  }

  /** Closes the file; a failed write was already reported to those who appended. */
  async close(): Promise<void> {
    await this.current.catch(() => undefined);
    await this.file.close();
  }

  private async flush(): Promise<void> {
    const lines = this.waiting;
    this.waiting = [];
    this.next = null;
    await this.file.append(this.encoder.encode(lines.join("")));
  }
}

import * as vscode from "vscode";
import { LensError } from "../core/errors.ts";
import type {
  LineCount,
  Reading,
  RolloutFile,
  RolloutOptions,
  RolloutRun,
  SampleDetail,
  SampleRef,
} from "../core/dataset/readRollouts.ts";
import type { InputIssue, Problem, RunTally } from "../core/model.ts";
import type { FileStore } from "../core/ports.ts";
import type { RunHeader } from "../core/run/store.ts";
import type { Verifier } from "../core/verify/verifier.ts";
import { displayName, type OpenSource, withSource } from "./files.ts";
import type { KeptReadings } from "./keptReadings.ts";
import { KeptSources } from "./keptSources.ts";
import { breathe, JudgedRuns, judgedTally, noVerdicts, type StoredVerdicts } from "./judgedRuns.ts";
import type { RunEntry } from "./runEntry.ts";
import { sampledTally } from "./sampledTally.ts";

/** A run with its counts, and the way to its texts, which stay in the file. */
export interface LoadedRun {
  readonly tally: RunTally;
  /** As they were read from the file, or as another judge sees them; `null` before a run's first sample. */
  readonly samples: RolloutRun | null;
  readonly file: vscode.Uri;
  /** Time and size of the file when it was read. */
  readonly stamp: string;
  readonly issues: readonly InputIssue[];
  readonly lines: LineCount | null;
  /** By index; empty for an unknown problem. */
  locate(problemKey: string): readonly SampleRef[];
  /** Rejects with code `stale` when the file no longer has it there. */
  readText(ref: SampleRef): Promise<SampleDetail>;
}

/** Told the bytes that are read of a file, and all of them. */
export type OnRead = NonNullable<RolloutOptions["onProgress"]>;

interface ReadFile {
  readonly stamp: string;
  readonly value: Promise<RolloutFile>;
  /** All who wait for it and want to know how far it is. */
  readonly watchers: Set<OnRead>;
}

interface Asked {
  readonly uri: vscode.Uri;
  readonly stamp: string;
  readonly options: RolloutOptions;
}

export interface RunDataPorts {
  readonly files: () => Promise<FileStore>;
  /** Judges what a file did not grade. */
  readonly verifier: () => Promise<Verifier>;
  /** Verdicts besides those in the file. */
  readonly verdicts: VerdictSets;
  /** Readings of other windows; absent: every window reads the files itself. */
  readonly kept?: KeptReadings;
}

/** The sets of verdicts that were given to a run's samples later on. */
export interface VerdictSets {
  /** All that a verifier has judged; `null`: nothing. */
  read(entry: RunEntry, verifierId: string): Promise<StoredVerdicts | null>;
  /** The same, after judging what was not judged yet. */
  current(entry: RunEntry, verifierId: string): Promise<StoredVerdicts | null>;
}

/** Reads runs of both kinds from their files. A file is read again only after it changed. */
export class RunData implements vscode.Disposable {
  private readonly files: RunDataPorts["files"];
  private readonly verifier: RunDataPorts["verifier"];
  private readonly verdicts: VerdictSets;
  private readonly kept: KeptReadings | null;
  private readonly rollouts = new Map<string, ReadFile>();
  private readonly judged = new JudgedRuns();
  private readonly sources = new KeptSources();

  constructor({ files, verifier, verdicts, kept }: RunDataPorts) {
    this.files = files;
    this.verifier = verifier;
    this.verdicts = verdicts;
    this.kept = kept ?? null;
  }

  /** With the verdicts that were chosen for it. */
  async load(entry: RunEntry, onProgress?: OnRead): Promise<LoadedRun> {
    const chosen = entry.verdicts ?? null;
    if (chosen === null) return this.loadOwn(entry, onProgress);
    const stored = await this.verdicts.current(entry, chosen);
    return this.judgedBy(entry, chosen, stored);
  }

  /** With the verdicts of a verifier, as far as it has judged. */
  async loadJudged(entry: RunEntry, verifierId: string): Promise<LoadedRun> {
    return this.judgedBy(entry, verifierId, await this.verdicts.read(entry, verifierId));
  }

  /** With the verdicts that stand in its file. */
  async loadOwn(entry: RunEntry, onProgress?: OnRead): Promise<LoadedRun> {
    return entry.source.kind === "sampled"
      ? this.loadSampled(entry.id, entry.source.folder, onProgress)
      : this.loadImported(entry, entry.source, onProgress);
  }

  /**
   * Rollouts of a file; samples without a verdict are judged where their gold is known.
   * The reading is shared by all who ask meanwhile, so no single one of them may cancel it.
   */
  async readFile(uri: vscode.Uri, { onProgress, ...options }: RolloutOptions = {}): Promise<RolloutFile> {
    const stamp = await stampOf(uri);
    const known = this.rollouts.get(uri.toString());
    const read = known?.stamp === stamp ? known : this.startReading({ uri, stamp, options });
    if (onProgress === undefined) return read.value;
    read.watchers.add(onProgress);
    try {
      return await read.value;
    } finally {
      read.watchers.delete(onProgress);
    }
  }

  /** Nothing of the file stays, neither here nor between windows. */
  async forget(uri: vscode.Uri): Promise<void> {
    this.rollouts.delete(uri.toString());
    await this.kept?.forget(uri);
  }

  private startReading(asked: Asked): ReadFile {
    const watchers = new Set<OnRead>();
    const onProgress: OnRead = (bytes, total) => {
      for (const watcher of watchers) watcher(bytes, total);
    };
    const value = this.readRollouts({ ...asked, options: { ...asked.options, onProgress } });
    const read: ReadFile = { stamp: asked.stamp, value, watchers };
    const name = asked.uri.toString();
    this.rollouts.set(name, read);
    value.catch(() => this.rollouts.delete(name));
    return read;
  }

  /** The file as it was when its runs were read, opened. */
  withFile<T>(
    of: { readonly uri: vscode.Uri; readonly stamp: string },
    use: (source: OpenSource) => Promise<T>,
  ): Promise<T> {
    return this.sources.use(of, use);
  }

  /** Rejects with code `stale` when the file no longer has the sample there. `problems`: of a run folder. */
  async readText(
    of: { readonly uri: vscode.Uri; readonly stamp: string },
    ref: SampleRef,
    problems?: readonly Problem[],
  ): Promise<SampleDetail> {
    const { readSample } = await import("../core/dataset/readSample.ts");
    return this.withFile(of, (source) => readSample(source, ref, problems));
  }

  dispose(): void {
    this.sources.dispose();
  }

  private async judgedBy(
    entry: RunEntry,
    verifierId: string,
    stored: StoredVerdicts | null,
  ): Promise<LoadedRun> {
    const own = await this.loadOwn(entry);
    if (own.samples === null) return { ...own, tally: { ...own.tally, verifier: verifierId } };
    const samples = await this.judged.by(entry.id, own.samples, stored ?? noVerdicts(verifierId));
    return {
      ...own,
      samples,
      tally: judgedTally(own.tally, samples.tally),
      locate: (key) => samples.locate(key),
    };
  }

  private async readRollouts({ uri, stamp, options }: Asked): Promise<RolloutFile> {
    const [{ readRollouts }, verifier] = await Promise.all([
      import("../core/dataset/readRollouts.ts"),
      this.verifier(),
    ]);
    // A run's ungraded samples wait for its own verifier: another one's verdicts are not mixed in.
    const judges = options.grader === undefined || options.grader === verifier.id;
    const read = (from: Reading | null): Promise<RolloutFile> =>
      withSource(uri, (source) =>
        readRollouts(source, { ...(judges ? { verifier } : {}), breathe, ...options }, from),
      );
    // Only a run folder's log is known to be appended to.
    const grows = options.problems !== undefined;
    const asked = { uri, stamp, judge: judges ? verifier.id : null, options, grows };
    return this.kept === null ? read(null) : this.kept.of(asked, read);
  }

  /** How a run folder was to be sampled. */
  async planIn(folder: string): Promise<RunHeader["plan"]> {
    const { readRun } = await import("../core/run/store.ts");
    return (await readRun(folder, await this.files())).header.plan;
  }

  private async loadSampled(id: string, folder: string, onProgress?: OnRead): Promise<LoadedRun> {
    const [{ readRun }, { readingOf, stopPlanOf }] = await Promise.all([
      import("../core/run/store.ts"),
      import("../core/run/plan.ts"),
    ]);
    const { header, problems } = await readRun(folder, await this.files());
    const file = samplesUri(folder);
    const options = { ...readingOf(header.plan, problems), ...watched(onProgress) };
    const read = (await isEmpty(file)) ? null : await this.readFile(file, options);
    const run = read?.runs[0] ?? null;
    const stamp = await stampOf(file);
    return {
      tally: sampledTally(id, { header, problems, run, stopPlan: stopPlanOf(header.plan) }),
      samples: run,
      stamp,
      file,
      issues: read?.issues ?? [],
      lines: read?.lines ?? null,
      locate: (key) => run?.locate(key) ?? [],
      readText: (ref) => this.readText({ uri: file, stamp }, ref, problems),
    };
  }

  private async loadImported(
    entry: RunEntry,
    { uri, model }: { readonly uri: string; readonly model: string },
    onProgress?: OnRead,
  ): Promise<LoadedRun> {
    const file = vscode.Uri.parse(uri);
    const read = await this.readFile(file, watched(onProgress));
    const run = read.runs.find(({ tally }) => tally.name === model);
    if (run === undefined) {
      throw new LensError(
        "noRun",
        vscode.l10n.t("{0} has no rollouts of {1} any more.", displayName(file), model),
      );
    }
    const stamp = await stampOf(file);
    return {
      tally: {
        ...run.tally,
        id: entry.id,
        name: entry.name,
        role: entry.role,
        metadata: { ...run.tally.metadata, ...entry.metadata },
      },
      samples: run,
      stamp,
      file,
      issues: read.issues,
      lines: read.lines,
      locate: (key) => run.locate(key),
      readText: (ref) => this.readText({ uri: file, stamp }, ref),
    };
  }
}

const watched = (onProgress: OnRead | undefined): Pick<RolloutOptions, "onProgress"> =>
  onProgress === undefined ? {} : { onProgress };

export const samplesUri = (folder: string): vscode.Uri => vscode.Uri.file(`${folder}/samples.jsonl`);

const absent = "absent";

/** Time and size of a file: another one means that it changed. */
export async function stampOf(uri: vscode.Uri): Promise<string> {
  try {
    const { mtime, size } = await vscode.workspace.fs.stat(uri);
    return `${mtime}:${size}`;
  } catch {
    return absent;
  }
}

/** Before its first sample a run has an empty log, or none. */
async function isEmpty(uri: vscode.Uri): Promise<boolean> {
  const stamp = await stampOf(uri);
  return stamp === absent || stamp.endsWith(":0");
}

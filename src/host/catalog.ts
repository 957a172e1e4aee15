import * as vscode from "vscode";
import type { FileStore } from "../core/ports.ts";
import type { ListedRun } from "../core/run/store.ts";
import { restingState, type RunEntry, type RunFailure, type RunSummary, type StudyRef } from "./runEntry.ts";

const importsName = "rolloutLens.imports";
const summariesName = "rolloutLens.summaries";
/** Of what stands in workspaceState; another version is left alone and not read. */
const version = 1;

interface Remembered<T> {
  readonly version: number;
  readonly value: T;
}

/** What was counted of a run folder, so that the tree needs not read its samples, and how its last session ended. */
interface Counted {
  readonly samples: number;
  /** Of a run that stops problems early: fewer than planned. Absent in what older versions kept. */
  readonly total?: number;
  readonly summary: RunSummary;
  readonly stamp: string | null;
  readonly problemSet: string | null;
  readonly failure: RunFailure | null;
  readonly message: string | null;
  /** As in RunEntry. */
  readonly verdicts?: string | null;
}

interface RunsFolder {
  readonly folder: string;
  readonly study: StudyRef | null;
}

export interface CatalogPorts {
  readonly state: vscode.Memento;
  readonly files: () => Promise<FileStore>;
  /** Folders that may hold run folders, as paths. */
  readonly roots: () => readonly string[];
  /** A run folder that cannot be used, in words. */
  readonly onIssue: (message: string) => void;
}

/** Every run that is known here: run folders on disk and imported rollouts. Reads nothing before `load`. */
export class RunCatalog implements vscode.Disposable {
  private readonly ports: CatalogPorts;
  private readonly runs = new Map<string, RunEntry>();
  private readonly changed = new vscode.EventEmitter<void>();
  private loading: Promise<void> | null = null;
  readonly onDidChange = this.changed.event;

  constructor(ports: CatalogPorts) {
    this.ports = ports;
  }

  /** Scans once; later calls wait for the same scan. */
  load(): Promise<void> {
    this.loading ??= this.scan();
    return this.loading;
  }

  async refresh(): Promise<void> {
    this.loading = this.scan();
    await this.loading;
  }

  all(): readonly RunEntry[] {
    return [...this.runs.values()];
  }

  find(id: string): RunEntry | null {
    return this.runs.get(id) ?? null;
  }

  /** Adds a run or replaces what is known of it. */
  async put(entry: RunEntry): Promise<void> {
    this.runs.set(entry.id, entry);
    this.changed.fire();
    if (entry.source.kind === "imported") await this.rememberImports();
    else if (entry.summary !== null && entry.state !== "running")
      await this.rememberSummary(entry, entry.summary);
  }

  /** Changes some fields of a run that is still known. */
  async patch(id: string, fields: Partial<RunEntry>): Promise<void> {
    const entry = this.runs.get(id);
    if (entry !== undefined) await this.put({ ...entry, ...fields });
  }

  async remove(id: string): Promise<void> {
    const entry = this.runs.get(id);
    if (entry === undefined) return;
    this.runs.delete(id);
    this.changed.fire();
    if (entry.source.kind === "imported") await this.rememberImports();
  }

  /** A run folder anywhere: the run in it, or `null` where there is none that can be used. */
  async addFolder(folder: string): Promise<RunEntry | null> {
    await this.load();
    const known = this.all().find(({ source }) => source.kind === "sampled" && source.folder === folder);
    if (known !== undefined) return known;
    const { listRuns } = await import("../core/run/store.ts");
    const parent = folder.slice(0, folder.lastIndexOf("/"));
    const listed = (await listRuns(parent, await this.ports.files())).find((run) => run.folder === folder);
    const entry = listed === undefined ? null : await this.entryOf(listed);
    if (entry !== null) await this.put(entry);
    return entry;
  }

  dispose(): void {
    this.changed.dispose();
  }

  private async scan(): Promise<void> {
    const { listRuns } = await import("../core/run/store.ts");
    const files = await this.ports.files();
    const found = new Map<string, RunEntry>();
    const before = new Map(this.runs);
    for (const root of this.ports.roots())
      for (const { folder, study } of await this.studiesAndRoot(root, files))
        for (const listed of await listRuns(folder, files)) {
          const entry = await this.entryOf(listed);
          if (entry !== null) found.set(entry.id, study === null ? entry : { ...entry, study });
        }
    for (const entry of this.imports()) found.set(entry.id, entry);
    // A run at work in this window knows itself better than its folder does, and so does one that ended meanwhile.
    for (const entry of this.runs.values())
      if (isLive(entry) || before.get(entry.id) !== entry) found.set(entry.id, entry);
    for (const id of before.keys()) if (!this.runs.has(id)) found.delete(id);
    this.runs.clear();
    for (const [id, entry] of found) this.runs.set(id, entry);
    this.changed.fire();
  }

  /** Folders that hold run folders: the root's own, and those of the studies in it. */
  private async studiesAndRoot(root: string, files: FileStore): Promise<readonly RunsFolder[]> {
    const [{ isFinished, listStudies }, { studyRunsFolder }] = await Promise.all([
      import("../core/study/listStudies.ts"),
      import("../core/study/studyLog.ts"),
    ]);
    const studies = await listStudies(root, files);
    for (const { issue } of studies) if (issue !== null) this.ports.onIssue(issue);
    const ofStudies = studies.flatMap(({ folder, study }) => {
      if (study === null) return [];
      const ref = { folder, name: study.spec.name, finished: isFinished(study) };
      return [{ folder: studyRunsFolder(folder), study: ref }];
    });
    return [{ folder: root, study: null }, ...ofStudies];
  }

  private async entryOf({ folder, header, issue }: ListedRun): Promise<RunEntry | null> {
    if (issue !== null) this.ports.onIssue(issue);
    if (header === null) return null;
    const { plan } = header;
    const known = this.summaries()[plan.id];
    const planned = header.problemCount * plan.samplesPerProblem;
    const total = plan.stopRule === undefined ? planned : Math.min(known?.total ?? planned, planned);
    const finished = Math.min(known?.samples ?? 0, total);
    const failure = known?.failure ?? null;
    return {
      id: plan.id,
      name: plan.name,
      role: plan.role,
      dataset: plan.dataset.name,
      datasetProblems: header.problemCount,
      problemSet: known?.problemSet ?? null,
      source: { kind: "sampled", folder },
      state: restingState({ finished, total, failure }),
      finished,
      total,
      message: issue ?? known?.message ?? null,
      failure,
      summary: known?.summary ?? null,
      verdicts: known?.verdicts ?? null,
      createdAt: header.createdAt,
      stamp: known?.stamp ?? null,
    };
  }

  private imports(): readonly RunEntry[] {
    return (this.recall(importsName) as readonly RunEntry[] | null) ?? [];
  }

  private summaries(): Readonly<Record<string, Counted>> {
    return (this.recall(summariesName) as Record<string, Counted> | null) ?? {};
  }

  private async rememberImports(): Promise<void> {
    const imports = this.all().filter(({ source }) => source.kind === "imported");
    await this.remember(importsName, imports);
  }

  private async rememberSummary(entry: RunEntry, summary: RunSummary): Promise<void> {
    const { id, finished: samples, total, stamp, problemSet, failure, message, verdicts = null } = entry;
    const counted: Counted = { samples, total, summary, stamp, problemSet, failure, message, verdicts };
    await this.remember(summariesName, { ...this.summaries(), [id]: counted });
  }

  private recall(name: string): unknown {
    const stored = this.ports.state.get<Remembered<unknown>>(name);
    return stored?.version === version ? stored.value : null;
  }

  private async remember(name: string, value: unknown): Promise<void> {
    await this.ports.state.update(name, { version, value } satisfies Remembered<unknown>);
  }
}

const isLive = ({ source, state }: RunEntry): boolean =>
  source.kind === "sampled" && (state === "running" || state === "queued");

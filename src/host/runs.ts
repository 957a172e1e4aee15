import * as vscode from "vscode";
import type { RunTally } from "../core/model.ts";
import type { Clock, FileStore, Random } from "../core/ports.ts";
import type { RunProgress } from "../core/run/events.ts";
import type { Generator } from "../core/run/generate.ts";
import type { RunPlan } from "../core/run/plan.ts";
import type { RunLog } from "../core/run/store.ts";
import type { RunWatcher } from "../core/study/stageWork.ts";
import type { Verifier } from "../core/verify/verifier.ts";
import { ActiveRun, type ActiveRunPorts, type RunStop } from "./activeRun.ts";
import type { RunCatalog } from "./catalog.ts";
import { LiveTally } from "./liveTally.ts";
import type { Log } from "./log.ts";
import type { RunData } from "./runData.ts";
import type { RunEntry, StudyRef } from "./runEntry.ts";
import { startedEntry } from "./startedEntry.ts";
import { untrusted } from "./untrusted.ts";

/** An endpoint that was opened for one run. */
export interface OpenGenerator {
  readonly generator: Generator;
  readonly concurrency: number;
  close(): void;
}

export interface RunsPorts {
  readonly catalog: RunCatalog;
  readonly data: RunData;
  readonly files: () => Promise<FileStore>;
  readonly clock: Clock;
  readonly random: Random;
  /** By its id. */
  readonly verifier: (id: string) => Promise<Verifier>;
  /** Finds the plan's endpoint in the settings and opens it with its key. */
  readonly openGenerator: (plan: RunPlan) => Promise<OpenGenerator>;
  readonly onStopped: (stop: RunStop) => void;
  readonly log: Log;
  /** May samples be drawn here? Asked before every start, whatever the menus show. */
  readonly mayRun: () => boolean;
}

/** Where a run of a study belongs, and who ends it and is told of its end. */
export interface StudyRun {
  readonly study: StudyRef;
  /** Ends the whole study. */
  readonly abort: AbortController;
  readonly onStopped: (stop: RunStop) => void;
}

/** Owns the runs at work in this window. What is finished is on disk; leaving loses requests in flight only. */
export class Runs implements vscode.Disposable {
  private readonly ports: RunsPorts;
  private readonly active = new Map<string, ActiveRun>();
  private readonly progressed = new vscode.EventEmitter<string>();
  /** The id of a run whose progress, counts or state changed; at most ten times a second each. */
  readonly onDidProgress = this.progressed.event;

  constructor(ports: RunsPorts) {
    this.ports = ports;
  }

  /** Starts a new run in a folder. Rejects with a LensError when it cannot begin; then nothing was sampled. */
  async start(plan: RunPlan, folder: string): Promise<void> {
    this.checkMayRun();
    const { createRun } = await import("../core/run/store.ts");
    const log = await createRun(folder, plan, await this.storePorts());
    await this.begin(log);
  }

  /** Goes on with a run that is paused here, or with one that an earlier session left unfinished. */
  async resume(entry: RunEntry): Promise<void> {
    this.checkMayRun();
    const active = this.active.get(entry.id);
    if (active !== undefined) {
      active.pause.resume();
      await this.ports.catalog.patch(entry.id, { state: "running", message: null });
      this.progressed.fire(entry.id);
      return;
    }
    if (entry.source.kind !== "sampled") return;
    const { openRun } = await import("../core/run/store.ts");
    await this.begin(await openRun(entry.source.folder, await this.storePorts()), entry);
  }

  /** No new request starts; those in flight end and are kept. */
  async pause(id: string): Promise<void> {
    const active = this.active.get(id);
    if (active === undefined) return;
    active.pause.pause();
    await this.ports.catalog.patch(id, { state: "paused" });
    this.progressed.fire(id);
  }

  /** Ends the run, at work here or left earlier, with what is finished; it can still be resumed. */
  async cancel(id: string): Promise<void> {
    await this.stop(id);
    const state = this.ports.catalog.find(id)?.state;
    if (state !== "paused" && state !== "failed") return;
    const failure = { code: "cancelled", status: null };
    await this.ports.catalog.patch(id, { state: "cancelled", failure, message: null });
    this.progressed.fire(id);
  }

  /** Before the window goes: every log is closed, and the runs stand as paused. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.active.keys()].map((id) => this.stop(id)));
  }

  private async stop(id: string): Promise<void> {
    const active = this.active.get(id);
    active?.abort.abort();
    await active?.ended;
  }

  isActive(id: string): boolean {
    return this.active.has(id);
  }

  progressOf(id: string): RunProgress | null {
    return this.active.get(id)?.progress ?? null;
  }

  /** Counts with the newest samples, or `null` for a run that is not at work here. */
  liveTally(id: string): RunTally | null {
    return this.active.get(id)?.live.tally() ?? null;
  }

  activeIds(): readonly string[] {
    return [...this.active.keys()];
  }

  dispose(): void {
    for (const { abort } of this.active.values()) abort.abort();
    this.progressed.dispose();
  }

  private checkMayRun(): void {
    if (!this.ports.mayRun()) throw untrusted();
  }

  private async storePorts(): Promise<{ files: FileStore; clock: Clock; owner: string }> {
    return { files: await this.ports.files(), clock: this.ports.clock, owner: "VS Code" };
  }

  private async begin(log: RunLog, earlier: RunEntry | null = null): Promise<void> {
    const { plan } = log;
    let open: OpenGenerator;
    let verifier: Verifier;
    const live = new LiveTally(plan);
    try {
      if (log.counts.finished > 0 && earlier !== null) await this.takeEarlier(live, plan, earlier);
      verifier = await this.ports.verifier(plan.protocol.verifier);
      open = await this.ports.openGenerator(plan);
    } catch (error) {
      await log.close();
      throw error;
    }
    const { onStopped } = this.ports;
    const active = this.activated(log, { live, abort: new AbortController(), onStopped });
    await this.ports.catalog.put(startedEntry(log, earlier));
    active.ended = this.work(active, log, { open, verifier });
  }

  /** Follows a run that a study samples: it is shown, paused and cancelled like those that were started here. */
  async follow(log: RunLog, { study, abort, onStopped }: StudyRun): Promise<RunWatcher> {
    const entry = { ...startedEntry(log, this.ports.catalog.find(log.plan.id)), study };
    const live = new LiveTally(log.plan);
    if (log.counts.finished > 0) await this.takeEarlier(live, log.plan, entry);
    const active = this.activated(log, { live, abort, onStopped });
    let end = (): void => undefined;
    active.ended = new Promise((resolve) => (end = resolve));
    await this.ports.catalog.put(entry);
    return {
      pause: active.pause,
      handle: (event) => active.handle(event),
      ended: () => this.ended(active).finally(() => end()),
    };
  }

  private activated(log: RunLog, parts: Pick<ActiveRunPorts, "live" | "abort" | "onStopped">): ActiveRun {
    const { catalog, log: lines } = this.ports;
    const { id } = log.plan;
    const onProgress = (): void => this.progressed.fire(id);
    const active = new ActiveRun(log, { catalog, log: lines, onProgress, ...parts });
    this.active.set(id, active);
    return active;
  }

  private async takeEarlier(live: LiveTally, plan: RunPlan, earlier: RunEntry): Promise<void> {
    const loaded = await this.ports.data.loadOwn(earlier);
    for (const { key } of plan.problems)
      for (const sample of loaded.locate(key)) live.addEarlier(key, sample.index, sample);
  }

  private async work(
    active: ActiveRun,
    log: RunLog,
    { open, verifier }: { readonly open: OpenGenerator; readonly verifier: Verifier },
  ): Promise<void> {
    const { plan, abort, pause } = active;
    try {
      const { runPlan } = await import("../core/run/runner.ts");
      const { clock, random } = this.ports;
      const ports = {
        generator: open.generator,
        verifier,
        log,
        clock,
        random,
        concurrency: open.concurrency,
        pause,
      };
      for await (const event of runPlan(plan, ports, abort.signal)) await active.handle(event);
    } catch (error) {
      await active.broke(error);
    } finally {
      open.close();
      await log.close();
      await this.ended(active);
    }
  }

  private async ended(active: ActiveRun): Promise<void> {
    const { id } = active.plan;
    await active.leave(() => this.active.delete(id));
    this.progressed.fire(id);
  }
}

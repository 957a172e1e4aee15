import * as vscode from "vscode";
import type { RunEvent, RunProgress, StopReason } from "../core/run/events.ts";
import { PauseSwitch } from "../core/run/pause.ts";
import type { RunPlan } from "../core/run/plan.ts";
import type { RunLog } from "../core/run/store.ts";
import type { RunCatalog } from "./catalog.ts";
import type { LiveTally } from "./liveTally.ts";
import type { Log } from "./log.ts";
import { samplesUri, stampOf } from "./runData.ts";
import { summaryOf } from "./summary.ts";
import { stopSentence } from "./views/runWords.ts";

/** What a run says to the person when it stops by itself. */
export interface RunStop {
  readonly plan: RunPlan;
  readonly reason: StopReason;
  readonly finished: number;
  readonly total: number;
}

export interface ActiveRunPorts {
  readonly catalog: RunCatalog;
  readonly log: Log;
  readonly live: LiveTally;
  /** Ends the run, and with it the study it belongs to. */
  readonly abort: AbortController;
  readonly onProgress: () => void;
  readonly onStopped: (stop: RunStop) => void;
}

/** One run at work in this window: its counts while they grow, and what the catalog says of it. */
export class ActiveRun {
  readonly plan: RunPlan;
  readonly pause = new PauseSwitch();
  progress: RunProgress | null = null;
  /** Resolves when the last event was dealt with and the log is closed. */
  ended: Promise<void> = Promise.resolve();
  private readonly folder: string;
  private readonly ports: ActiveRunPorts;

  constructor({ plan, folder, repairs }: RunLog, ports: ActiveRunPorts) {
    this.plan = plan;
    this.folder = folder;
    this.ports = ports;
    for (const repair of repairs) ports.log.info(`${plan.name}: ${repair}`);
  }

  get live(): LiveTally {
    return this.ports.live;
  }

  get abort(): AbortController {
    return this.ports.abort;
  }

  async handle(event: RunEvent): Promise<void> {
    const { live, log } = this.ports;
    switch (event.type) {
      case "sample":
        live.add(event.sample);
        return;
      case "duplicates":
        log.warn(
          `${this.plan.name}: samples ${event.indexes.join(", ")} of ${event.problemKey} have the same text for different seeds.`,
        );
        return;
      case "progress":
        this.keep(event.progress);
        return;
      case "stopped":
        this.keep(event.progress);
        await this.stopped(event.reason);
        return;
      case "done":
        this.keep(event.progress);
        await this.ports.catalog.patch(this.plan.id, { state: "done", message: null, failure: null });
    }
  }

  /** A bug of ours: loud in the log, and the run says so. */
  async broke(error: unknown): Promise<void> {
    this.ports.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const message = vscode.l10n.t("An unexpected error stopped the run. Everything finished is kept.");
    await this.stopped({ code: "storeFailed", status: null, message });
  }

  /** The last counts go to the catalog, where they outlive the run. `onLast`: nothing more is counted here. */
  async leave(onLast: () => void): Promise<void> {
    const { catalog, live } = this.ports;
    const summary = await summaryOf(live.tally());
    const stamp = await stampOf(samplesUri(this.folder));
    onLast();
    const entry = catalog.find(this.plan.id);
    if (entry === null) return;
    const finished = this.progress?.finished ?? entry.finished;
    const total = this.progress?.total ?? entry.total;
    const state = entry.state === "running" || entry.state === "queued" ? "paused" : entry.state;
    await catalog.put({ ...entry, state, finished, total, summary, stamp });
  }

  private keep(progress: RunProgress): void {
    this.progress = progress;
    this.ports.onProgress();
  }

  private async stopped(reason: StopReason): Promise<void> {
    const { plan, progress } = this;
    const { catalog, log, onStopped } = this.ports;
    if (reason.code === "cancelled") {
      await catalog.patch(plan.id, { state: "paused", failure: null, message: null });
      return;
    }
    log.info(`${plan.name}: ${reason.message}`);
    const failure = { code: reason.code, status: reason.status };
    await catalog.patch(plan.id, { state: "failed", failure, message: stopSentence(reason) });
    onStopped({ plan, reason, finished: progress?.finished ?? 0, total: progress?.total ?? 0 });
  }
}

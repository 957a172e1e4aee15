import * as vscode from "vscode";
import { LensError } from "../../core/errors.ts";
import type {
  CurvesContract,
  CurvesOptions,
  CurvesSnapshot,
  ReadingView,
  TabFocus,
} from "../../protocol/curves.ts";
import type { VerdictsFocus } from "../../protocol/verdicts.ts";
import type { Handlers } from "../../protocol/rpc.ts";
import { openAtLine } from "../datasets.ts";
import { messageOf } from "../report.ts";
import { RpcServer } from "../rpcServer.ts";
import type { RunEntry } from "../runEntry.ts";
import type { CurvesPorts } from "./curvesPorts.ts";
import { PanelAnalyses } from "./panelAnalyses.ts";
import { progressView } from "./progressView.ts";
import { saveExport, saveParquet } from "./saveExport.ts";
import { asIssue, noRuns } from "./panelIssues.ts";
import { Pulse } from "./pulse.ts";

const progressIntervalMs = 100;
/** Curves of a run at work are counted again this often, and never for more than a fifth of the time. */
const snapshotIntervalMs = 1000;
const restShare = 4;

export interface CurvesPanelPorts extends CurvesPorts {
  readonly panel: vscode.WebviewPanel;
  readonly onDidChange: () => void;
}

/** One curves panel: holds the ids of its runs and its options, and answers its view. */
export class CurvesPanel implements vscode.Disposable {
  readonly panel: vscode.WebviewPanel;
  private readonly ports: CurvesPanelPorts;
  private readonly server: RpcServer<CurvesContract>;
  private readonly subscriptions: vscode.Disposable[] = [];
  private readonly progress: Pulse;
  private readonly refresh: Pulse;
  private readonly scoring: Pulse;
  private readonly reading: Pulse;
  private readingNow: ReadingView | null = null;
  private readonly analyses = new PanelAnalyses();
  private version = 0;
  private focus: VerdictsFocus | null = null;
  private tabFocus: TabFocus | null = null;
  private shown: readonly string[];
  private chosen: CurvesOptions;

  constructor(ports: CurvesPanelPorts, runIds: readonly string[], options: CurvesOptions) {
    this.ports = ports;
    this.panel = ports.panel;
    this.shown = runIds;
    this.chosen = options;
    this.progress = new Pulse(() => this.sendProgress(), { intervalMs: progressIntervalMs, restShare: 0 });
    this.refresh = new Pulse(() => this.sendSnapshot(), { intervalMs: snapshotIntervalMs, restShare });
    this.scoring = new Pulse(() => this.sendScoring(), { intervalMs: progressIntervalMs, restShare: 0 });
    this.reading = new Pulse(() => this.sendReading(), { intervalMs: progressIntervalMs, restShare: 0 });
    this.server = new RpcServer<CurvesContract>({
      channel: this.panel.webview,
      handlers: this.handlers(),
      isVisible: () => this.panel.visible,
      onFailure: (method, error) => ports.log.error(`curves ${method}: ${messageOf(error)}`),
    });
    this.subscriptions.push(
      this.server,
      this.progress,
      this.refresh,
      this.scoring,
      this.reading,
      ports.scoreRuns.onDidProgress(({ runId }) => this.shown.includes(runId) && this.scoring.beat()),
      ports.scoreRuns.onDidEnd(() => this.scoring.beat()),
      ports.runRole.onDidChange((id) => this.shown.includes(id) && this.refresh.beat()),
      ports.reverify.onDidJudge((id) => this.shown.includes(id) && this.refresh.beat()),
      ports.cotCurves.onDidCount((id) => this.shown.includes(id) && this.refresh.beat()),
      ports.shares.onDidCount((id) => this.shown.includes(id) && this.refresh.beat()),
      ports.runs.onDidProgress((id) => {
        if (!this.shown.includes(id)) return;
        this.progress.beat();
        this.refresh.beat();
      }),
    );
  }

  get runIds(): readonly string[] {
    return this.shown;
  }

  get options(): CurvesOptions {
    return this.chosen;
  }

  /** Puts further runs beside those that are shown. */
  add(runIds: readonly string[]): void {
    this.shown = [...new Set([...this.shown, ...runIds])];
    this.ports.onDidChange();
    this.refresh.beat();
  }

  /** The view is to show where these judges differ over a run, as soon as it is there. */
  focusOn(runId: string, judges: readonly string[]): void {
    this.focus = { number: Date.now(), runId, judges };
    this.refresh.beat();
  }

  /** The view is to show this tab, as soon as it is there. */
  focusOnTab(tab: string): void {
    this.tabFocus = { number: Date.now(), tab };
    this.refresh.beat();
  }

  remove(runIds: ReadonlySet<string>): void {
    this.shown = this.shown.filter((id) => !runIds.has(id));
    this.ports.onDidChange();
    this.refresh.beat();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private handlers(): Handlers<CurvesContract> {
    const { panelRuns, runs, report, log } = this.ports;
    return {
      ready: () => this.snapshot(),
      setOptions: (options) => this.setOptions(options),
      listSamples: ({ runId, problemKey }, signal) => panelRuns.listSamples(runId, problemKey, signal),
      readSample: (address) => panelRuns.readSample(address),
      inspectSample: async ({ scorer = null, ...address }) => {
        await this.ports.inspect(address, scorer);
        return null;
      },
      labelProblems: async ({ runIds, problemKeys }) => {
        await this.ports.label(await this.entries(runIds), problemKeys);
        return null;
      },
      readPerplexity: () => this.ports.panelScores.perplexity(this.shown),
      scoreRuns: async ({ runIds }) => {
        await this.ports.scoreRuns.score(await this.entries(runIds));
        return this.ports.panelScores.perplexity(this.shown);
      },
      readBands: (_, signal) => this.analyses.bands(signal),
      readGaps: ({ k }, signal) => this.analyses.gaps(k, signal),
      readGPass: ({ tau }, signal) => this.analyses.gPass(tau, signal),
      readCover: (_, signal) => this.analyses.cover(signal),
      readForecasts: (_, signal) => this.analyses.forecasts(signal),
      readCheckpoints: () => this.ports.panelScores.checkpoints(this.shown),
      setRunRole: async ({ runId }) => {
        await this.ports.runRole.ask(await panelRuns.entry(runId));
        return this.snapshot();
      },
      openSource: async (address) => {
        const { file, line } = await panelRuns.sourceOf(address);
        return openAt(file, line);
      },
      openIssue: async ({ file, line }) => {
        const uri = await panelRuns.fileNamed(this.shown, file);
        if (uri === null) throw new LensError("noFile", vscode.l10n.t("{0} was not found.", file));
        return openAt(uri, line);
      },
      judgeRuns: ({ judge, runIds }) => this.judgeRuns(judge, runIds),
      compareVerdicts: async ({ runId, judges }, signal) => {
        const options = { options: this.chosen, signal };
        return this.ports.panelVerdicts.compare(await panelRuns.entry(runId), judges, options);
      },
      saveExport: (file) => saveExport(file),
      saveParquet: (table) => saveParquet(table),
      copyText: async ({ text }) => {
        await vscode.env.clipboard.writeText(text);
        return null;
      },
      addRuns: async () => {
        this.add(await this.ports.pickRuns(this.shown));
        return this.snapshot();
      },
      pauseRun: async ({ runId }) => (await runs.pause(runId), null),
      resumeRun: async ({ runId }) => {
        await this.ports
          .resume(runId)
          .catch((error: unknown) => report.failure(vscode.l10n.t("Not resumed."), error));
        return null;
      },
      setApiKey: async ({ runId }) => (await this.ports.setApiKey(runId), null),
      cancelRun: async ({ runId }) => (await runs.cancel(runId), null),
      showLog: () => (log.show(), null),
    };
  }

  private async setOptions(options: CurvesOptions): Promise<CurvesSnapshot> {
    this.chosen = options;
    this.ports.onDidChange();
    return this.snapshot();
  }

  private async judgeRuns(judge: string, runIds: readonly string[]): Promise<CurvesSnapshot> {
    await this.ports.reverify.judge(await this.entries(runIds), judge);
    return this.snapshot();
  }

  /** Runs that this panel shows. */
  private entries(runIds: readonly string[]): Promise<readonly RunEntry[]> {
    return Promise.all(
      runIds.filter((id) => this.shown.includes(id)).map((id) => this.ports.panelRuns.entry(id)),
    );
  }

  private async snapshot(): Promise<CurvesSnapshot> {
    const { panelRuns, panelVerdicts } = this.ports;
    const { runs, issues, lines, missing } = await panelRuns.read(this.shown, (now) => {
      this.readingNow = now;
      this.reading.beat();
    });
    this.readingNow = null;
    const { curvesSnapshot } = await import("./curvesSnapshot.ts");
    const [first] = runs;
    const tallies = runs.map(({ tally }) => tally);
    const settled = !tallies.some(({ id }) => this.ports.runs.isActive(id));
    const options = () => this.chosen;
    const { report, ...compared } = await this.ports.comparisons.current({ tallies, settled, options });
    const input = { runs, lines, report, issues: [...issues, ...missing.map(asIssue)] };
    const snapshot = curvesSnapshot({
      ...input,
      version: ++this.version,
      title: this.panel.title,
      judges: await panelVerdicts.judges(),
      focus: this.focus,
      tabFocus: this.tabFocus,
      options: compared.options,
      error: first === undefined ? noRuns(missing) : null,
    });
    const { referenceId } = snapshot;
    this.analyses.take({ tallies, referenceId, options: compared.options });
    return snapshot;
  }

  private async sendSnapshot(): Promise<void> {
    if (!this.panel.visible) return;
    this.server.emit("snapshot", await this.snapshot());
  }

  private sendReading(): void {
    if (this.readingNow !== null) this.server.emit("reading", this.readingNow);
  }

  private sendScoring(): void {
    const { current } = this.ports.scoreRuns;
    const own = current !== null && this.shown.includes(current.runId);
    this.server.emit("scoring", own ? current : null);
  }

  private sendProgress(): void {
    const { catalog, runs } = this.ports;
    const entries = this.shown.map((id) => catalog.find(id)).filter((entry) => entry !== null);
    this.server.emit(
      "progress",
      entries.map((entry) => progressView(entry, runs.progressOf(entry.id))),
    );
  }
}

async function openAt(file: vscode.Uri, line: number | null): Promise<null> {
  if (line === null) await vscode.commands.executeCommand("vscode.open", file);
  else await openAtLine(file, line);
  return null;
}

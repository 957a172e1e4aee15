import * as vscode from "vscode";
import { LensError } from "../../core/errors.ts";
import type {
  InspectorAction,
  InspectorContract,
  InspectorOptions,
  InspectorSnapshot,
  ScorerView,
} from "../../protocol/inspector.ts";
import type { TraceView } from "../../protocol/traceView.ts";
import type { Handlers } from "../../protocol/rpc.ts";
import { FollowedFile } from "../inspector/followedFile.ts";
import { openPlace } from "../inspector/openPlace.ts";
import { ownView } from "../inspector/ownTraces.ts";
import { pickTrace } from "../inspector/pickTrace.ts";
import {
  type Opened,
  ownScorer,
  type Scorers,
  ShownTraces,
  type ShownTracesPorts,
} from "../inspector/shownTraces.ts";
import type { TraceDocuments } from "../inspector/traceDocuments.ts";
import type { TraceSource } from "../inspector/traceSource.ts";
import type { LensLog } from "../log.ts";
import { messageOf } from "../report.ts";
import { RpcServer } from "../rpcServer.ts";
import type { RunEntry } from "../runEntry.ts";

/** What comes back after a reload. */
export interface InspectorState {
  readonly source: TraceSource;
  /** `null`: the one that the source names. */
  readonly trace: number | null;
  readonly scorer: string | null;
  readonly options: InspectorOptions;
}

export interface InspectorPorts extends ShownTracesPorts {
  readonly documents: TraceDocuments;
  readonly log: LensLog;
  /** Asks for one of these; `null` when the person left. */
  readonly pickScorer: (scorers: readonly ScorerView[]) => Promise<string | null>;
  /** A person's choice, to be the usual one. */
  readonly rememberScorer: (scorer: string) => Promise<void>;
  /** Runs that may hold the same problem as one of this data set, or of this file. */
  readonly otherRuns: (source: TraceSource) => Promise<readonly RunEntry[]>;
}

export interface InspectorPanelPorts extends InspectorPorts {
  readonly panel: vscode.WebviewPanel;
  readonly onDidChange: () => void;
  /** What is looked at now, for the tab. */
  readonly onTitle: (title: string) => void;
  /** The whole file is opened: the list of its problems stands beside the trace. */
  readonly list: boolean;
}

/** One trace inspector: holds where its traces are and what is looked at, and answers its view. */
export class InspectorPanel implements vscode.Disposable {
  readonly panel: vscode.WebviewPanel;
  private readonly ports: InspectorPanelPorts;
  private readonly server: RpcServer<InspectorContract>;
  private kept: InspectorState;
  private traces: ShownTraces;
  /** To be told to the page, until it asks for these scores: what is said before the page is there is lost. */
  private scoreNow: string | null = null;
  private version = 0;
  /** The file whose newest sample is shown. */
  private followed: FollowedFile | null = null;

  constructor(ports: InspectorPanelPorts, state: InspectorState) {
    this.ports = ports;
    this.panel = ports.panel;
    this.kept = state;
    this.traces = new ShownTraces(ports, state.source);
    this.server = new RpcServer<InspectorContract>({
      channel: this.panel.webview,
      handlers: this.handlers(),
      isVisible: () => this.panel.visible,
      onFailure: (method, error) => ports.log.error(`inspector ${method}: ${messageOf(error)}`),
    });
  }

  get state(): InspectorState {
    return this.kept;
  }

  /** Shows the scores of this one where they are kept; `now`: else the trace is scored as soon as it is shown. */
  async useScorer(scorer: string, now: boolean): Promise<void> {
    this.keep({ scorer });
    if (now) this.expectScores(scorer);
    if (this.panel.visible) this.server.emit("snapshot", this.sayingNow(await this.show(this.kept.trace)));
  }

  /** Another source in this panel, under the scorer it has. */
  async goToSource(source: TraceSource): Promise<void> {
    this.leave();
    const snapshot = await this.turnTo(source);
    if (this.kept.source === source && this.panel.visible) this.server.emit("snapshot", snapshot);
  }

  /** The trace is scored under this one as soon as the page is there. */
  expectScores(scorer: string): void {
    this.scoreNow = scorer;
  }

  /** A command that the page carries out. */
  act(action: InspectorAction): void {
    this.server.emit("act", action);
  }

  dispose(): void {
    this.leave();
    this.server.dispose();
  }

  private handlers(): Handlers<InspectorContract> {
    return {
      ready: async () => {
        // The file may be another one by now.
        this.traces = new ShownTraces(this.ports, this.kept.source);
        return this.sayingNow(await this.show(this.kept.trace));
      },
      setFollow: ({ follow }) => this.follow(follow),
      openTrace: ({ trace }) => {
        this.leave();
        this.scoreNow = null;
        return this.show(trace);
      },
      openProblem: async ({ step }) => this.goTo((await this.traces.all()).problems?.at ?? 0, step),
      listProblems: async () => (await this.traces.all()).problems?.rows() ?? [],
      goToProblem: ({ problem }) => this.goTo(problem, 0),
      chooseTrace: async ({ trace }) => this.chooseTrace(trace),
      openBeside: async ({ trace }) => {
        await this.traces.showBeside(trace, this.scorersWanted);
        return this.snapshot();
      },
      setOptions: (options) => this.setOptions(options),
      chooseScorer: () => this.chooseScorer(),
      scoreTrace: async ({ slow, ...wanted }, signal) => {
        await this.score(wanted, { slow, signal: signal as AbortSignal });
        return this.snapshot();
      },
      scoreOwnTraces: (_, signal) => this.scoreOwn(signal as AbortSignal),
      readUnit: async ({ trace, unit }) => {
        const { unitDetail } = await import("./inspectorView.ts");
        const { scored, against } = this.traces.shown(trace) ?? { scored: null, against: null };
        if (scored === null) throw new LensError("notScored", vscode.l10n.t("This trace is not scored."));
        return unitDetail(scored, unit, { sampler: this.kept.options.sampler, against });
      },
      openSource: async ({ trace }) => {
        await openPlace(await this.traces.place(trace), this.ports.documents);
        return null;
      },
      compareText: ({ left, right }) => this.compare(left, right),
      copyText: async ({ text }) => {
        await vscode.env.clipboard.writeText(text);
        return null;
      },
      showFind: async () => {
        await vscode.commands.executeCommand("editor.action.webvieweditor.showFind");
        return null;
      },
      showLog: () => (this.ports.log.show(), null),
    };
  }

  private get scorersWanted(): Scorers {
    return { scorer: this.kept.scorer, against: this.kept.options.against };
  }

  private async show(wanted: number | null): Promise<InspectorSnapshot> {
    try {
      const trace = await this.traces.show(wanted, this.scorersWanted);
      if (wanted !== null && this.kept.trace !== trace) this.keep({ trace });
      const { title, problemKey } = await this.traces.all();
      const row = (await this.traces.rows())[trace];
      if (problemKey !== null && row !== undefined) this.ports.onTitle(`${title} #${row.index + 1}`);
      void this.lookForOwn();
      return await this.snapshot();
    } catch (error) {
      this.traces.opened = null;
      this.ports.log.error(`inspector: ${messageOf(error)}`);
      return this.failed(messageOf(error));
    }
  }

  /** The problem `step` places from `at`, with its first trace. Without another one all stays. */
  private async goTo(at: number, step: number): Promise<InspectorSnapshot> {
    this.leave();
    const { problems } = await this.traces.all();
    const wanted = at + step;
    if (problems === null || wanted < 0 || wanted >= problems.of || wanted === problems.at)
      return this.snapshot();
    return this.turnTo(problems.source(wanted));
  }

  private turnTo(source: TraceSource): Promise<InspectorSnapshot> {
    this.traces = new ShownTraces(this.ports, source);
    this.scoreNow = null;
    this.keep({ source, trace: null });
    return this.show(null);
  }

  private async follow(follow: boolean): Promise<InspectorSnapshot> {
    this.leave();
    const { problems } = await this.traces.all();
    if (!follow || problems === null) return this.snapshot();
    const { file } = await this.traces.place(this.traces.opened?.trace ?? 0);
    this.followed = new FollowedFile(file, () => this.toNewer());
    return this.turnTo(problems.newest());
  }

  private leave(): void {
    this.followed?.dispose();
    this.followed = null;
  }

  /** The file has changed: what was read of it is read again, and its last sample shown. */
  private async toNewer(): Promise<void> {
    const { followed } = this;
    try {
      const { problems } = await new ShownTraces(this.ports, this.kept.source).all();
      if (problems === null || followed === null || followed !== this.followed) return;
      const snapshot = await this.turnTo(problems.newest());
      if (this.panel.visible) this.server.emit("snapshot", snapshot);
    } catch (error) {
      // A file in the middle of being written anew: the next change tells.
      this.ports.log.warn(`inspector, following: ${messageOf(error)}`);
    }
  }

  private async setOptions(options: InspectorOptions): Promise<InspectorSnapshot> {
    const other = options.against !== this.kept.options.against;
    this.keep({ options });
    if (other) await this.traces.takeAgainst(options.against);
    return this.snapshot();
  }

  private async chooseScorer(): Promise<string | null> {
    const scorer = await this.ports.pickScorer(await this.scorers());
    if (scorer !== null && scorer !== ownScorer) await this.ports.rememberScorer(scorer);
    return scorer;
  }

  /** Of this problem in the same run, or in another one. */
  private async chooseTrace(trace: number): Promise<number | null> {
    const { problemKey } = await this.traces.all();
    const runs = problemKey === null ? [] : await this.ports.otherRuns(this.kept.source);
    const title = vscode.l10n.t("Compare with");
    const picked = await pickTrace(await this.traces.rows(), { but: trace, runs, title });
    if (picked?.kind !== "run") return picked?.trace ?? null;
    const { entry } = picked;
    return this.traces.invite(entry, async (rows) => {
      const one = await pickTrace(rows, { but: null, runs: [], title: entry.name });
      return one?.kind === "trace" ? one.trace : null;
    });
  }

  private async score(
    wanted: { readonly trace: number; readonly scorer: string; readonly against: boolean },
    call: { readonly slow: boolean; readonly signal: AbortSignal },
  ): Promise<void> {
    const { trace, scorer, against } = wanted;
    this.scoreNow = null;
    const onPhase = (phase: string): void => void this.server.emit("progress", { trace, scorer, phase });
    if (!(await this.traces.score(wanted, { ...call, onPhase }))) return;
    if (against) this.keep({ options: { ...this.kept.options, against: scorer } });
    else this.keep({ scorer });
    void this.lookForOwn();
  }

  private async scoreOwn(signal: AbortSignal): Promise<InspectorSnapshot> {
    const { scorer } = this.kept;
    const trace = this.traces.opened?.trace ?? 0;
    if (scorer === null || scorer === ownScorer) return this.snapshot();
    const onPhase = (phase: string): void => void this.server.emit("progress", { trace, scorer, phase });
    await this.traces.scoreOwn(scorer, { signal, onPhase });
    return this.snapshot();
  }

  /** Reading runs may take a while: the trace does not wait for it. */
  private async lookForOwn(): Promise<void> {
    const { traces } = this;
    try {
      const other = await traces.findOwn(this.kept.scorer);
      if (other && traces === this.traces && this.panel.visible)
        this.server.emit("snapshot", await this.snapshot());
    } catch (error) {
      this.ports.log.warn(`inspector: ${messageOf(error)}`);
    }
  }

  private async compare(left: number, right: number): Promise<null> {
    const rows = await this.traces.rows();
    const of = async (trace: number) => {
      const row = rows[trace];
      const name = row === undefined ? `#${trace + 1}` : `${row.problemId} · ${row.name} #${row.index + 1}`;
      return { name, text: (await this.traces.read(trace)).text };
    };
    await this.ports.documents.compare(await of(left), await of(right));
    return null;
  }

  private async scorers(): Promise<readonly ScorerView[]> {
    const endpoints = await this.ports.scoring.views();
    const { opened } = this.traces;
    if (opened === null || opened.value.own === null) return endpoints;
    const name = vscode.l10n.t("log-probs in the file");
    return [{ id: ownScorer, name, state: "ready", reason: "" }, ...endpoints];
  }

  private async snapshot(): Promise<InspectorSnapshot> {
    const { problems, title } = await this.traces.all();
    const { opened, beside, own } = this.traces;
    return {
      ...(await this.frame()),
      title,
      traces: await this.traces.rows(),
      problem: problems === null ? null : { at: problems.at, of: problems.of },
      follow: problems === null ? null : this.followed !== null,
      list: this.ports.list,
      scoreNow: null,
      own: own === null ? null : ownView(own),
      trace: await this.view(opened),
      beside: await this.view(beside),
      error: null,
    };
  }

  private sayingNow(snapshot: InspectorSnapshot): InspectorSnapshot {
    return this.traces.opened?.scored === null ? { ...snapshot, scoreNow: this.scoreNow } : snapshot;
  }

  private async failed(error: string): Promise<InspectorSnapshot> {
    return {
      ...(await this.frame()),
      title: this.panel.title,
      traces: [],
      problem: null,
      follow: null,
      list: false,
      scoreNow: null,
      own: null,
      trace: null,
      beside: null,
      error,
    };
  }

  private async frame(): Promise<Pick<InspectorSnapshot, "version" | "options" | "scorers" | "scorer">> {
    const { options, scorer } = this.kept;
    const own = this.traces.opened?.value.own ?? null;
    return {
      version: ++this.version,
      options,
      scorers: await this.scorers(),
      scorer: scorer === null || scorer === ownScorer ? (own === null ? null : ownScorer) : scorer,
    };
  }

  private async view(opened: Opened | null): Promise<TraceView | null> {
    if (opened === null) return null;
    const { traceView } = await import("./inspectorView.ts");
    const { trace, value, scored, against } = opened;
    const { question, gold, text } = value;
    const view = traceView({ trace, question, gold, text, scored, against }, this.kept.options.sampler);
    const percentile = this.traces.percentileOf(opened);
    return view.scores === null ? view : { ...view, scores: { ...view.scores, percentile } };
  }

  private keep(patch: Partial<InspectorState>): void {
    this.kept = { ...this.kept, ...patch };
    this.ports.onDidChange();
  }
}

import * as vscode from "vscode";
import type {
  InspectorAction,
  InspectorContract,
  InspectorOptions,
  InspectorSnapshot,
} from "../../protocol/inspector.ts";
import type { Handlers } from "../../protocol/rpc.ts";
import { FollowedFile } from "../inspector/followedFile.ts";
import { openPlace } from "../inspector/openPlace.ts";
import { pickOtherTrace } from "../inspector/pickOtherTrace.ts";
import { ownScorer, type Scorers, ShownTraces } from "../inspector/shownTraces.ts";
import type { TraceSource } from "../inspector/traceSource.ts";
import { messageOf } from "../report.ts";
import { RpcServer } from "../rpcServer.ts";
import type { InspectorPorts, InspectorState } from "./inspectorPorts.ts";
import {
  failedSnapshot,
  inspectorSnapshot,
  scorersOf,
  type ShownInspector,
  unitOf,
} from "./inspectorSnapshot.ts";

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
      readUnit: (unit) => unitOf(this.traces, unit, this.kept.options.sampler),
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
      return failedSnapshot(await this.shown(), { title: this.panel.title, error: messageOf(error) });
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
    const scorers = scorersOf(this.traces, await this.ports.scoring.views());
    const scorer = await this.ports.pickScorer(scorers);
    if (scorer !== null && scorer !== ownScorer) await this.ports.rememberScorer(scorer);
    return scorer;
  }

  private async chooseTrace(trace: number): Promise<number | null> {
    const { problemKey } = await this.traces.all();
    const runs = problemKey === null ? [] : await this.ports.otherRuns(this.kept.source);
    return pickOtherTrace(this.traces, { but: trace, runs });
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
    const { documents } = this.ports;
    await documents.compare(await this.traces.named(left), await this.traces.named(right));
    return null;
  }

  private async snapshot(): Promise<InspectorSnapshot> {
    return inspectorSnapshot(await this.shown());
  }

  private async shown(): Promise<ShownInspector> {
    const { traces, followed } = this;
    const { options, scorer } = this.kept;
    const endpoints = await this.ports.scoring.views();
    const { list } = this.ports;
    return { version: ++this.version, traces, options, scorer, endpoints, follows: followed !== null, list };
  }

  private sayingNow(snapshot: InspectorSnapshot): InspectorSnapshot {
    return this.traces.opened?.scored === null ? { ...snapshot, scoreNow: this.scoreNow } : snapshot;
  }

  private keep(patch: Partial<InspectorState>): void {
    this.kept = { ...this.kept, ...patch };
    this.ports.onDidChange();
  }
}

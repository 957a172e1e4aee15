import * as vscode from "vscode";
import { LensError } from "../../core/errors.ts";
import type { ScoredTrace } from "../../core/trace/scoredTrace.ts";
import type {
  InspectorContract,
  InspectorOptions,
  InspectorSnapshot,
  ScorerView,
  TraceView,
} from "../../protocol/inspector.ts";
import type { Handlers } from "../../protocol/rpc.ts";
import { openAtLine } from "../datasets.ts";
import type { InspectedRuns } from "../inspector/inspectedRuns.ts";
import type { TraceScoring } from "../inspector/traceScoring.ts";
import { type OpenTrace, type OpenTraces, openTraces, type TraceSource } from "../inspector/traceSource.ts";
import type { LensLog } from "../log.ts";
import { messageOf } from "../report.ts";
import { RpcServer } from "../rpcServer.ts";

/** The log-probs that stand in the trace's file. */
export const ownScorer = "file:";

/** What comes back after a reload. */
export interface InspectorState {
  readonly source: TraceSource;
  /** `null`: the one that the source names. */
  readonly trace: number | null;
  readonly scorer: string | null;
  readonly options: InspectorOptions;
}

export interface InspectorPorts {
  readonly runs: InspectedRuns;
  readonly scoring: TraceScoring;
  readonly log: LensLog;
  /** Asks for one of these; `null` when the person left. */
  readonly pickScorer: (scorers: readonly ScorerView[]) => Promise<string | null>;
}

export interface InspectorPanelPorts extends InspectorPorts {
  readonly panel: vscode.WebviewPanel;
  readonly onDidChange: () => void;
}

interface Opened {
  readonly trace: number;
  readonly value: OpenTrace;
  readonly scored: ScoredTrace | null;
  /** Under the scorer that a log-ratio is taken against, where that scored it. */
  readonly against: ScoredTrace | null;
}

/** One trace inspector: holds where its traces are and what is looked at, and answers its view. */
export class InspectorPanel implements vscode.Disposable {
  readonly panel: vscode.WebviewPanel;
  private readonly ports: InspectorPanelPorts;
  private readonly server: RpcServer<InspectorContract>;
  private kept: InspectorState;
  private traces: Promise<OpenTraces> | null = null;
  private opened: Opened | null = null;
  /** What `opened` is compared with. */
  private beside: Opened | null = null;
  private version = 0;

  constructor(ports: InspectorPanelPorts, state: InspectorState) {
    this.ports = ports;
    this.panel = ports.panel;
    this.kept = state;
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

  /** Shows the scores of this one, where they are kept. */
  async useScorer(scorer: string): Promise<void> {
    this.keep({ scorer });
    this.server.emit("snapshot", await this.show(this.kept.trace));
  }

  dispose(): void {
    this.server.dispose();
  }

  private handlers(): Handlers<InspectorContract> {
    return {
      ready: async () => {
        // The file may be another one by now.
        this.traces = null;
        return this.show(this.kept.trace);
      },
      openTrace: ({ trace }) => this.show(trace),
      // A source holds one problem's traces so far.
      openProblem: () => this.snapshot(),
      listProblems: () => [],
      goToProblem: () => this.snapshot(),
      scoreOwnTraces: () => this.snapshot(),
      chooseTrace: async ({ trace }) => this.chooseTrace(trace),
      openBeside: async ({ trace }) => {
        this.beside = trace === null ? null : await this.opening(trace);
        return this.snapshot();
      },
      setOptions: async (options) => {
        const other = options.against !== this.kept.options.against;
        this.keep({ options });
        if (other) await this.takeAgainst();
        return this.snapshot();
      },
      chooseScorer: async () => this.ports.pickScorer(await this.scorers()),
      scoreTrace: async ({ trace, scorer, slow, against }, signal) => {
        await this.score(trace, { scorer, slow, against, signal: signal as AbortSignal });
        return this.snapshot();
      },
      readUnit: async ({ trace, unit }) => {
        const { unitDetail } = await import("./inspectorView.ts");
        const { scored, against } = this.shown(trace) ?? { scored: null, against: null };
        if (scored === null) throw new LensError("notScored", vscode.l10n.t("This trace is not scored."));
        return unitDetail(scored, unit, { sampler: this.kept.options.sampler, against });
      },
      openSource: async ({ trace }) => {
        const { file, line } = await (await this.open()).place(trace);
        if (line === null) await vscode.commands.executeCommand("vscode.open", file);
        else await openAtLine(file, line);
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

  private open(): Promise<OpenTraces> {
    this.traces ??= openTraces(this.kept.source, this.ports.runs);
    return this.traces;
  }

  /** Shows a trace with the scores that are there: in its file, or kept from before. Asks no server. */
  private async show(wanted: number | null): Promise<InspectorSnapshot> {
    try {
      const traces = await this.open();
      const trace = Math.min(Math.max(0, wanted ?? traces.first), traces.rows.length - 1);
      this.opened = await this.opening(trace);
      if (this.beside?.trace === trace) this.beside = null;
      if (wanted !== null && this.kept.trace !== trace) this.keep({ trace });
      return await this.snapshot();
    } catch (error) {
      this.opened = null;
      this.ports.log.error(`inspector: ${messageOf(error)}`);
      return this.failed(messageOf(error));
    }
  }

  private async opening(trace: number): Promise<Opened> {
    const value = await (await this.open()).read(trace);
    const { scorer, options } = this.kept;
    const against = options.against === null ? null : await this.storedScores(value, options.against);
    return { trace, value, scored: await this.storedScores(value, scorer), against };
  }

  /** The open trace, or the one beside it. */
  private shown(trace: number): Opened | null {
    return [this.opened, this.beside].find((one) => one?.trace === trace) ?? null;
  }

  private async takeAgainst(): Promise<void> {
    const { against } = this.kept.options;
    const taken = async (one: Opened | null): Promise<Opened | null> =>
      one && { ...one, against: against === null ? null : await this.storedScores(one.value, against) };
    [this.opened, this.beside] = await Promise.all([taken(this.opened), taken(this.beside)]);
  }

  private async chooseTrace(trace: number): Promise<number | null> {
    const { rows } = await this.open();
    const items = rows
      .map((row, at) => ({
        label: `${row.name} #${row.index + 1}`,
        description: row.verdict,
        detail: row.extracted ?? undefined,
        at,
      }))
      .filter(({ at }) => at !== trace);
    const placeHolder = vscode.l10n.t("The trace to show beside this one");
    return (await vscode.window.showQuickPick(items, { placeHolder }))?.at ?? null;
  }

  private async storedScores(value: OpenTrace, scorer: string | null): Promise<ScoredTrace | null> {
    if (scorer === null || scorer === ownScorer) return value.own;
    const stored = await this.ports.scoring.stored(scorer, value);
    return stored === null ? null : withNote(stored, value.promptNote);
  }

  private async score(
    trace: number,
    {
      scorer,
      slow,
      against,
      signal,
    }: {
      readonly scorer: string;
      readonly slow: boolean;
      readonly against: boolean;
      readonly signal: AbortSignal;
    },
  ): Promise<void> {
    const value = this.shown(trace)?.value ?? (await (await this.open()).read(trace));
    const onPhase = (phase: string): void => void this.server.emit("progress", { trace, scorer, phase });
    const scored =
      scorer === ownScorer
        ? value.own
        : withNote(
            await this.ports.scoring.score(scorer, value, { slow, signal, onPhase }),
            value.promptNote,
          );
    // Who went on to another trace meanwhile finds the scores kept.
    if (signal.aborted || this.shown(trace) === null) return;
    if (against) this.keep({ options: { ...this.kept.options, against: scorer } });
    else this.keep({ scorer });
    // Of the other trace what is kept from before is shown.
    const taken = async (one: Opened): Promise<Opened> => {
      const own = one.trace === trace ? scored : await this.storedScores(one.value, scorer);
      return against ? { ...one, against: own } : { ...one, scored: own };
    };
    if (this.opened) this.opened = await taken(this.opened);
    if (this.beside) this.beside = await taken(this.beside);
  }

  private async compare(left: number, right: number): Promise<null> {
    const traces = await this.open();
    const documents = await Promise.all(
      [left, right].map(async (trace) => {
        const { text: content } = await traces.read(trace);
        return vscode.workspace.openTextDocument({ content });
      }),
    );
    const names = [left, right].map((trace) => `#${traces.rows[trace]?.index ?? trace}`);
    await vscode.commands.executeCommand(
      "vscode.diff",
      ...documents.map(({ uri }) => uri),
      names.join(" ↔ "),
    );
    return null;
  }

  private async scorers(): Promise<readonly ScorerView[]> {
    const endpoints = await this.ports.scoring.views();
    if (this.opened?.value.own === null || this.opened === null) return endpoints;
    const name = vscode.l10n.t("log-probs in the file");
    return [{ id: ownScorer, name, state: "ready", reason: "" }, ...endpoints];
  }

  private async snapshot(): Promise<InspectorSnapshot> {
    const traces = await this.open();
    return {
      ...(await this.frame()),
      traces: traces.rows,
      trace: await this.view(this.opened),
      beside: await this.view(this.beside),
      error: null,
    };
  }

  private async failed(error: string): Promise<InspectorSnapshot> {
    return { ...(await this.frame()), traces: [], trace: null, beside: null, error };
  }

  private async frame(): Promise<
    Pick<
      InspectorSnapshot,
      "version" | "title" | "options" | "scorers" | "scorer" | "problem" | "list" | "scoreNow" | "own"
    >
  > {
    const { options, scorer } = this.kept;
    const own = this.opened?.value.own ?? null;
    return {
      version: ++this.version,
      title: this.panel.title,
      options,
      scorers: await this.scorers(),
      problem: null,
      list: false,
      scoreNow: null,
      own: null,
      scorer: scorer === null || scorer === ownScorer ? (own === null ? null : ownScorer) : scorer,
    };
  }

  private async view(opened: Opened | null): Promise<TraceView | null> {
    if (opened === null) return null;
    const { traceView } = await import("./inspectorView.ts");
    const { trace, value, scored, against } = opened;
    const { question, gold, text } = value;
    return traceView({ trace, question, gold, text, scored, against }, this.kept.options.sampler);
  }

  private keep(patch: Partial<InspectorState>): void {
    this.kept = { ...this.kept, ...patch };
    this.ports.onDidChange();
  }
}

const withNote = (scored: ScoredTrace, note: string): ScoredTrace => ({
  ...scored,
  scorer: { ...scored.scorer, notes: [...scored.scorer.notes, note] },
});

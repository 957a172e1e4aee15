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
}

/** One trace inspector: holds where its traces are and what is looked at, and answers its view. */
export class InspectorPanel implements vscode.Disposable {
  readonly panel: vscode.WebviewPanel;
  private readonly ports: InspectorPanelPorts;
  private readonly server: RpcServer<InspectorContract>;
  private kept: InspectorState;
  private traces: Promise<OpenTraces> | null = null;
  private opened: Opened | null = null;
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
      setOptions: (options) => {
        this.keep({ options });
        return this.snapshot();
      },
      chooseScorer: async () => this.ports.pickScorer(await this.scorers()),
      scoreTrace: async ({ trace, scorer, slow }, signal) => {
        await this.score(trace, { scorer, slow, signal: signal as AbortSignal });
        return this.snapshot();
      },
      readUnit: async ({ trace, unit }) => {
        const { unitDetail } = await import("./inspectorView.ts");
        const scored = this.opened?.trace === trace ? this.opened.scored : null;
        if (scored === null) throw new LensError("notScored", vscode.l10n.t("This trace is not scored."));
        return unitDetail(scored, unit, this.kept.options.sampler);
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
      const value = await traces.read(trace);
      this.opened = { trace, value, scored: await this.storedScores(value) };
      if (wanted !== null && this.kept.trace !== trace) this.keep({ trace });
      return await this.snapshot();
    } catch (error) {
      this.opened = null;
      this.ports.log.error(`inspector: ${messageOf(error)}`);
      return this.failed(messageOf(error));
    }
  }

  private async storedScores(value: OpenTrace): Promise<ScoredTrace | null> {
    const { scorer } = this.kept;
    if (scorer === null || scorer === ownScorer) return value.own;
    const stored = await this.ports.scoring.stored(scorer, value);
    return stored === null ? null : withNote(stored, value.promptNote);
  }

  private async score(
    trace: number,
    {
      scorer,
      slow,
      signal,
    }: { readonly scorer: string; readonly slow: boolean; readonly signal: AbortSignal },
  ): Promise<void> {
    const value = this.opened?.trace === trace ? this.opened.value : await (await this.open()).read(trace);
    const onPhase = (phase: string): void => void this.server.emit("progress", { trace, scorer, phase });
    const scored =
      scorer === ownScorer
        ? value.own
        : withNote(
            await this.ports.scoring.score(scorer, value, { slow, signal, onPhase }),
            value.promptNote,
          );
    // Who went on to another trace meanwhile finds the scores kept.
    if (signal.aborted || this.opened?.trace !== trace) return;
    this.opened = { trace, value, scored };
    this.keep({ scorer });
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
    return { ...(await this.frame()), traces: traces.rows, trace: await this.view(), error: null };
  }

  private async failed(error: string): Promise<InspectorSnapshot> {
    return { ...(await this.frame()), traces: [], trace: null, error };
  }

  private async frame(): Promise<
    Pick<InspectorSnapshot, "version" | "title" | "options" | "scorers" | "scorer">
  > {
    const { options, scorer } = this.kept;
    const own = this.opened?.value.own ?? null;
    return {
      version: ++this.version,
      title: this.panel.title,
      options,
      scorers: await this.scorers(),
      scorer: scorer === null || scorer === ownScorer ? (own === null ? null : ownScorer) : scorer,
    };
  }

  private async view(): Promise<TraceView | null> {
    if (this.opened === null) return null;
    const { traceView } = await import("./inspectorView.ts");
    const { trace, value, scored } = this.opened;
    const { question, gold, text } = value;
    return traceView({ trace, question, gold, text, scored }, this.kept.options.sampler);
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

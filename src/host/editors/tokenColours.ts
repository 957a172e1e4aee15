import * as vscode from "vscode";
import { LensError } from "../../core/errors.ts";
import { codeOf } from "../report.ts";
import type { ScoredTrace } from "../../core/trace/scoredTrace.ts";
import { displayName } from "../files.ts";
import type { InspectedRuns } from "../inspector/inspectedRuns.ts";
import { lineFeeds } from "../inspector/lineFeeds.ts";
import { sourceInEditor } from "../inspector/sourceInEditor.ts";
import type { ScoringCall, TraceScoring } from "../inspector/traceScoring.ts";
import { type OpenTrace, type OpenTraces, openTraces } from "../inspector/traceSource.ts";
import type { Report } from "../report.ts";
import type { Settings } from "../settings.ts";
import { type TextPlace, type TokenMark, tokenMarks } from "./tokenMarks.ts";

export interface TokenColoursPorts {
  readonly runs: InspectedRuns;
  readonly scoring: TraceScoring;
  readonly settings: Settings;
  readonly report: Report;
  /** The usual scorer, else the one that the person chooses; `null` when they left. */
  readonly scorer: () => Promise<string | null>;
}

const steps = [1, 2, 3, 4, 5] as const;

/** Unlikely tokens coloured in text editors, until the text is edited or the person turns it off. */
export class TokenColours implements vscode.Disposable {
  private readonly ports: TokenColoursPorts;
  private types: readonly vscode.TextEditorDecorationType[] = [];
  /** By the document's address. */
  private readonly marks = new Map<string, readonly TokenMark[]>();
  private subscriptions: vscode.Disposable[] = [];

  constructor(ports: TokenColoursPorts) {
    this.ports = ports;
  }

  /** Of use from the first colours on. */
  private begin(): void {
    if (this.types.length > 0) return;
    this.types = steps.map(decorationType);
    this.subscriptions = [
      ...this.types,
      vscode.window.onDidChangeVisibleTextEditors((editors) => editors.forEach((one) => this.draw(one))),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        // What was scored is not what stands there now.
        if (contentChanges.length > 0) this.clear(document);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.marks.delete(document.uri.toString())),
    ];
  }

  /**
   * Takes the colours of the editor away, or colours the selected text, else the traces of the cursor's line. Rejects with
   * `input` where there is no trace, and as scoring rejects.
   */
  async toggle(editor: vscode.TextEditor | undefined): Promise<void> {
    if (editor !== undefined && this.marks.has(editor.document.uri.toString())) {
      this.clear(editor.document);
      return;
    }
    const { source } = await sourceInEditor(editor);
    if (editor === undefined) return;
    const { document } = editor;
    const { version } = document;
    const traces = await openTraces(source, this.ports.runs);
    const placesOf = await placesIn(editor, source.kind);
    this.begin();
    const marks = await this.score(traces, source.kind === "selection", placesOf);
    if (document.isClosed || document.version !== version) return;
    this.marks.set(document.uri.toString(), marks);
    for (const one of vscode.window.visibleTextEditors) this.draw(one);
    if (marks.length === 0) this.tellNone(document.uri);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** Of every trace of the line that stands in it; cancelling keeps those that are scored. */
  private async score(
    traces: OpenTraces,
    alone: boolean,
    placesOf: (text: string) => readonly TextPlace[],
  ): Promise<readonly TokenMark[]> {
    const places = traces.rows.map((_, trace) => trace);
    // A line of a run's log leads to all samples of its problem: one of them stands in the line.
    const wanted = alone || traces.problemKey !== null ? [traces.first] : places;
    const found: { readonly value: OpenTrace; readonly places: readonly TextPlace[] }[] = [];
    for (const trace of wanted) {
      const value = await traces.read(trace);
      const at = placesOf(value.text);
      if (at.length > 0) found.push({ value, places: at });
    }
    if (found.length === 0)
      throw new LensError("input", vscode.l10n.t("The trace's text does not stand in the line as it is."));
    const asks = found.some(({ value }) => value.own === null);
    const scorer = asks ? await this.ports.scorer() : null;
    if (asks && scorer === null) throw new LensError("cancelled", "Cancelled.");
    const low = this.ports.settings.get("lowProbability");
    const scored: TokenMark[] = [];
    await withScoring(scorer, async (call, tell) => {
      for (const [i, one] of found.entries()) {
        if (call.signal.aborted) return;
        if (found.length > 1) tell(vscode.l10n.t("trace {0} of {1}", i + 1, found.length));
        const trace = await this.scoresOf(one.value, scorer, call);
        scored.push(...tokenMarks(trace, one.places, low));
      }
    });
    return scored;
  }

  /** The file's own log-probs need no model. */
  private async scoresOf(value: OpenTrace, scorer: string | null, call: ScoringCall): Promise<ScoredTrace> {
    const scored = value.own ?? (await this.ports.scoring.score(scorer ?? "", value, call));
    if (scored.text === value.text && scored.scorer.alignment === "exact") return scored;
    const words =
      "The tokens of {0} do not tile the text, so they cannot be coloured in it. Inspect the trace instead.";
    throw new LensError("noScores", vscode.l10n.t(words, scored.scorer.model || scored.scorer.source));
  }

  private tellNone(uri: vscode.Uri): void {
    const percent = 100 * this.ports.settings.get("lowProbability");
    const words = vscode.l10n.t("No token in {0} has {1} % or less.", displayName(uri), percent);
    void this.ports.report.tell(words, { severity: "information" });
  }

  private clear(document: vscode.TextDocument): void {
    if (!this.marks.delete(document.uri.toString())) return;
    for (const editor of vscode.window.visibleTextEditors) this.draw(editor);
  }

  private draw(editor: vscode.TextEditor): void {
    const { document } = editor;
    const marks = this.marks.get(document.uri.toString()) ?? [];
    for (const [i, type] of this.types.entries()) {
      const own = marks.filter(({ step }) => step === i + 1);
      editor.setDecorations(
        type,
        own.map(({ start, end, hover }) => ({
          range: new vscode.Range(document.positionAt(start), document.positionAt(end)),
          hoverMessage: hoverText(hover),
        })),
      );
    }
  }
}

/** The steps of the surprisal scale; in the overview ruler too, since a line of a rollout file is long. */
const decorationType = (step: number): vscode.TextEditorDecorationType =>
  vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor(`rolloutLens.heat.${step}`),
    color: new vscode.ThemeColor(`rolloutLens.heat.${step}Foreground`),
    overviewRulerColor: new vscode.ThemeColor(`rolloutLens.heat.${step}`),
    overviewRulerLane: vscode.OverviewRulerLane.Right,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });

/** Tokens are a model's text: shown as text, whatever they are. */
function hoverText(lines: readonly string[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  for (const [i, line] of lines.entries()) {
    if (i > 0) text.appendMarkdown("\n\n");
    text.appendText(line);
  }
  return text;
}

/** Where a trace's text stands in the document: in the selection as it is, in a line as JSON writes it. */
async function placesIn(
  { document, selection }: vscode.TextEditor,
  kind: string,
): Promise<(text: string) => readonly TextPlace[]> {
  if (kind === "selection") {
    const start = document.offsetAt(selection.start);
    const { text: own, placeOf } = lineFeeds(document.getText(selection));
    const place = { start: 0, end: own.length, placeOf: (offset: number) => start + placeOf(offset) };
    return (text) => (text === own ? [place] : []);
  }
  const { tracePlaces } = await import("../../core/trace/jsonPlaces.ts");
  const { range, text: line } = document.lineAt(selection.start.line);
  const start = document.offsetAt(range.start);
  return (text) =>
    tracePlaces(line, text).map((place) => ({
      ...place,
      placeOf: (offset: number) => start + place.placeOf(offset),
    }));
}

/** With progress and a way out; who leaves keeps what is scored. */
async function withScoring(
  scorer: string | null,
  use: (call: ScoringCall, tell: (message: string) => void) => Promise<void>,
): Promise<void> {
  const title = scorer === null ? vscode.l10n.t("Log-probs") : vscode.l10n.t("Scoring under {0}", scorer);
  const location = vscode.ProgressLocation.Notification;
  await vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    const tell = (message: string): void => progress.report({ message });
    try {
      await use({ signal: abort.signal, slow: false, onPhase: tell }, tell);
    } catch (error) {
      if (codeOf(error) !== "cancelled" || !abort.signal.aborted) throw error;
    }
  });
}

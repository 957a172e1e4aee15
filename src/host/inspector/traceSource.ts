import * as vscode from "vscode";
import { LensError } from "../../core/errors.ts";
import type { ScoreRequest } from "../../core/trace/scorer.ts";
import type { ScoredTrace } from "../../core/trace/scoredTrace.ts";
import type { ProblemRow, TraceRow } from "../../protocol/inspector.ts";
import { baseName, displayName, withSource } from "../files.ts";
import type { SampleAddress } from "../panels/panelRuns.ts";
import type { InspectedRuns } from "./inspectedRuns.ts";
import { lineFeeds } from "./lineFeeds.ts";
import type { TracePlace } from "./openPlace.ts";
import type { SampledTokens } from "./sharedTokenizers.ts";

/** Where the traces of a panel come from: ids and places, no texts. */
export type TraceSource =
  | { readonly kind: "sample"; readonly address: SampleAddress }
  /** All rollouts of a file; `null`: the first of them. */
  | {
      readonly kind: "file";
      readonly uri: string;
      readonly run: string | null;
      readonly problemKey: string | null;
      readonly index: number | null;
    }
  /** 1-based. */
  | { readonly kind: "line"; readonly uri: string; readonly line: number }
  /** UTF-16 offsets; `print` tells whether the text is still the same. */
  | {
      readonly kind: "selection";
      readonly uri: string;
      readonly start: number;
      readonly end: number;
      readonly print: number;
    };

export interface OpenTrace {
  readonly question: string;
  readonly gold: string | null;
  readonly text: string;
  readonly own: ScoredTrace | null;
  /** As they were sampled, where they were kept. */
  readonly tokens: SampledTokens | null;
  /** What stood before the trace, and a sentence on where that comes from. */
  readonly context: (chat: boolean) => ScoreRequest["context"];
  readonly promptNote: string;
}

export interface OpenTraces {
  readonly title: string;
  readonly rows: readonly TraceRow[];
  /** The one that was asked for. */
  readonly first: number;
  read(trace: number): Promise<OpenTrace>;
  place(trace: number): Promise<TracePlace>;
  /** Of all these traces; `null` where they are of no run. */
  readonly problemKey: string | null;
  /** The problems of the run or file; `null` where there is no other. */
  readonly problems: OpenProblems | null;
}

export interface OpenProblems {
  /** Where this one stands among them. */
  readonly at: number;
  readonly of: number;
  rows(): readonly ProblemRow[];
  /** What leads to another one's first trace. */
  source(at: number): TraceSource;
  /** What leads to the sample that was written last. */
  newest(): TraceSource;
}

/** Opens a source. Rejects with `gone` where the text is not there any more, and as the files reject. */
export async function openTraces(source: TraceSource, runs: InspectedRuns): Promise<OpenTraces> {
  switch (source.kind) {
    case "sample":
      return runs.open(source.address);
    case "file":
      return runs.openFile(vscode.Uri.parse(source.uri), source);
    case "line":
      return openLine(vscode.Uri.parse(source.uri), source.line, runs);
    case "selection":
  }
  return openSelection(source);
}

const rowOf = (name: string, index: number): TraceRow => ({
  name,
  problemId: "",
  index,
  verdict: "ungraded",
  extracted: null,
  perplexity: null,
  guest: false,
});

async function openLine(uri: vscode.Uri, line: number, runs: InspectedRuns): Promise<OpenTraces> {
  const text = await lineOf(uri, line);
  // A run's log names problem and sample; question and prompt stand beside it.
  const address = await runs.sampleIn(uri, text);
  if (address !== null) return runs.open(address);
  const { tracesOfLine } = await import("../../core/trace/traceRecord.ts");
  const traces = await tracesOfLine(text, baseName(uri)).catch((error: unknown) => {
    if (!(error instanceof LensError)) throw error;
    throw new LensError(error.code, `${displayName(uri)}:${line}. ${error.message}`, { cause: error });
  });
  const { promptOf } = await import("./tracePrompt.ts");
  return {
    title: `${baseName(uri)}:${line}`,
    first: 0,
    rows: traces.map((trace, i) => ({
      ...rowOf(trace.name, i),
      verdict: trace.verdict?.kind ?? "ungraded",
      extracted: trace.extracted,
    })),
    read: (at) => {
      const trace = traces[at] ?? traces[0];
      if (trace === undefined) throw gone();
      return Promise.resolve({ ...trace, tokens: null, ...promptOf({ question: trace.question }) });
    },
    place: () => Promise.resolve({ file: uri, line, record: null }),
    ...alone,
  };
}

/** From the editor where the file is open in one: unsaved changes count. */
async function lineOf(uri: vscode.Uri, line: number): Promise<string> {
  const open = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  if (open !== undefined) {
    if (line > open.lineCount) throw gone();
    return open.lineAt(line - 1).text;
  }
  return withSource(uri, async (source) => {
    const text = new TextDecoder().decode(await source.slice(0, source.byteLength));
    const found = text.split("\n", line)[line - 1];
    if (found === undefined) throw gone();
    return found;
  });
}

async function openSelection(source: TraceSource & { readonly kind: "selection" }): Promise<OpenTraces> {
  const uri = vscode.Uri.parse(source.uri);
  const document = await vscode.workspace.openTextDocument(uri).then(undefined, () => {
    throw gone();
  });
  const range = new vscode.Range(document.positionAt(source.start), document.positionAt(source.end));
  const text = document.getText(range);
  const { fingerprint } = await import("../../core/dataset/hash.ts");
  if (fingerprint(text) !== source.print) throw gone();
  const { promptOf } = await import("./tracePrompt.ts");
  const trace: OpenTrace = {
    question: "",
    gold: null,
    text: lineFeeds(text).text,
    own: null,
    tokens: null,
    ...promptOf({ question: "" }),
  };
  const line = range.start.line + 1;
  return {
    title: `${baseName(uri)}:${line}`,
    first: 0,
    rows: [rowOf(vscode.l10n.t("selection"), 0)],
    read: () => Promise.resolve(trace),
    place: () => Promise.resolve({ file: uri, line, record: null }),
    ...alone,
  };
}

/** Traces that are part of no run. */
const alone = { problemKey: null, problems: null } as const;

const gone = (): LensError =>
  new LensError(
    "gone",
    vscode.l10n.t("The text is not there any more. Select it again, or open the line again, and inspect it."),
  );

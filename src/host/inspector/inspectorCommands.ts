import * as vscode from "vscode";
import type { InspectorAction } from "../../protocol/inspector.ts";
import { urisIn } from "../commandTargets.ts";
import { rolloutEditorViewType } from "../editors/rolloutEditor.ts";
import { activeFile } from "../files.ts";
import type { Inspecting } from "./inspecting.ts";

type Handler = (features: { readonly inspecting: Inspecting }, args: readonly unknown[]) => Promise<unknown>;

const act =
  (action: InspectorAction): Handler =>
  ({ inspecting }) => {
    inspecting.panels.act(action);
    return Promise.resolve();
  };

/** Part of the table of commands. */
export const inspectorCommands = {
  "rolloutLens.inspectTrace": async ({ inspecting }, args) => {
    await inspecting.inspectInEditor(await editorOf(args), lineIn(args));
  },
  "rolloutLens.inspectUnderBase": async ({ inspecting }, args) => {
    await inspecting.inspectUnderBase(await editorOf(args), lineIn(args));
  },
  "rolloutLens.inspectTraces": async (_, args) => {
    const uri = urisIn(args)[0] ?? activeFile();
    if (uri !== null) await vscode.commands.executeCommand("vscode.openWith", uri, rolloutEditorViewType);
  },
  "rolloutLens.colourTokens": ({ inspecting }) => inspecting.toggleColours(vscode.window.activeTextEditor),
  "rolloutLens.traceNextSample": act("nextSample"),
  "rolloutLens.tracePreviousSample": act("previousSample"),
  "rolloutLens.traceNextProblem": act("nextProblem"),
  "rolloutLens.tracePreviousProblem": act("previousProblem"),
  "rolloutLens.traceNextStep": act("nextStep"),
  "rolloutLens.tracePreviousStep": act("previousStep"),
  "rolloutLens.traceNextToken": act("nextToken"),
  "rolloutLens.tracePreviousToken": act("previousToken"),
  "rolloutLens.traceNextText": act("nextText"),
  "rolloutLens.traceFold": act("foldThinking"),
  "rolloutLens.traceOpenSource": act("openSource"),
  "rolloutLens.traceFollow": act("follow"),
  "rolloutLens.traceFind": act("find"),
  "rolloutLens.traceScore": act("score"),
  "rolloutLens.traceCompare": act("compare"),
  "rolloutLens.traceCompareText": act("compareText"),
  "rolloutLens.traceHelp": act("help"),
} as const satisfies Readonly<Record<string, Handler>>;

/** A lens names its file and line; a button names the file of the editor in front; a key nothing. */
async function editorOf([uri, line]: readonly unknown[]): Promise<vscode.TextEditor | undefined> {
  const active = vscode.window.activeTextEditor;
  if (!(uri instanceof vscode.Uri) || typeof line !== "number") return active;
  const shown = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.toString() === uri.toString(),
  );
  return shown ?? vscode.window.showTextDocument(uri);
}

const lineIn = ([, line]: readonly unknown[]): number | undefined =>
  typeof line === "number" && Number.isSafeInteger(line) && line > 0 ? line : undefined;

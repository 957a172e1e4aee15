import type * as vscode from "vscode";
import { LensError } from "../../core/errors.ts";
import { baseName } from "../files.ts";
import type { TraceSource } from "./traceSource.ts";

/**
 * What a person means in an editor: the selected text, else the record on the cursor's line. Throws LensError `input`.
 * @param wanted this line instead, 1-based
 */
export async function sourceInEditor(
  editor: vscode.TextEditor | undefined,
  wanted?: number,
): Promise<{ readonly source: TraceSource; readonly title: string }> {
  if (editor === undefined) throw nothing();
  const { document, selection } = editor;
  const { uri } = document;
  const line = Math.min(wanted ?? selection.start.line + 1, document.lineCount);
  const title = `${baseName(uri)}:${line}`;
  const text = wanted === undefined ? document.getText(selection) : "";
  if (text.trim() !== "") {
    const { fingerprint } = await import("../../core/dataset/hash.ts");
    const [start, end] = [document.offsetAt(selection.start), document.offsetAt(selection.end)];
    const source = { kind: "selection", uri: uri.toString(), start, end, print: fingerprint(text) } as const;
    return { source, title };
  }
  if (!/^\s*[{[]/.test(document.lineAt(line - 1).text)) throw nothing();
  return { source: { kind: "line", uri: uri.toString(), line }, title };
}

const nothing = (): LensError =>
  new LensError(
    "input",
    "Nothing to inspect here. Select the text of a trace, or put the cursor on a line of a rollout file.",
  );

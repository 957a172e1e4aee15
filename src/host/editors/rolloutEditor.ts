import * as vscode from "vscode";
import type { InspectorPanels } from "../panels/inspectorPanels.ts";

export const rolloutEditorViewType = "rolloutLens.rollouts";

interface RolloutDocument extends vscode.CustomDocument {
  readonly uri: vscode.Uri;
}

/** Rollout files as problems and traces, read-only: an editor that a person may choose. The text editor stays the usual one. */
export class RolloutEditor
  implements vscode.CustomReadonlyEditorProvider<RolloutDocument>, vscode.Disposable
{
  private readonly panels: InspectorPanels;
  private readonly registration: vscode.Disposable;

  constructor(panels: InspectorPanels) {
    this.panels = panels;
    this.registration = vscode.window.registerCustomEditorProvider(rolloutEditorViewType, this, {
      supportsMultipleEditorsPerDocument: true,
      webviewOptions: { enableFindWidget: true },
    });
  }

  /** Nothing is read before the editor is shown. */
  openCustomDocument(uri: vscode.Uri): RolloutDocument {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor({ uri }: RolloutDocument, panel: vscode.WebviewPanel): void {
    this.panels.adopt(panel, uri);
  }

  dispose(): void {
    this.registration.dispose();
  }
}

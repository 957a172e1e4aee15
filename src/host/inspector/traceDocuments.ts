import * as vscode from "vscode";

const scheme = "rollout-lens-trace";

/** Texts of traces as read-only documents: what VS Code's own diff editor takes. Kept while one of its tabs is open. */
export class TraceDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly subscriptions: vscode.Disposable[];
  private made = 0;

  constructor() {
    this.subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.texts.delete(uri.toString())),
    ];
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return (
      this.texts.get(uri.toString()) ??
      vscode.l10n.t("This text is not there any more. Open it again from the trace.")
    );
  }

  /** Two texts beside each other, with what differs. */
  async compare(left: NamedText, right: NamedText): Promise<void> {
    const uris = [left, right].map(({ name, text }) => this.add(name, text));
    await vscode.commands.executeCommand("vscode.diff", ...uris, `${left.name} ↔ ${right.name}`);
  }

  /** One text, in an editor of its own. */
  async show({ name, text }: NamedText): Promise<void> {
    await vscode.window.showTextDocument(this.add(name, text), { preview: true });
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private add(name: string, text: string): vscode.Uri {
    this.made += 1;
    // Slashes would make folders of it.
    const path = `/${this.made}/${name.replaceAll("/", "-")}`;
    const uri = vscode.Uri.from({ scheme, path });
    this.texts.set(uri.toString(), text);
    return uri;
  }
}

export interface NamedText {
  readonly name: string;
  readonly text: string;
}

import * as vscode from "vscode";

/** Every context key of the extension with the values it can have; package.json's `when` clauses use these alone. */
export interface ContextKeys {
  /** Set once the extension runs: from then on file kinds are known by content and not guessed by name. */
  readonly "rolloutLens.active": true;
  readonly "rolloutLens.activeFileKind": "dataset" | "rollouts";
  /** The Label view has the focus and nobody types in it: single keys are labels. */
  readonly "rolloutLens.labels.focused": true;
}

export const contextKeys: readonly (keyof ContextKeys)[] = [
  "rolloutLens.active",
  "rolloutLens.activeFileKind",
  "rolloutLens.labels.focused",
];

/** Sets keys only when they change, and takes them back at the end. */
export class ContextValues implements vscode.Disposable {
  private readonly values = new Map<keyof ContextKeys, unknown>();

  set<K extends keyof ContextKeys>(key: K, value: ContextKeys[K] | undefined): void {
    if (this.values.get(key) === value) return;
    this.values.set(key, value);
    void vscode.commands.executeCommand("setContext", key, value);
  }

  dispose(): void {
    for (const key of this.values.keys()) void vscode.commands.executeCommand("setContext", key, undefined);
  }
}

import * as vscode from "vscode";
import type { Question } from "./report.ts";

const keyName = (origin: string): string => `rolloutLens.apiKey:${origin}`;
const confirmedName = "rolloutLens.confirmedOrigins";

/** A key belongs to an ORIGIN (scheme, host, port), so that a changed URL never receives another server's key. */
export class ApiKeys implements vscode.Disposable {
  private readonly secrets: vscode.SecretStorage;
  private readonly workspaceState: vscode.Memento;
  private readonly confirm: (question: Question) => Promise<boolean>;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly watch: vscode.Disposable;
  readonly onDidChange = this.changed.event;

  constructor(ports: {
    readonly secrets: vscode.SecretStorage;
    readonly workspaceState: vscode.Memento;
    readonly confirm: (question: Question) => Promise<boolean>;
  }) {
    this.secrets = ports.secrets;
    this.workspaceState = ports.workspaceState;
    this.confirm = ports.confirm;
    this.watch = ports.secrets.onDidChange(({ key }) => {
      if (key.startsWith("rolloutLens.apiKey:")) this.changed.fire();
    });
  }

  async has(origin: string): Promise<boolean> {
    return (await this.secrets.get(keyName(origin))) !== undefined;
  }

  async set(origin: string, key: string): Promise<void> {
    await this.secrets.store(keyName(origin), key.trim());
  }

  async clear(origin: string): Promise<void> {
    await this.secrets.delete(keyName(origin));
  }

  /**
   * The keys of these origins, by origin. A URL that a workspace's settings or files brought along may be somebody else's:
   * before a stored key goes there the person says so, once per origin and workspace; "no" leaves it out.
   */
  async keysFor(
    origins: readonly string[],
    { fromWorkspace }: { readonly fromWorkspace: boolean },
  ): Promise<ReadonlyMap<string, string>> {
    const keys = new Map<string, string>();
    for (const origin of new Set(origins)) {
      const key = await this.secrets.get(keyName(origin));
      if (key === undefined) continue;
      if (fromWorkspace && !(await this.isConfirmed(origin))) continue;
      keys.set(origin, key);
    }
    return keys;
  }

  private async isConfirmed(origin: string): Promise<boolean> {
    const confirmed = this.workspaceState.get<readonly string[]>(confirmedName, []);
    if (confirmed.includes(origin)) return true;
    const yes = await this.confirm({
      message: vscode.l10n.t("Send your API key to {0}?", origin),
      detail: vscode.l10n.t(
        "This address stands in the settings or a study of this workspace, not in your own settings. Whoever runs it will see the key and can use it.",
      ),
      yes: vscode.l10n.t("Send the key"),
    });
    if (yes) await this.workspaceState.update(confirmedName, [...confirmed, origin]);
    return yes;
  }

  dispose(): void {
    this.watch.dispose();
    this.changed.dispose();
  }
}

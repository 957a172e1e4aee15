import * as vscode from "vscode";
import type { InspectorAction, InspectorOptions } from "../../protocol/inspector.ts";
import type { TraceSource } from "../inspector/traceSource.ts";
import type { Settings } from "../settings.ts";
import { webviewHtml, webviewOptions } from "../webview.ts";
import { InspectorPanel } from "./inspectorPanel.ts";
import type { InspectorPorts, InspectorState } from "./inspectorPorts.ts";

export const inspectorViewType = "rolloutLens.inspector";
const panelsName = "rolloutLens.inspectorPanels";
const panelsVersion = 1;

interface StoredPanels {
  readonly version: number;
  /** By title, which is the panel's own among those that are open and comes back with it. */
  readonly byTitle: Readonly<Record<string, InspectorState>>;
}

export interface InspectorPanelsPorts extends InspectorPorts {
  readonly extensionUri: vscode.Uri;
  readonly state: vscode.Memento;
  readonly settings: Settings;
}

/** All trace inspectors of the window. They come back after a reload with what they showed. */
export class InspectorPanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly ports: InspectorPanelsPorts;
  private readonly open = new Set<InspectorPanel>();
  /** Custom editors. */
  private readonly adopted = new Set<InspectorPanel>();
  /** Goes along with another view. */
  private beside: InspectorPanel | null = null;
  private readonly registration: vscode.Disposable;

  constructor(ports: InspectorPanelsPorts) {
    this.ports = ports;
    this.registration = vscode.window.registerWebviewPanelSerializer(inspectorViewType, this);
  }

  /**
   * In a panel of its own, or in the one that was opened with just this source.
   * @param wanted whose scores are shown where they are there already; `now`: else the trace is scored at once
   */
  async show(
    source: TraceSource,
    title: string,
    wanted: { readonly scorer: string; readonly now: boolean } | null = null,
  ): Promise<void> {
    const key = JSON.stringify(source);
    const same = [...this.open].find(({ state }) => JSON.stringify(state.source) === key);
    if (same !== undefined) {
      same.panel.reveal();
      if (wanted !== null) await same.useScorer(wanted.scorer, wanted.now);
      return;
    }
    const one = this.create(source, title, {
      place: vscode.ViewColumn.Active,
      scorer: wanted?.scorer ?? null,
    });
    if (wanted?.now === true) one.expectScores(wanted.scorer);
    await this.remember();
  }

  /** In one panel beside, which takes no focus. `scorer`: whose scores are shown where they are there already. */
  async showBeside(source: TraceSource, title: string, scorer: string | null): Promise<void> {
    if (this.beside === null) {
      const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      this.beside = this.create(source, title, { place, scorer });
      return this.remember();
    }
    this.beside.panel.reveal(undefined, true);
    await this.beside.goToSource(source);
  }

  async followBeside(source: TraceSource): Promise<void> {
    await this.beside?.goToSource(source);
  }

  closeBeside(): void {
    this.beside?.panel.dispose();
  }

  /** A custom editor's panel, which VS Code brings back by itself: all rollouts of a file. */
  adopt(panel: vscode.WebviewPanel, uri: vscode.Uri): void {
    panel.webview.options = webviewOptions(this.ports.extensionUri);
    const source = { kind: "file", uri: uri.toString(), run: null, problemKey: null, index: null } as const;
    const state = { source, trace: null, scorer: null, options: this.usualOptions() };
    const one = new InspectorPanel(
      { ...this.ports, panel, list: true, onDidChange: () => undefined, onTitle: () => undefined },
      state,
    );
    this.adopted.add(one);
    panel.onDidDispose(() => {
      one.dispose();
      this.adopted.delete(one);
    });
    this.fill(panel);
  }

  /** A command that the page in front carries out. */
  act(action: InspectorAction): void {
    [...this.open, ...this.adopted].find(({ panel }) => panel.active)?.act(action);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    const stored = this.stored()[panel.title];
    panel.webview.options = webviewOptions(this.ports.extensionUri);
    if (stored === undefined) panel.dispose();
    else this.take(panel, stored);
  }

  dispose(): void {
    this.registration.dispose();
    for (const one of [...this.open, ...this.adopted]) one.dispose();
  }

  private create(
    source: TraceSource,
    title: string,
    {
      place,
      scorer,
    }: {
      readonly place: Parameters<typeof vscode.window.createWebviewPanel>[2];
      readonly scorer: string | null;
    },
  ): InspectorPanel {
    const options = { ...webviewOptions(this.ports.extensionUri), enableFindWidget: true };
    const panel = vscode.window.createWebviewPanel(
      inspectorViewType,
      this.freeTitle(title, null),
      place,
      options,
    );
    return this.take(panel, { source, trace: null, scorer, options: this.usualOptions() });
  }

  private take(panel: vscode.WebviewPanel, state: InspectorState): InspectorPanel {
    panel.iconPath = vscode.Uri.joinPath(this.ports.extensionUri, "media", "inspector.svg");
    const onTitle = (title: string): void => {
      const before = panel.title;
      panel.title = this.freeTitle(title, panel);
      if (panel.title !== before) void this.remember(before);
    };
    const onDidChange = (): void => void this.remember();
    const one = new InspectorPanel({ ...this.ports, panel, list: false, onDidChange, onTitle }, state);
    this.open.add(one);
    panel.onDidDispose(() => {
      one.dispose();
      this.open.delete(one);
      if (this.beside === one) this.beside = null;
      void this.remember(panel.title);
    });
    this.fill(panel);
    return one;
  }

  private fill(panel: vscode.WebviewPanel): void {
    const page = { entry: "inspector", title: vscode.l10n.t("Trace") };
    panel.webview.html = webviewHtml(panel.webview, this.ports.extensionUri, page);
  }

  private usualOptions(): InspectorOptions {
    const { settings } = this.ports;
    return {
      colour: "surprisal",
      thresholdNats: Math.LN2,
      thresholdRatioNats: 0.5,
      sampler: {
        temperature: settings.get("temperature"),
        topP: settings.get("topP"),
        order: "temperatureFirst",
      },
      text: "plain",
      against: null,
    };
  }

  private freeTitle(title: string, own: vscode.WebviewPanel | null): string {
    const others = [...this.open].filter(({ panel }) => panel !== own);
    const taken = new Set(others.map(({ panel }) => panel.title));
    if (!taken.has(title)) return title;
    for (let number = 2; ; number++) if (!taken.has(`${title} (${number})`)) return `${title} (${number})`;
  }

  private stored(): Readonly<Record<string, InspectorState>> {
    const stored = this.ports.state.get<StoredPanels>(panelsName);
    return stored?.version === panelsVersion ? stored.byTitle : {};
  }

  /** A tab that was not shown since the window came back is not open here yet: what is stored of it stays. */
  private async remember(closed?: string): Promise<void> {
    const panels = [...this.open].map(({ panel, state }) => [panel.title, state] as const);
    const waiting = Object.entries(this.stored()).filter(([title]) => title !== closed);
    await this.ports.state.update(panelsName, {
      version: panelsVersion,
      byTitle: Object.fromEntries([...waiting, ...panels]),
    } satisfies StoredPanels);
  }
}

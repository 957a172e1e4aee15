import * as vscode from "vscode";
import type { InspectorOptions } from "../../protocol/inspector.ts";
import type { TraceSource } from "../inspector/traceSource.ts";
import type { Settings } from "../settings.ts";
import { webviewHtml, webviewOptions } from "../webview.ts";
import { InspectorPanel, type InspectorPorts, type InspectorState } from "./inspectorPanel.ts";

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
  private readonly registration: vscode.Disposable;

  constructor(ports: InspectorPanelsPorts) {
    this.ports = ports;
    this.registration = vscode.window.registerWebviewPanelSerializer(inspectorViewType, this);
  }

  /**
   * In a panel of its own, or in the one that was opened with just this source.
   * @param scorer whose scores are shown where they are there already
   */
  async show(source: TraceSource, title: string, scorer: string | null = null): Promise<void> {
    const key = JSON.stringify(source);
    const same = [...this.open].find(({ state }) => JSON.stringify(state.source) === key);
    if (same !== undefined) {
      same.panel.reveal();
      if (scorer !== null) await same.useScorer(scorer);
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      inspectorViewType,
      this.freeTitle(title),
      vscode.ViewColumn.Active,
      { ...webviewOptions(this.ports.extensionUri), enableFindWidget: true },
    );
    this.take(panel, { source, trace: null, scorer, options: this.usualOptions() });
    await this.remember();
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    const stored = this.stored()[panel.title];
    panel.webview.options = webviewOptions(this.ports.extensionUri);
    if (stored === undefined) panel.dispose();
    else this.take(panel, stored);
  }

  dispose(): void {
    this.registration.dispose();
    for (const one of this.open) one.dispose();
  }

  private take(panel: vscode.WebviewPanel, state: InspectorState): void {
    panel.iconPath = vscode.Uri.joinPath(this.ports.extensionUri, "media", "inspector.svg");
    const one = new InspectorPanel({ ...this.ports, panel, onDidChange: () => void this.remember() }, state);
    this.open.add(one);
    panel.onDidDispose(() => {
      one.dispose();
      this.open.delete(one);
      void this.remember(panel.title);
    });
    const page = { entry: "inspector", title: vscode.l10n.t("Trace") };
    panel.webview.html = webviewHtml(panel.webview, this.ports.extensionUri, page);
  }

  private usualOptions(): InspectorOptions {
    const { settings } = this.ports;
    return {
      colour: "surprisal",
      thresholdNats: Math.LN2,
      sampler: {
        temperature: settings.get("temperature"),
        topP: settings.get("topP"),
        order: "temperatureFirst",
      },
      text: "plain",
      against: null,
    };
  }

  private freeTitle(title: string): string {
    const taken = new Set([...this.open].map(({ panel }) => panel.title));
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

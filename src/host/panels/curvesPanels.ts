import * as vscode from "vscode";
import type { CurvesOptions } from "../../protocol/curves.ts";
import { groupRuns } from "../runGroups.ts";
import type { Settings } from "../settings.ts";
import { webviewHtml, webviewOptions } from "../webview.ts";
import { CurvesPanel } from "./curvesPanel.ts";
import type { CurvesPorts } from "./curvesPorts.ts";

export const curvesViewType = "rolloutLens.curves";
const panelsName = "rolloutLens.curvesPanels";
const panelsVersion = 1;

interface StoredPanel {
  readonly runIds: readonly string[];
  readonly options: CurvesOptions;
}

interface StoredPanels {
  readonly version: number;
  /** By title, which is the panel's own among those that are open and comes back with it. */
  readonly byTitle: Readonly<Record<string, StoredPanel>>;
}

export interface CurvesPanelsPorts extends CurvesPorts {
  readonly extensionUri: vscode.Uri;
  readonly state: vscode.Memento;
  readonly settings: Settings;
}

/** All curves panels of the window. They come back after a reload with their runs and options. */
export class CurvesPanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly ports: CurvesPanelsPorts;
  private readonly open = new Set<CurvesPanel>();
  private readonly registration: vscode.Disposable;

  constructor(ports: CurvesPanelsPorts) {
    this.ports = ports;
    this.registration = vscode.window.registerWebviewPanelSerializer(curvesViewType, this);
  }

  /** Shows runs in a panel of their own, or in the one that shows just these. */
  async show(runIds: readonly string[]): Promise<void> {
    await this.ports.catalog.load();
    const wanted = new Set(runIds);
    const same = [...this.open].find(
      (one) => one.runIds.length === wanted.size && one.runIds.every((id) => wanted.has(id)),
    );
    if (same !== undefined) {
      same.panel.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      curvesViewType,
      this.freeTitle(this.titleOf(runIds)),
      vscode.ViewColumn.Active,
      { ...webviewOptions(this.ports.extensionUri), enableFindWidget: true },
    );
    this.take(panel, [...wanted], this.usualOptions());
    await this.remember();
  }

  /** Shows where judges differ over a run: in a panel that shows the run, else in one of its own. */
  async showVerdicts(runId: string, judges: readonly string[]): Promise<void> {
    const shows = (): CurvesPanel | undefined => [...this.open].find(({ runIds }) => runIds.includes(runId));
    if (shows() === undefined) await this.show([runId]);
    const one = shows();
    one?.panel.reveal();
    one?.focusOn(runId, judges);
  }

  /** Shows a tab over these runs: in a panel that has them all, else in one of their own. */
  async showTab(runIds: readonly string[], tab: string): Promise<void> {
    const shows = (): CurvesPanel | undefined =>
      [...this.open].find((one) => runIds.every((id) => one.runIds.includes(id)));
    if (shows() === undefined) await this.show(runIds);
    const one = shows();
    one?.panel.reveal();
    one?.focusOnTab(tab);
  }

  /** Shows a new run beside the others of its dataset, where a panel shows them already. */
  async showBeside(runId: string): Promise<void> {
    const group = groupRuns(this.ports.catalog.all()).find(({ runs }) => runs.some(({ id }) => id === runId));
    const others = new Set(group?.runs.map(({ id }) => id).filter((id) => id !== runId));
    const beside = [...this.open].find((one) => one.runIds.some((id) => others.has(id)));
    if (beside === undefined) return this.show([runId]);
    beside.add([runId]);
    beside.panel.reveal();
  }

  /** Runs of the panel that is in front; empty where none is. */
  inFront(): readonly string[] {
    return [...this.open].find(({ panel }) => panel.active)?.runIds ?? [];
  }

  /** Runs that are gone leave their panels; a panel that has none left closes. */
  drop(runs: readonly { readonly id: string }[]): void {
    const gone = new Set(runs.map(({ id }) => id));
    for (const one of [...this.open].filter(({ runIds }) => runIds.some((id) => gone.has(id)))) {
      if (one.runIds.every((id) => gone.has(id))) one.panel.dispose();
      else one.remove(gone);
    }
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    const stored = this.stored()[panel.title];
    panel.webview.options = webviewOptions(this.ports.extensionUri);
    this.take(panel, stored?.runIds ?? [], stored?.options ?? this.usualOptions());
  }

  dispose(): void {
    this.registration.dispose();
    for (const one of this.open) one.dispose();
  }

  private take(panel: vscode.WebviewPanel, runIds: readonly string[], options: CurvesOptions): void {
    panel.iconPath = vscode.Uri.joinPath(this.ports.extensionUri, "media", "curves.svg");
    const one = new CurvesPanel(
      { ...this.ports, panel, onDidChange: () => void this.remember() },
      runIds,
      options,
    );
    this.open.add(one);
    panel.onDidDispose(() => {
      one.dispose();
      this.open.delete(one);
      void this.remember(panel.title);
    });
    const page = { entry: "curves", title: vscode.l10n.t("Curves") };
    panel.webview.html = webviewHtml(panel.webview, this.ports.extensionUri, page);
  }

  private usualOptions(): CurvesOptions {
    return { interval: this.ports.settings.get("interval"), referenceId: null, finishedOnly: false };
  }

  private titleOf(runIds: readonly string[]): string {
    const groups = groupRuns(this.ports.catalog.all().filter(({ id }) => runIds.includes(id)));
    return groups.length === 1 ? groups[0]!.name : vscode.l10n.t("Curves of {0} runs", runIds.length);
  }

  private freeTitle(title: string): string {
    const taken = new Set([...this.open].map(({ panel }) => panel.title));
    if (!taken.has(title)) return title;
    for (let number = 2; ; number++) if (!taken.has(`${title} (${number})`)) return `${title} (${number})`;
  }

  private stored(): Readonly<Record<string, StoredPanel>> {
    const stored = this.ports.state.get<StoredPanels>(panelsName);
    return stored?.version === panelsVersion ? stored.byTitle : {};
  }

  /** A tab that was not shown since the window came back is not open here yet: what is stored of it stays. */
  private async remember(closed?: string): Promise<void> {
    const panels = [...this.open].map(
      ({ panel, runIds, options }) => [panel.title, { runIds, options }] as const,
    );
    const waiting = Object.entries(this.stored()).filter(([title]) => title !== closed);
    await this.ports.state.update(panelsName, {
      version: panelsVersion,
      byTitle: Object.fromEntries([...waiting, ...panels]),
    } satisfies StoredPanels);
  }
}

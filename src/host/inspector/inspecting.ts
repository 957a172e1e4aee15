import type * as vscode from "vscode";
import type { RunCatalog } from "../catalog.ts";
import { RolloutEditor } from "../editors/rolloutEditor.ts";
import { RolloutLenses } from "../editors/rolloutLenses.ts";
import type { TokenColours } from "../editors/tokenColours.ts";
import type { Datasets } from "../datasets.ts";
import type { Endpoints } from "../endpoints.ts";
import type { LensLog } from "../log.ts";
import { InspectorPanels } from "../panels/inspectorPanels.ts";
import type { SampleAddress } from "../panels/panelRuns.ts";
import type { Report } from "../report.ts";
import type { RunData } from "../runData.ts";
import type { RunEntry } from "../runEntry.ts";
import type { RunScores } from "../scores/runScores.ts";
import type { ScoreRuns } from "../scores/scoreRuns.ts";
import type { Settings } from "../settings.ts";
import type { InspectedRuns } from "./inspectedRuns.ts";
import { OwnTraces } from "./ownTraces.ts";
import { pickScorer } from "./pickScorer.ts";
import { sourceInEditor } from "./sourceInEditor.ts";
import { TraceDocuments } from "./traceDocuments.ts";
import type { TraceScoring } from "./traceScoring.ts";
import type { TraceSource } from "./traceSource.ts";
import { UsualScorer } from "./usualScorer.ts";

export interface InspectingPorts {
  readonly extensionUri: vscode.Uri;
  readonly settings: Settings;
  readonly state: vscode.Memento;
  readonly log: LensLog;
  readonly report: Report;
  readonly endpoints: Endpoints;
  readonly datasets: Datasets;
  readonly catalog: RunCatalog;
  readonly data: RunData;
  readonly runs: InspectedRuns;
  readonly scoring: TraceScoring;
  readonly scores: RunScores;
  readonly scoreRuns: ScoreRuns;
  /** Can this window start what offers the endpoint of this name? */
  readonly canWake: (name: string) => boolean;
}

/** All ways to a trace and its scores: panels, the custom editor, lenses and colours in text editors. */
export class Inspecting implements vscode.Disposable {
  readonly panels: InspectorPanels;
  private readonly ports: InspectingPorts;
  private readonly usual: UsualScorer;
  private readonly parts: readonly vscode.Disposable[];
  private colours: TokenColours | null = null;

  constructor(ports: InspectingPorts) {
    this.ports = ports;
    const { settings, datasets, endpoints, log } = ports;
    this.usual = new UsualScorer(ports);
    const documents = new TraceDocuments();
    this.panels = new InspectorPanels({
      ...ports,
      ownTraces: new OwnTraces(ports),
      documents,
      pickScorer,
      rememberScorer: (scorer) => this.usual.remember(scorer),
      otherRuns: (source) => this.otherRuns(source),
    });
    const lenses = new RolloutLenses({
      datasets,
      log,
      usualScorer: () => this.usual.find(),
      onDidChange: [settings.onDidChange, endpoints.onDidChange],
    });
    this.parts = [this.panels, documents, lenses, new RolloutEditor(this.panels)];
  }

  /** A sample of a run; `scorer`: scored under this one at once, where that was not done. */
  async inspectSample(address: SampleAddress, scorer: string | null = null): Promise<void> {
    const { title } = await this.ports.runs.open(address);
    await this.panels.show(
      { kind: "sample", address },
      `${title} #${address.index + 1}`,
      scorer === null ? null : { scorer, now: true },
    );
  }

  /** A sample of a run beside what has the focus, which stays there; with the usual scorer's heat where it is kept. */
  async inspectBeside(address: SampleAddress): Promise<void> {
    const { title } = await this.ports.runs.open(address);
    const name = `${title} #${address.index + 1}`;
    await this.panels.showBeside({ kind: "sample", address }, name, await this.usual.find());
  }

  /** The panel that `inspectBeside` opened shows this one; without it nothing happens. */
  async followBeside(address: SampleAddress): Promise<void> {
    await this.panels.followBeside({ kind: "sample", address });
  }

  /** The selected text, or the record on the cursor's line. Throws LensError `input`. */
  async inspectInEditor(editor: vscode.TextEditor | undefined, line?: number): Promise<void> {
    const { source, title } = await sourceInEditor(editor, line);
    await this.panels.show(source, title);
  }

  /**
   * The same, scored under the usual scorer without a question; under one that is asked for where there is none yet.
   * @param line 1-based, of the editor's document; default: what is selected, or the cursor's line
   */
  async inspectUnderBase(editor: vscode.TextEditor | undefined, line?: number): Promise<void> {
    const { source, title } = await sourceInEditor(editor, line);
    const scorer = await this.scorer();
    if (scorer !== null) await this.panels.show(source, title, { scorer, now: true });
  }

  /** Unlikely tokens of the editor in colour, or no more. Rejects as `TokenColours.toggle`. */
  async toggleColours(editor: vscode.TextEditor | undefined): Promise<void> {
    if (this.colours === null) {
      const { TokenColours: Colours } = await import("../editors/tokenColours.ts");
      const { settings, scoring, runs, report } = this.ports;
      this.colours ??= new Colours({ runs, scoring, settings, report, scorer: () => this.scorer() });
    }
    await this.colours.toggle(editor);
  }

  dispose(): void {
    this.colours?.dispose();
    for (const part of this.parts) part.dispose();
  }

  private async scorer(): Promise<string | null> {
    const usual = await this.usual.find();
    if (usual !== null) return usual;
    const chosen = await pickScorer(await this.ports.scoring.views());
    if (chosen !== null) await this.usual.remember(chosen);
    return chosen;
  }

  /** Those of the same problems where that is known, else all that have samples. */
  private async otherRuns(source: TraceSource): Promise<readonly RunEntry[]> {
    const { catalog } = this.ports;
    await catalog.load();
    const own = source.kind === "sample" ? catalog.find(source.address.runId) : null;
    const uri = source.kind === "file" ? source.uri : null;
    return catalog.all().filter((entry) => {
      if (entry.finished === 0 || entry.id === own?.id) return false;
      if (entry.source.kind === "imported" && entry.source.uri === uri) return false;
      return own === null || entry.problemSet === own.problemSet || entry.dataset === own.dataset;
    });
  }
}

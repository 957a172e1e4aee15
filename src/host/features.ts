import type * as vscode from "vscode";
import type { RunCatalog } from "./catalog.ts";
import type { FileStore } from "../core/ports.ts";
import type { Datasets } from "./datasets.ts";
import type { DemoModels } from "./demoModels.ts";
import type { Endpoints } from "./endpoints.ts";
import type { Imports } from "./imports.ts";
import type { Inspecting } from "./inspector/inspecting.ts";
import type { Labels } from "./label/labels.ts";
import type { LensLog } from "./log.ts";
import type { CurvesPanels } from "./panels/curvesPanels.ts";
import type { QuickPassAtK } from "./quickPassAtK.ts";
import type { Report } from "./report.ts";
import type { Reverify } from "./reverify.ts";
import type { RunActions } from "./runActions.ts";
import type { RunData } from "./runData.ts";
import type { RunRole } from "./runRole.ts";
import type { Runs } from "./runs.ts";
import type { RunScores } from "./scores/runScores.ts";
import type { ScoreRuns } from "./scores/scoreRuns.ts";
import type { ApiKeys } from "./secrets.ts";
import type { Settings } from "./settings.ts";
import type { Studies } from "./study/studies.ts";
import type { TryDemo } from "./tryDemo.ts";

/** What commands act on. */
export interface Features {
  readonly extensionUri: vscode.Uri;
  readonly log: LensLog;
  readonly settings: Settings;
  readonly keys: ApiKeys;
  readonly report: Report;
  readonly endpoints: Endpoints;
  readonly datasets: Datasets;
  readonly catalog: RunCatalog;
  readonly data: RunData;
  readonly runs: Runs;
  readonly runActions: RunActions;
  readonly imports: Imports;
  readonly curves: CurvesPanels;
  readonly quickPassAtK: QuickPassAtK;
  readonly tryDemo: TryDemo;
  readonly reverify: Reverify;
  readonly inspecting: Inspecting;
  readonly labels: Labels;
  /** What is remembered for all folders. */
  readonly state: vscode.Memento;
  readonly scoreRuns: ScoreRuns;
  readonly runRole: RunRole;
  readonly scores: RunScores;
  readonly demo: DemoModels;
  readonly studies: Studies;
  readonly files: () => Promise<FileStore>;
  /** Where runs of a dataset are kept, as a path. */
  readonly runsRoot: (dataset: vscode.Uri) => string;
}

import type { RunCatalog } from "../catalog.ts";
import type { LensLog } from "../log.ts";
import type { Report } from "../report.ts";
import type { RunEntry } from "../runEntry.ts";
import type { Runs } from "../runs.ts";
import type { CotCurves } from "../label/cotCurves.ts";
import type { ModeShares } from "../modeShares.ts";
import type { Reverify } from "../reverify.ts";
import type { RunRole } from "../runRole.ts";
import type { ScoreRuns } from "../scores/scoreRuns.ts";
import type { Comparisons } from "./comparisons.ts";
import type { PanelRuns, SampleAddress } from "./panelRuns.ts";
import type { PanelScores } from "./panelScores.ts";
import type { PanelVerdicts } from "./panelVerdicts.ts";

/** What every panel uses. */
export interface CurvesPorts {
  readonly catalog: RunCatalog;
  readonly runs: Runs;
  readonly panelRuns: PanelRuns;
  readonly panelVerdicts: PanelVerdicts;
  readonly panelScores: PanelScores;
  readonly scoreRuns: ScoreRuns;
  readonly runRole: RunRole;
  readonly reverify: Reverify;
  readonly shares: ModeShares;
  readonly cotCurves: CotCurves;
  readonly comparisons: Comparisons;
  readonly log: LensLog;
  readonly report: Report;
  readonly resume: (runId: string) => Promise<void>;
  /** Asks for the key of the endpoint that a run samples. */
  readonly setApiKey: (runId: string) => Promise<void>;
  /** Opens the trace inspector, with the scores of an endpoint where one is named. */
  readonly inspect: (sample: SampleAddress, scorer: string | null) => Promise<void>;
  /** Builds a queue of these problems' traces. */
  readonly label: (runs: readonly RunEntry[], problemKeys: readonly string[]) => Promise<void>;
  /** Asks for further runs; the ids chosen. */
  readonly pickRuns: (shown: readonly string[]) => Promise<readonly string[]>;
}

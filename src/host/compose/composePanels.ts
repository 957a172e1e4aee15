import * as vscode from "vscode";
import { InspectedRuns } from "../inspector/inspectedRuns.ts";
import { Inspecting } from "../inspector/inspecting.ts";
import { SharedTokenizers } from "../inspector/sharedTokenizers.ts";
import { TraceScoring } from "../inspector/traceScoring.ts";
import { CotCurves } from "../label/cotCurves.ts";
import { ModeShares } from "../modeShares.ts";
import { CurvesPanels } from "../panels/curvesPanels.ts";
import { PanelRuns } from "../panels/panelRuns.ts";
import { PanelScores } from "../panels/panelScores.ts";
import { PanelVerdicts } from "../panels/panelVerdicts.ts";
import { Reverify } from "../reverify.ts";
import { RunRole } from "../runRole.ts";
import { rowOfRun } from "../runRows.ts";
import { RunScores } from "../scores/runScores.ts";
import { ScoreRuns } from "../scores/scoreRuns.ts";
import type { Sampling } from "./composeSampling.ts";
import type { Root, Store } from "./composeStore.ts";

interface PanelsParts extends Root {
  readonly store: Store;
  readonly sampling: Sampling;
  /** Goes on with a run of this id. */
  readonly resume: (id: string) => Promise<void>;
}

export type Panels = ReturnType<typeof composePanels>;

/** What reads runs for the curves panel and the trace inspector, and the two themselves. */
export function composePanels(parts: PanelsParts) {
  const read = composeReading(parts);
  const traces = composeTraces(parts, read.panelRuns);
  return { ...read, ...traces, curves: composeCurves(parts, read, traces) };
}

type Reading = ReturnType<typeof composeReading>;
type Traces = ReturnType<typeof composeTraces>;

/** Runs as panels show them: with their role, their verdicts, also those under another verifier, and their labels. */
function composeReading({ log, keep, store, sampling: { runs } }: PanelsParts) {
  const { catalog, data, files, verdicts, choices, mayRun, folder } = store;
  const reverify = keep(new Reverify({ catalog, runs, data, verdicts, choices, mayRun }));
  const shares = keep(new ModeShares({ data, verdicts, log }));
  const panelVerdicts = new PanelVerdicts({ reverify, shares, verdicts, choices, mayRun });
  const labelledRuns = async () => {
    const { LabelledRuns } = await import("../label/labelledRuns.ts");
    return new LabelledRuns({ catalog, data, storage: folder.fsPath });
  };
  const cotCurves = keep(new CotCurves({ runs: labelledRuns, files, log }));
  const panelRuns = new PanelRuns({ catalog, runs, data, verdicts: panelVerdicts, cotCurves });
  const runRole = keep(new RunRole({ catalog, data, files }));
  return { reverify, shares, panelVerdicts, labelledRuns, cotCurves, panelRuns, runRole };
}

/** Scores of traces, one by one and of whole runs, and the inspector that shows them. */
function composeTraces({ context, log, report, keep, store, sampling }: PanelsParts, panelRuns: PanelRuns) {
  const { extensionUri, workspaceState: state } = context;
  const { settings, files, mayRun, folder, catalog, data, datasets } = store;
  const { endpoints, demo } = sampling;
  const scoring = keep(
    new TraceScoring({
      endpoints,
      tokenizers: new SharedTokenizers({ endpoints, state, log }),
      state,
      files,
      folder: vscode.Uri.joinPath(folder, "scores").fsPath,
      mayRun,
      log,
    }),
  );
  const scores = new RunScores({ files, storage: folder.fsPath, log });
  const scoreRuns = keep(new ScoreRuns({ data, scores, scoring, files, mayRun }));
  const inspecting = keep(
    new Inspecting({
      extensionUri,
      settings,
      state,
      log,
      report,
      endpoints,
      datasets,
      catalog,
      data,
      runs: new InspectedRuns({ catalog, panelRuns, data }),
      scoring,
      scores,
      scoreRuns,
      canWake: (name) => demo.isOurs(name),
    }),
  );
  return { scores, scoreRuns, inspecting };
}

function composeCurves(
  { context, log, report, keep, store, sampling, resume }: PanelsParts,
  read: Reading,
  { scores, scoreRuns, inspecting }: Traces,
) {
  const { settings, catalog, data, comparisons } = store;
  const { runs, runActions } = sampling;
  const { panelRuns, panelVerdicts, reverify, shares, cotCurves, runRole } = read;
  return keep(
    new CurvesPanels({
      extensionUri: context.extensionUri,
      settings,
      catalog,
      runs,
      panelRuns,
      panelVerdicts,
      panelScores: new PanelScores({ data, panelRuns, scores, scoreRuns }),
      scoreRuns,
      runRole,
      reverify,
      shares,
      cotCurves,
      comparisons,
      log,
      report,
      resume,
      setApiKey: async (id) =>
        void (await vscode.commands.executeCommand("rolloutLens.setApiKey", rowOfRun(id))),
      pickRuns: async (shown) => {
        const title = vscode.l10n.t("Add runs");
        const chosen = await runActions.pickSeveral(title, ({ id }) => !shown.includes(id));
        return chosen.map(({ id }) => id);
      },
      inspect: (address, scorer) => inspecting.inspectSample(address, scorer),
      label: async (entries, keys) =>
        void (await vscode.commands.executeCommand("rolloutLens.labelRuns", {
          runs: entries,
          problems: keys,
        })),
      state: context.workspaceState,
    }),
  );
}

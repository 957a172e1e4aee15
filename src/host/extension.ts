import * as vscode from "vscode";
import { systemClock } from "../node/clock.ts";
import { addEndpoint } from "./addEndpoint.ts";
import { RunCatalog } from "./catalog.ts";
import { registerCommands, resumeRun } from "./commands.ts";
import { ContextValues } from "./contextKeys.ts";
import { countRuns } from "./countRuns.ts";
import { Datasets } from "./datasets.ts";
import { DemoModels } from "./demoModels.ts";
import { ActiveFileKind } from "./editors/activeFileKind.ts";
import { DatasetLenses } from "./editors/datasetLenses.ts";
import { Endpoints } from "./endpoints.ts";
import type { Features } from "./features.ts";
import { Imports } from "./imports.ts";
import { InspectedRuns } from "./inspector/inspectedRuns.ts";
import { CotCurves } from "./label/cotCurves.ts";
import { labelKeys } from "./label/labelKeys.ts";
import { Labels, labelsViewId } from "./label/labels.ts";
import { Inspecting } from "./inspector/inspecting.ts";
import { SharedTokenizers } from "./inspector/sharedTokenizers.ts";
import { TraceScoring } from "./inspector/traceScoring.ts";
import { LensLog } from "./log.ts";
import { CurvesPanels } from "./panels/curvesPanels.ts";
import { ModeShares } from "./modeShares.ts";
import { PanelRuns } from "./panels/panelRuns.ts";
import { PanelScores } from "./panels/panelScores.ts";
import { PanelVerdicts } from "./panels/panelVerdicts.ts";
import { QuickPassAtK } from "./quickPassAtK.ts";
import { Report } from "./report.ts";
import { Reverify } from "./reverify.ts";
import { RunActions } from "./runActions.ts";
import { RunData } from "./runData.ts";
import { RunRole } from "./runRole.ts";
import { rowOfRun } from "./runRows.ts";
import { Runs } from "./runs.ts";
import { RunScores } from "./scores/runScores.ts";
import { ScoreRuns } from "./scores/scoreRuns.ts";
import { ApiKeys } from "./secrets.ts";
import { Settings } from "./settings.ts";
import { StatusBar } from "./statusBar.ts";
import { Studies } from "./study/studies.ts";
import { tellStop } from "./tellStop.ts";
import { TryDemo } from "./tryDemo.ts";
import { Verdicts } from "./verdicts.ts";
import { HostVerifiers } from "./verifiers.ts";
import { EndpointsTree } from "./views/endpointsTree.ts";
import { RunsProgress } from "./views/runsProgress.ts";
import { RunsTree, type RunsNode } from "./views/runsTree.ts";

/** The runs of this window, to be ended in order when it goes. */
let atWork: Runs | null = null;
let atStudies: Studies | null = null;
/** Labels of this window: the last one is written before it goes. */
let atLabels: Labels | null = null;

/** The composition root: log, settings, secrets, files, store, endpoints, features. Nothing here reads a file. */
export function activate(context: vscode.ExtensionContext): void {
  const startedMs = performance.now();
  const log = new LensLog();
  context.subscriptions.push(log);
  const report = new Report({ log });
  try {
    const features = compose(context, log, report);
    atWork = features.runs;
    atStudies = features.studies;
    atLabels = features.labels;
    log.info(`Started in ${(performance.now() - startedMs).toFixed(1)} ms.`);
  } catch (error) {
    void report.failure(vscode.l10n.t("Rollout Lens did not start."), error);
  }
}

/** VS Code waits a few seconds: enough to close the logs of runs at work. */
export async function deactivate(): Promise<void> {
  await Promise.all([atWork?.stopAll(), atStudies?.stopAll(), atLabels?.close()]);
  atWork = null;
  atStudies = null;
  atLabels = null;
}

function compose(context: vscode.ExtensionContext, log: LensLog, report: Report): Features {
  const { extensionUri, subscriptions, workspaceState, globalState, secrets } = context;
  const keep = <T extends vscode.Disposable>(made: T): T => {
    subscriptions.push(made);
    return made;
  };
  const warn = (message: string): void =>
    void report.tell(message, { severity: "warning", cause: message, actions: [showSettings()] });
  const settings = keep(new Settings({ onIssue: ({ message }) => warn(message) }));
  const confirm = report.confirm.bind(report);
  const keys = keep(new ApiKeys({ secrets, workspaceState, confirm }));
  const files = async () => (await import("../node/fileStore.ts")).nodeFileStore;
  const dist = vscode.Uri.joinPath(extensionUri, "dist").fsPath;
  const verifiers = keep(
    new HostVerifiers({
      folder: dist,
      storage: context.globalStorageUri.fsPath,
      settings,
      report,
      log,
    }),
  );
  const verifier = (id?: string) => verifiers.get(id);
  const storage = vscode.Uri.joinPath(context.globalStorageUri, "runs").fsPath;
  const roots = () => [...workspaceRoots(settings), storage];
  const onIssue = (message: string): void => log.warn(message);
  const catalog = keep(new RunCatalog({ state: workspaceState, files, roots, onIssue }));
  const choices = () => verifiers.choices();
  const mayRun = (): boolean => vscode.workspace.isTrusted;
  const verdicts = new Verdicts({
    files,
    storage: (context.storageUri ?? context.globalStorageUri).fsPath,
    verifier,
    choices,
    mayRun,
    log,
  });
  const data = keep(new RunData({ files, verifier, verdicts }));
  const revive = async (name: string): Promise<void> => void (demo.isOurs(name) && (await demo.start()));
  const endpoints = keep(
    new Endpoints({ settings, keys, state: workspaceState, log, onIssue: warn, revive }),
  );
  const demo: DemoModels = keep(
    new DemoModels({
      folder: dist,
      log,
      offer: (offered) => endpoints.offer(offered),
      onLost: (message) => void report.tell(message),
    }),
  );
  const runs: Runs = keep(
    new Runs({
      catalog,
      data,
      files,
      verifier,
      log,
      clock: systemClock,
      random: Math.random,
      openGenerator: (plan) => endpoints.openFor(plan),
      onStopped: (stop) => tellStop(report, stop),
      mayRun,
    }),
  );
  const runActions = new RunActions({ catalog, runs, report });
  const datasets = new Datasets({ state: globalState, report });
  const resume = async (id: string): Promise<void> => {
    const entry = catalog.find(id);
    if (entry !== null) await resumeRun(features, entry);
  };
  const pickRuns = async (shown: readonly string[]): Promise<readonly string[]> => {
    const chosen = await runActions.pickSeveral(vscode.l10n.t("Add runs"), ({ id }) => !shown.includes(id));
    return chosen.map(({ id }) => id);
  };
  const reverify = keep(new Reverify({ catalog, runs, data, verdicts, choices, mayRun }));
  const shares = keep(new ModeShares({ data, verdicts, log }));
  const panelVerdicts = new PanelVerdicts({ reverify, shares, verdicts, choices, mayRun });
  const labelledRuns = async () => {
    const { LabelledRuns } = await import("./label/labelledRuns.ts");
    return new LabelledRuns({
      catalog,
      data,
      storage: (context.storageUri ?? context.globalStorageUri).fsPath,
    });
  };
  const cotCurves = keep(new CotCurves({ runs: labelledRuns, files, log }));
  const panelRuns = new PanelRuns({ catalog, runs, data, verdicts: panelVerdicts, cotCurves });
  const scoring = keep(
    new TraceScoring({
      endpoints,
      tokenizers: new SharedTokenizers({ endpoints, state: workspaceState, log }),
      state: workspaceState,
      files,
      folder: vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, "scores").fsPath,
      mayRun,
      log,
    }),
  );
  const scores = new RunScores({
    files,
    storage: (context.storageUri ?? context.globalStorageUri).fsPath,
    log,
  });
  const scoreRuns = keep(new ScoreRuns({ data, scores, scoring, files, mayRun }));
  const runRole = keep(new RunRole({ catalog, data, files }));
  const inspecting = keep(
    new Inspecting({
      extensionUri,
      settings,
      state: workspaceState,
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
  const curves = keep(
    new CurvesPanels({
      extensionUri,
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
      log,
      report,
      resume,
      setApiKey: async (id) =>
        void (await vscode.commands.executeCommand("rolloutLens.setApiKey", rowOfRun(id))),
      pickRuns,
      inspect: (address, scorer) => inspecting.inspectSample(address, scorer),
      label: async (entries, keys) =>
        void (await vscode.commands.executeCommand("rolloutLens.labelRuns", {
          runs: entries,
          problems: keys,
        })),
      state: workspaceState,
    }),
  );
  const runsRoot = (uri: vscode.Uri): string => workspaceRoots(settings, uri)[0] ?? storage;
  const quickPassAtK = new QuickPassAtK({
    settings,
    datasets,
    endpoints,
    catalog,
    runs,
    verifier,
    codeVerifier: () => verifiers.codeId,
    verifierChoices: choices,
    state: workspaceState,
    addEndpoint: () => addEndpoint({ endpoints, keys, settings, report }),
    runsRoot,
    showCurves: ([id]) => (id === undefined ? Promise.resolve() : curves.showBeside(id)),
  });
  const tryDemo = new TryDemo({
    extensionUri,
    demo,
    datasets,
    catalog,
    runs,
    mayRun,
    runsRoot: storage,
    showCurves: (ids) => curves.show(ids),
  });
  const labels = keep(
    new Labels({
      extensionUri,
      context: keep(new ContextValues()),
      keys: labelKeys(context.extension.packageJSON),
      state: workspaceState,
      files,
      clock: systemClock,
      log,
      runs: labelledRuns,
      onCounted: (ids) => cotCurves.touch(ids),
      inspector: {
        open: (address) => inspecting.inspectBeside(address),
        follow: (address) => inspecting.followBeside(address),
        close: () => inspecting.panels.closeBeside(),
      },
    }),
  );
  const studies = keep(
    new Studies({
      catalog,
      runs,
      datasets,
      files,
      endpoints,
      demo,
      settings,
      roots,
      verifier,
      mayRun,
      codeVerifier: () => verifiers.codeId,
      choices,
      clock: systemClock,
      random: Math.random,
      extensionUri,
    }),
  );
  const features: Features = {
    extensionUri,
    log,
    settings,
    keys,
    report,
    endpoints,
    datasets,
    catalog,
    data,
    runs,
    runActions,
    imports: new Imports({ catalog, data }),
    curves,
    quickPassAtK,
    tryDemo,
    reverify,
    inspecting,
    labels,
    state: globalState,
    scoreRuns,
    runRole,
    scores,
    demo,
    studies,
    files,
    runsRoot,
  };
  const runsView = registerViews(features, keep);
  subscriptions.push(...registerCommands(features, () => runsView.selection));
  registerEditors(features, keep);
  return features;
}

type Keep = <T extends vscode.Disposable>(made: T) => T;

function registerViews(
  { endpoints, catalog, runs, data, labels }: Features,
  keep: Keep,
): vscode.TreeView<RunsNode> {
  const endpointsTree = keep(new EndpointsTree(endpoints));
  const endpointRows = { treeDataProvider: endpointsTree, canSelectMany: true };
  keep(vscode.window.createTreeView("rolloutLens.endpoints", endpointRows));
  keep(vscode.window.registerWebviewViewProvider(labelsViewId, labels));
  const treeDataProvider = keep(new RunsTree({ catalog, runs }));
  const runsView = keep(
    vscode.window.createTreeView("rolloutLens.runs", {
      treeDataProvider,
      canSelectMany: true,
      showCollapseAll: true,
    }),
  );
  const count = async (): Promise<void> => {
    await catalog.load();
    await countRuns(catalog, data);
  };
  keep(runsView.onDidChangeVisibility(({ visible }) => visible && void count()));
  // Folders that come or go bring or take their runs.
  keep(vscode.workspace.onDidChangeWorkspaceFolders(() => void catalog.refresh().then(count)));
  if (runsView.visible) void count();
  keep(new StatusBar({ runs, catalog }));
  keep(new RunsProgress(runs));
  return runsView;
}

function registerEditors({ datasets, settings, quickPassAtK, endpoints, log }: Features, keep: Keep): void {
  const context = keep(new ContextValues());
  context.set("rolloutLens.active", true);
  keep(new ActiveFileKind({ datasets, context, log }));
  const onDidChange = [
    settings.onDidChange,
    endpoints.onDidChange,
    vscode.workspace.onDidGrantWorkspaceTrust,
  ];
  keep(new DatasetLenses({ datasets, settings, quickPassAtK, log, onDidChange }));
}

/** Run folders of the workspace's own folders, the one of `file` first. Runs need a disk: virtual folders have none. */
function workspaceRoots(settings: Settings, file?: vscode.Uri): readonly string[] {
  const own = file === undefined ? undefined : vscode.workspace.getWorkspaceFolder(file);
  const all = vscode.workspace.workspaceFolders ?? [];
  return [...new Set([...(own === undefined ? [] : [own]), ...all])]
    .filter(({ uri }) => uri.scheme === "file")
    .map(({ uri }) => vscode.Uri.joinPath(uri, settings.get("runsFolder", uri)).fsPath);
}

const showSettings = () => ({
  title: vscode.l10n.t("Show settings"),
  run: () => vscode.commands.executeCommand("workbench.action.openSettings", "rolloutLens"),
});

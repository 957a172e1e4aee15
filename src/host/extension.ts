import * as vscode from "vscode";
import { systemClock } from "../node/clock.ts";
import { addEndpoint } from "./addEndpoint.ts";
import { registerCommands, resumeRun } from "./commands.ts";
import { composePanels, type Panels } from "./compose/composePanels.ts";
import { composeSampling, type Sampling } from "./compose/composeSampling.ts";
import { composeStore, type Root, type Store } from "./compose/composeStore.ts";
import { ContextValues } from "./contextKeys.ts";
import { registerEditors } from "./editors/registerEditors.ts";
import type { Features } from "./features.ts";
import { Imports } from "./imports.ts";
import { labelKeys } from "./label/labelKeys.ts";
import { Labels } from "./label/labels.ts";
import { LensLog } from "./log.ts";
import { QuickPassAtK } from "./quickPassAtK.ts";
import { Report } from "./report.ts";
import { Studies } from "./study/studies.ts";
import { TryDemo } from "./tryDemo.ts";
import { registerViews } from "./views/registerViews.ts";

/** What this window has at work, to be ended in order when it goes: VS Code asks this module for that, and no object. */
let atWork: Pick<Features, "runs" | "studies" | "labels"> | null = null;

/** The composition root: log, settings, secrets, files, store, endpoints, features. Nothing here reads a file. */
export function activate(context: vscode.ExtensionContext): void {
  const startedMs = performance.now();
  const log = new LensLog();
  context.subscriptions.push(log);
  const report = new Report({ log });
  try {
    const keep: Root["keep"] = (made) => {
      context.subscriptions.push(made);
      return made;
    };
    atWork = compose({ context, log, report, keep });
    log.info(`Started in ${(performance.now() - startedMs).toFixed(1)} ms.`);
  } catch (error) {
    void report.failure(vscode.l10n.t("Rollout Lens did not start."), error);
  }
}

/** VS Code waits a few seconds: enough to close the logs of runs at work. */
export async function deactivate(): Promise<void> {
  // The last label is written, too.
  await Promise.all([atWork?.runs.stopAll(), atWork?.studies.stopAll(), atWork?.labels.close()]);
  atWork = null;
}

function compose(root: Root): Features {
  const { context, log, report, keep } = root;
  const store = composeStore(root);
  const sampling = composeSampling(root, store);
  const resume = async (id: string): Promise<void> => {
    const entry = store.catalog.find(id);
    if (entry !== null) await resumeRun(features, entry);
  };
  const parts: Parts = {
    ...root,
    store,
    sampling,
    panels: composePanels({ ...root, store, sampling, resume }),
  };
  const features: Features = {
    extensionUri: context.extensionUri,
    log,
    report,
    state: context.globalState,
    ...store,
    ...sampling,
    ...parts.panels,
    imports: new Imports({ catalog: store.catalog, data: store.data }),
    quickPassAtK: composeQuickPassAtK(parts),
    tryDemo: composeTryDemo(parts),
    labels: composeLabels(parts),
    studies: composeStudies(parts),
  };
  const runsView = registerViews(features, keep);
  context.subscriptions.push(...registerCommands(features, () => runsView.selection));
  registerEditors(features, keep);
  return features;
}

interface Parts extends Root {
  readonly store: Store;
  readonly sampling: Sampling;
  readonly panels: Panels;
}

function composeQuickPassAtK({ context, report, store, sampling, panels }: Parts): QuickPassAtK {
  const { settings, keys, datasets, catalog, verifier, codeVerifier, choices, runsRoot } = store;
  const { endpoints, runs } = sampling;
  return new QuickPassAtK({
    settings,
    datasets,
    endpoints,
    catalog,
    runs,
    verifier,
    codeVerifier,
    verifierChoices: choices,
    state: context.workspaceState,
    addEndpoint: () => addEndpoint({ endpoints, keys, settings, report }),
    runsRoot,
    showCurves: async ([id]) => (id === undefined ? undefined : panels.curves.showBeside(id)),
  });
}

function composeTryDemo({ context, store, sampling, panels }: Parts): TryDemo {
  const { datasets, catalog, mayRun, ownRuns } = store;
  const { demo, runs } = sampling;
  return new TryDemo({
    extensionUri: context.extensionUri,
    demo,
    datasets,
    catalog,
    runs,
    mayRun,
    runsRoot: ownRuns,
    showCurves: (ids) => panels.curves.show(ids),
  });
}

function composeLabels({ context, log, keep, store, panels }: Parts): Labels {
  const { labelledRuns, cotCurves, inspecting } = panels;
  return keep(
    new Labels({
      extensionUri: context.extensionUri,
      context: keep(new ContextValues()),
      keys: labelKeys(context.extension.packageJSON),
      state: context.workspaceState,
      files: store.files,
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
}

function composeStudies({ context, keep, store, sampling }: Parts): Studies {
  const { catalog, datasets, files, settings, roots, verifier, mayRun, codeVerifier, choices } = store;
  const { runs, endpoints, demo } = sampling;
  return keep(
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
      codeVerifier,
      choices,
      clock: systemClock,
      random: Math.random,
      extensionUri: context.extensionUri,
    }),
  );
}

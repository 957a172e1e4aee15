import assert from "node:assert/strict";
import { join } from "node:path";
import type * as vscode from "vscode";
import { RunCatalog } from "../../src/host/catalog.ts";
import { Datasets } from "../../src/host/datasets.ts";
import { DemoModels } from "../../src/host/demoModels.ts";
import { Endpoints } from "../../src/host/endpoints.ts";
import type { Features } from "../../src/host/features.ts";
import { LensLog } from "../../src/host/log.ts";
import { Report, type Question } from "../../src/host/report.ts";
import { RunData } from "../../src/host/runData.ts";
import { Runs } from "../../src/host/runs.ts";
import { RunScores } from "../../src/host/scores/runScores.ts";
import { ApiKeys } from "../../src/host/secrets.ts";
import { Settings } from "../../src/host/settings.ts";
import { Studies } from "../../src/host/study/studies.ts";
import { HostVerifiers } from "../../src/host/verifiers.ts";
import { RunsTree } from "../../src/host/views/runsTree.ts";
import { systemClock } from "../../src/node/clock.ts";
import { nodeFileStore } from "../../src/node/fileStore.ts";
import { FakeMemento, FakeSecrets, Uri, workspace } from "../fakes/vscode.ts";
import { root } from "../paths.ts";

const dist = join(root, "dist");

export interface StudyWindowOptions {
  /** Where its runs and studies lie. */
  readonly folder: string;
  /** What the person answers; a question that is not expected is a failure. */
  readonly confirm?: (question: Question) => boolean;
}

/** A window with the demo models, and what was shown in it. The caller closes it. */
export function openStudyWindow({ folder, confirm }: StudyWindowOptions) {
  const state = new FakeMemento() as unknown as vscode.Memento;
  const extensionUri = Uri.file(root) as unknown as vscode.Uri;
  const files = () => Promise.resolve(nodeFileStore);
  const settings = new Settings({ onIssue: ({ message }) => assert.fail(message) });
  const log = new LensLog();
  const report = new Report({ log });
  const keys = new ApiKeys({
    secrets: new FakeSecrets(),
    workspaceState: state,
    confirm: (question) =>
      Promise.resolve(confirm === undefined ? assert.fail(question.message) : confirm(question)),
  });
  const endpoints: Endpoints = new Endpoints({
    settings,
    keys,
    state,
    log,
    onIssue: assert.fail,
    revive: async (name) => void (demo.isOurs(name) && (await demo.start())),
  });
  const demo: DemoModels = new DemoModels({
    folder: dist,
    log,
    offer: (offered) => endpoints.offer(offered),
    onLost: assert.fail,
  });
  const verifiers = new HostVerifiers({ folder: dist, storage: folder, settings, report, log });
  const verifier = (id?: string) => verifiers.get(id);
  const none = () => Promise.resolve(null);
  const data = new RunData({ files, verifier, verdicts: { read: none, current: none } });
  const roots = () => [folder];
  const catalog = new RunCatalog({ state, files, roots, onIssue: assert.fail });
  const mayRun = () => workspace.isTrusted;
  const runs = new Runs({
    catalog,
    data,
    files,
    verifier,
    log,
    clock: systemClock,
    random: Math.random,
    mayRun,
    openGenerator: (plan) => endpoints.openFor(plan),
    onStopped: ({ reason }) => assert.fail(reason.message),
  });
  const datasets = new Datasets({ state, report });
  const studies = new Studies({
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
    extensionUri,
    codeVerifier: () => verifiers.codeId,
    choices: () => verifiers.choices(),
    clock: systemClock,
    random: Math.random,
  });
  const scores = new RunScores({ files, storage: folder, log });
  const shown: (readonly string[])[] = [];
  const curves = {
    show: (ids: readonly string[]) => Promise.resolve(void shown.push(ids)),
    inFront: () => [],
  };
  const runsRoot = () => folder;
  const parts = { catalog, data, datasets, demo, endpoints, extensionUri, files, log, report, runs };
  const features = { ...parts, runsRoot, scores, settings, studies, curves } as unknown as Features;
  const close = (): void => {
    demo.dispose();
    verifiers.dispose();
  };
  return { features, shown, catalog, studies, keys, tree: new RunsTree({ catalog, runs }), close };
}

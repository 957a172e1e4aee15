import * as vscode from "vscode";
import { RunCatalog } from "../catalog.ts";
import { Datasets } from "../datasets.ts";
import { KeptReadings } from "../keptReadings.ts";
import type { LensLog } from "../log.ts";
import { Comparisons } from "../panels/comparisons.ts";
import type { Report } from "../report.ts";
import { RunData } from "../runData.ts";
import { ApiKeys } from "../secrets.ts";
import { Settings } from "../settings.ts";
import { Verdicts } from "../verdicts.ts";
import { HostVerifiers } from "../verifiers.ts";

/** What the whole of a window's features are made with. */
export interface Root {
  readonly context: vscode.ExtensionContext;
  readonly log: LensLog;
  readonly report: Report;
  /** To be disposed when the window goes. */
  readonly keep: <T extends vscode.Disposable>(made: T) => T;
}

export type Store = ReturnType<typeof composeStore>;

/** Settings, keys, files, verifiers, and what is known of datasets and runs. Nothing here reads a file. */
export function composeStore({ context, log, report, keep }: Root) {
  const { workspaceState, globalState, secrets, globalStorageUri } = context;
  const warn = (message: string): void =>
    void report.tell(message, { severity: "warning", cause: message, actions: [showSettings()] });
  const settings = keep(new Settings({ onIssue: ({ message }) => warn(message) }));
  const confirm = report.confirm.bind(report);
  const keys = keep(new ApiKeys({ secrets, workspaceState, confirm }));
  const files = async () => (await import("../../node/fileStore.ts")).nodeFileStore;
  const dist = vscode.Uri.joinPath(context.extensionUri, "dist").fsPath;
  const verifiers = keep(
    new HostVerifiers({ folder: dist, storage: globalStorageUri.fsPath, settings, report, log }),
  );
  const verifier = (id?: string) => verifiers.get(id);
  const choices = () => verifiers.choices();
  const codeVerifier = (): string => verifiers.codeId;
  const mayRun = (): boolean => vscode.workspace.isTrusted;
  const ownRuns = vscode.Uri.joinPath(globalStorageUri, "runs").fsPath;
  const roots = () => [...workspaceRoots(settings), ownRuns];
  const runsRoot = (uri: vscode.Uri): string => workspaceRoots(settings, uri)[0] ?? ownRuns;
  const onIssue = (message: string): void => log.warn(message);
  const catalog = keep(new RunCatalog({ state: workspaceState, files, roots, onIssue }));
  const folder = context.storageUri ?? globalStorageUri;
  const verdicts = new Verdicts({ files, storage: folder.fsPath, verifier, choices, mayRun, log });
  const { readings, comparisons } = keptBetweenWindows({ context, log });
  const data = keep(new RunData({ files, verifier, verdicts, kept: readings }));
  const datasets = new Datasets({ state: globalState, report });
  return {
    settings,
    keys,
    files,
    dist,
    verifier,
    choices,
    codeVerifier,
    mayRun,
    /** Of runs without a workspace folder. */
    ownRuns,
    roots,
    /** Where runs of a dataset are kept, as a path. */
    runsRoot,
    catalog,
    /** Of this workspace: what can be made again. */
    folder,
    verdicts,
    data,
    comparisons,
    datasets,
    /** A thing that is wrong and is the person's to mend. */
    warn,
  };
}

/** Of all windows together. */
const mostKeptBytes = 512 * 1024 * 1024;

/** What can be made again of the runs, and is kept for later windows. */
function keptBetweenWindows({ context, log }: Pick<Root, "context" | "log">) {
  const folder = vscode.Uri.joinPath(context.globalStorageUri, "kept").fsPath;
  const files = async () => {
    const { KeptFiles } = await import("../../node/keptFiles.ts");
    return new KeptFiles({ folder, mostBytes: mostKeptBytes });
  };
  const { version } = context.extension.packageJSON as { readonly version: string };
  return {
    readings: new KeptReadings({ files, version, log }),
    comparisons: new Comparisons({ files, version }),
  };
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

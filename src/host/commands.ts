import * as vscode from "vscode";
import { LensError } from "../core/errors.ts";
import { addEndpoint, askKey } from "./addEndpoint.ts";
import type { RunCatalog } from "./catalog.ts";
import { countRuns } from "./countRuns.ts";
import type { Datasets } from "./datasets.ts";
import type { EndpointEntry, Endpoints } from "./endpoints.ts";
import { activeFile, askForFiles } from "./files.ts";
import type { Imports } from "./imports.ts";
import type { LensLog } from "./log.ts";
import type { CurvesPanels } from "./panels/curvesPanels.ts";
import type { QuickPassAtK } from "./quickPassAtK.ts";
import { codeOf, type Report, type ReportAction } from "./report.ts";
import type { RunActions } from "./runActions.ts";
import type { RunData } from "./runData.ts";
import type { RunEntry } from "./runEntry.ts";
import type { Runs } from "./runs.ts";
import type { ApiKeys } from "./secrets.ts";
import type { Settings } from "./settings.ts";

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
}

/** A command's arguments come from menus, keys, links and other extensions: they are looked at, not trusted. */
type Handler = (features: Features, args: readonly unknown[]) => Promise<unknown>;

/** Every command of the extension. package.json lists the same ones; a test compares the two. */
export const commands = {
  "rolloutLens.quickPassAtK": async (features, args) => {
    const uri = await datasetUri(args);
    if (uri !== null) await features.quickPassAtK.run(uri);
  },
  "rolloutLens.configurePassAtK": async (features, args) => {
    const uri = await datasetUri(args);
    if (uri !== null) await features.quickPassAtK.configure(uri);
  },
  "rolloutLens.sampleProblem": async (features, [uri, key]) => {
    if (uri instanceof vscode.Uri && typeof key === "string")
      await features.quickPassAtK.sampleProblem(uri, key);
  },
  "rolloutLens.chooseColumns": async (features, args) => {
    const uri = await datasetUri(args);
    if (uri !== null) await features.datasets.chooseColumns(uri);
  },
  "rolloutLens.openCurves": async (features, args) => {
    const runs = runsIn(args);
    const ids =
      runs.length > 0 ? runs.map(({ id }) => id) : await importFrom(features, await rolloutUris(args));
    if (ids.length > 0) await features.curves.show(ids);
  },
  "rolloutLens.compareRuns": async (features, args) => {
    const given = runsIn(args);
    const title = vscode.l10n.t("Compare runs");
    const runs = given.length > 1 ? given : await features.runActions.pickSeveral(title, () => true);
    if (runs.length > 0) await features.curves.show(runs.map(({ id }) => id));
  },
  "rolloutLens.openDataset": async () => {
    const [uri] = await askForFiles(vscode.l10n.t("Open a dataset"), false);
    if (uri === undefined) return;
    // A binary file has no text editor to put a button on: it is sampled from here.
    if (/\.(parquet|gz)$/i.test(uri.path))
      await vscode.commands.executeCommand("rolloutLens.configurePassAtK", uri);
    else await vscode.window.showTextDocument(uri);
  },
  "rolloutLens.importRollouts": async (features, args) => {
    const given = urisIn(args);
    const uris = given.length > 0 ? given : await askForFiles(vscode.l10n.t("Import rollouts"), true);
    const ids = await importFrom(features, uris);
    if (ids.length > 0) await features.curves.show(ids);
  },
  "rolloutLens.openSampleRun": async (features) => {
    const folder = vscode.Uri.joinPath(features.extensionUri, "media", "sample", "rollouts");
    const files = (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name).sort();
    const ids = await importFrom(
      features,
      files.map((name) => vscode.Uri.joinPath(folder, name)),
    );
    await features.curves.show(ids);
  },
  "rolloutLens.addEndpoint": (features) => addEndpoint(features),
  "rolloutLens.editEndpoints": async () => {
    await vscode.commands.executeCommand("workbench.action.openSettings", "rolloutLens.endpoints");
  },
  "rolloutLens.probeEndpoint": async (features, args) => {
    const entry = await endpointOf(features, args);
    if (entry !== null) await features.endpoints.probe(entry);
  },
  "rolloutLens.probeAllEndpoints": async ({ endpoints }) => {
    await Promise.all((await endpoints.list()).map((entry) => endpoints.probe(entry)));
  },
  "rolloutLens.setApiKey": async (features, args) => {
    const entry = await endpointOf(features, args);
    if (entry !== null && (await askKey(features.keys, entry.origin))) await features.endpoints.probe(entry);
  },
  "rolloutLens.clearApiKey": async (features, args) => {
    const entry = await endpointOf(features, args);
    if (entry !== null) await features.keys.clear(entry.origin);
  },
  "rolloutLens.pauseRun": async (features, args) => {
    const entry = await runOf(features, args, vscode.l10n.t("Pause"), ["running"]);
    if (entry !== null) await features.runs.pause(entry.id);
  },
  "rolloutLens.resumeRun": async (features, args) => {
    const entry = await runOf(features, args, vscode.l10n.t("Resume"), ["paused", "failed"]);
    if (entry !== null) await resumeRun(features, entry);
  },
  "rolloutLens.cancelRun": async (features, args) => {
    const entry = await runOf(features, args, vscode.l10n.t("Cancel"), ["running", "queued"]);
    if (entry !== null) await features.runs.cancel(entry.id);
  },
  "rolloutLens.showRun": async (features, [id]) => {
    if (typeof id === "string") await features.curves.show([id]);
  },
  "rolloutLens.refreshRuns": async ({ catalog, data }) => {
    await catalog.refresh();
    await countRuns(catalog, data);
  },
  "rolloutLens.exportRun": async (features, args) => {
    const entry = await runOf(features, args, vscode.l10n.t("Export samples"));
    if (entry !== null) await features.runActions.export(entry);
  },
  "rolloutLens.revealRun": async (features, args) => {
    const entry = await runOf(features, args, vscode.l10n.t("Reveal file"));
    if (entry !== null) await features.runActions.reveal(entry);
  },
  "rolloutLens.removeRun": async (features, args) => {
    for (const entry of runsIn(args)) await features.runActions.remove(entry);
  },
  "rolloutLens.deleteRun": async (features, args) => {
    const entry = await runOf(features, args, vscode.l10n.t("Delete run"));
    if (entry !== null) await features.runActions.delete(entry);
  },
  "rolloutLens.showLog": async ({ log }) => log.show(),
} as const satisfies Readonly<Record<string, Handler>>;

export type CommandId = keyof typeof commands;

/** Goes on with a run; what was said about its last stop may be said again. */
export async function resumeRun({ runs, report }: Features, entry: RunEntry): Promise<void> {
  report.forget(`${entry.id}:`);
  await runs.resume(entry);
}

/** Registers them all. A failure is told once, with what to do about it. */
export function registerCommands(features: Features, focused: () => RunEntry | null): vscode.Disposable[] {
  return Object.entries<Handler>(commands).map(([id, handler]) =>
    vscode.commands.registerCommand(id, async (...args: readonly unknown[]) => {
      try {
        // A key pressed in the Runs view brings no argument: the focused row is meant.
        const row = focused();
        const given =
          args.length === 0 && id === "rolloutLens.deleteRun" && row !== null ? [{ entry: row }] : args;
        return await handler(features, given);
      } catch (error) {
        void features.report.failure("", error, { actions: actionsFor(error) });
        return undefined;
      }
    }),
  );
}

function actionsFor(error: unknown): readonly ReportAction[] {
  const open = (title: string, command: CommandId): ReportAction => ({
    title,
    run: () => vscode.commands.executeCommand(command),
  });
  switch (codeOf(error) ?? "") {
    case "unauthorized":
      return [open(vscode.l10n.t("Set API key"), "rolloutLens.setApiKey")];
    case "noEndpoint":
      return [open(vscode.l10n.t("Add an endpoint"), "rolloutLens.addEndpoint")];
    case "otherModel":
    case "noApi":
    case "badTemplate":
    case "badPlan":
      return [open(vscode.l10n.t("Show settings"), "rolloutLens.editEndpoints")];
    case "untrusted":
      return [
        {
          title: vscode.l10n.t("Manage workspace trust"),
          run: () => vscode.commands.executeCommand("workbench.trust.manage"),
        },
      ];
    default:
      return [];
  }
}

async function importFrom(features: Features, uris: readonly vscode.Uri[]): Promise<readonly string[]> {
  return uris.length === 0 ? [] : features.imports.add(uris);
}

async function datasetUri(args: readonly unknown[]): Promise<vscode.Uri | null> {
  return (
    urisIn(args)[0] ??
    activeFile() ??
    (await askForFiles(vscode.l10n.t("Choose a dataset"), false))[0] ??
    null
  );
}

async function rolloutUris(args: readonly unknown[]): Promise<readonly vscode.Uri[]> {
  const given = urisIn(args);
  if (given.length > 0) return given;
  const active = activeFile();
  return active === null ? askForFiles(vscode.l10n.t("Open curves"), true) : [active];
}

/** The explorer gives the file under the mouse and the whole selection; the selection counts. */
function urisIn([first, selection]: readonly unknown[]): readonly vscode.Uri[] {
  const selected = Array.isArray(selection) ? selection.filter((uri) => uri instanceof vscode.Uri) : [];
  if (selected.length > 0) return selected;
  return first instanceof vscode.Uri ? [first] : [];
}

/** Runs of tree rows: the one that was clicked and, where several are selected, all of them. */
function runsIn([first, selection]: readonly unknown[]): readonly RunEntry[] {
  const rows: readonly unknown[] = Array.isArray(selection) && selection.length > 0 ? selection : [first];
  const found = rows.flatMap((row) => {
    if (typeof row !== "object" || row === null) return [];
    if ("entry" in row && isRunEntry(row.entry)) return [row.entry];
    return "runs" in row && Array.isArray(row.runs) ? row.runs.filter((run) => isRunEntry(run)) : [];
  });
  return [...new Map(found.map((entry) => [entry.id, entry])).values()];
}

const isRunEntry = (value: unknown): value is RunEntry =>
  typeof value === "object" && value !== null && "id" in value && "source" in value;

async function runOf(
  { catalog, runActions }: Features,
  args: readonly unknown[],
  title: string,
  states?: readonly RunEntry["state"][],
): Promise<RunEntry | null> {
  const [row] = runsIn(args);
  // The row may be older than the run's last step.
  if (row !== undefined) return catalog.find(row.id);
  return runActions.pick(title, ({ state }) => states?.includes(state) ?? true);
}

async function endpointOf({ endpoints }: Features, [row]: readonly unknown[]): Promise<EndpointEntry | null> {
  const list = await endpoints.list();
  if (typeof row === "object" && row !== null && "entry" in row) {
    const { config } = row.entry as EndpointEntry;
    return list.find((entry) => entry.config.name === config.name) ?? null;
  }
  if (list.length === 0) throw new LensError("noEndpoint", vscode.l10n.t("No endpoint yet."));
  if (list.length === 1) return list[0] ?? null;
  const items = list.map((entry) => ({ label: entry.config.name, description: entry.origin, entry }));
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Endpoint") }))?.entry ?? null;
}

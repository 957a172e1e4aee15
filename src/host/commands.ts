import * as vscode from "vscode";
import { addEndpoint, askKey } from "./addEndpoint.ts";
import {
  datasetUri,
  demoSizeIn,
  importFrom,
  judgedRuns,
  rolloutUris,
  runOf,
  urisIn,
} from "./commandTargets.ts";
import { countRuns } from "./countRuns.ts";
import { endpointOf } from "./endpointChoice.ts";
import type { EndpointEntry } from "./endpoints.ts";
import type { Features } from "./features.ts";
import { askForFiles } from "./files.ts";
import { inspectorCommands } from "./inspector/inspectorCommands.ts";
import { labelCommands } from "./label/labelCommands.ts";
import { codeOf, type ReportAction } from "./report.ts";
import { ownJudge } from "./reverify.ts";
import type { RunEntry } from "./runEntry.ts";
import { rowOfRun, runsIn } from "./runRows.ts";
import { studyCommands } from "./study/studyCommands.ts";
import type { RunsNode } from "./views/runsTree.ts";

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
  "rolloutLens.adaptivePassAtK": async (features, args) => {
    const uri = await datasetUri(args);
    if (uri !== null) await features.quickPassAtK.adaptive(uri);
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
  "rolloutLens.tryDemo": ({ tryDemo }, [size]) => tryDemo.run(demoSizeIn(size)),
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
    if (entry === null || !(await setKeyOf(features, entry))) return;
    const [run] = runsIn(args);
    if (run !== undefined) void offerResume(features, run.id);
  },
  "rolloutLens.clearApiKey": async (features, args) => {
    const entry = await endpointOf(features, args);
    if (entry === null) return;
    await features.keys.clear(entry.origin);
    await features.endpoints.probe(entry);
  },
  "rolloutLens.pauseRun": async (features, args) => {
    const entry = await runOf(features, args, vscode.l10n.t("Pause"), ["running"]);
    if (entry !== null) await features.runs.pause(entry.id);
  },
  "rolloutLens.resumeRun": async (features, args) => {
    const entry = await runOf(features, args, vscode.l10n.t("Resume"), ["paused", "cancelled", "failed"]);
    if (entry !== null) await resumeRun(features, entry);
  },
  "rolloutLens.cancelRun": async (features, args) => {
    const entry = await runOf(features, args, vscode.l10n.t("Cancel"), ["running", "queued", "paused"]);
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
  "rolloutLens.reverifyRun": async (features, args) => {
    const entries = await judgedRuns(features, args, vscode.l10n.t("Re-verify"));
    const title = vscode.l10n.t("Re-verify {0}", entries.map(({ name }) => name).join(", "));
    const judge = entries.length === 0 ? null : await features.reverify.askJudge(entries, title);
    if (judge === null) return;
    const before = entries.map(({ verdicts }) => verdicts ?? ownJudge);
    await features.reverify.judge(entries, judge);
    const [first] = entries;
    const [old = ownJudge] = before;
    // The same verifier once more: what it says is looked at beside the run's own verdicts.
    const compared = old === judge ? ownJudge : old;
    if (first === undefined || entries.length > 1 || compared === judge)
      await features.curves.show(entries.map(({ id }) => id));
    else await features.curves.showVerdicts(first.id, [compared, judge]);
  },
  "rolloutLens.compareVerdicts": async (features, args) => {
    const [entry] = await judgedRuns(features, args, vscode.l10n.t("Compare verdicts"));
    const judges = entry === undefined ? null : await features.reverify.askJudges(entry);
    if (entry !== undefined && judges !== null) await features.curves.showVerdicts(entry.id, judges);
  },
  "rolloutLens.revealRun": async (features, args) => {
    const entry = await runOf(features, args, vscode.l10n.t("Reveal file"));
    if (entry !== null) await features.runActions.reveal(entry);
  },
  "rolloutLens.scoreRun": async (features, args) => {
    const entries = await judgedRuns(features, args, vscode.l10n.t("Score under..."));
    if (entries.length === 0) return;
    await features.scoreRuns.score(entries);
    await features.curves.showTab(
      entries.map(({ id }) => id),
      "perplexity",
    );
  },
  "rolloutLens.setRunRole": async (features, args) => {
    const entry = await runOf(features, args, vscode.l10n.t("Set role and training step"));
    if (entry !== null) await features.runRole.ask(entry);
  },
  "rolloutLens.removeRun": async (features, args) => {
    const entries = runsIn(args);
    for (const entry of entries) await features.runActions.remove(entry);
    features.curves.drop(entries);
  },
  "rolloutLens.deleteRun": async (features, args) => {
    const several = runsIn(args).flatMap(({ id }) => features.catalog.find(id) ?? []);
    const one = several.length > 0 ? null : await runOf(features, [], vscode.l10n.t("Delete run"));
    features.curves.drop(await features.runActions.delete(one === null ? several : [one]));
  },
  ...inspectorCommands,
  ...labelCommands,
  ...studyCommands,
  "rolloutLens.showLog": async ({ log }) => log.show(),
} as const satisfies Readonly<Record<string, Handler>>;

export type CommandId = keyof typeof commands;

/** Goes on with a run; what was said about its last stop may be said again. */
export async function resumeRun({ runs, report }: Features, entry: RunEntry): Promise<void> {
  report.forget(`${entry.id}:`);
  await runs.resume(entry);
}

/** The key is there: a run that had stopped for want of it can go on. */
async function offerResume({ catalog, report }: Features, id: string): Promise<void> {
  const run = catalog.find(id);
  if (run?.state !== "failed") return;
  const resume = vscode.commands.executeCommand.bind(null, "rolloutLens.resumeRun", rowOfRun(id));
  await report.tell(vscode.l10n.t("The server took the key. {0} can go on.", run.name), {
    severity: "information",
    actions: [{ title: vscode.l10n.t("Resume"), run: resume }],
  });
}

/** Asks for an endpoint's key until its server takes one; `false` when the person left or the server did not answer. */
async function setKeyOf({ keys, endpoints, report }: Features, entry: EndpointEntry): Promise<boolean> {
  for (let refused = false; ; refused = true) {
    if (!(await askKey(keys, entry.origin, refused))) return false;
    const state = await endpoints.probe(entry);
    if (state.kind === "probed") return true;
    // A workspace's address may not have been sent the key: then nothing was refused.
    if (state.kind === "failed" && state.code === "unauthorized" && !entry.fromWorkspace) continue;
    if (state.kind === "failed") void report.tell(`${entry.config.name}: ${state.message}`);
    return false;
  }
}

/** Registers them all. A failure is told once, with what to do about it. */
export function registerCommands(
  features: Features,
  selected: () => readonly RunsNode[],
): vscode.Disposable[] {
  return Object.entries<Handler>(commands).map(([id, handler]) =>
    vscode.commands.registerCommand(id, async (...args: readonly unknown[]) => {
      try {
        // A key pressed in the Runs view brings no argument: the selected rows are meant.
        const isKey = args.length === 0 && id === "rolloutLens.deleteRun";
        return await handler(features, isKey ? [selected()[0], selected()] : args);
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

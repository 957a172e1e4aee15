import * as vscode from "vscode";
import { LensError } from "../../core/errors.ts";
import { studiesFolderName } from "../../core/study/listStudies.ts";
import { idOf, type StudyKind } from "../../core/study/spec.ts";
import { addEndpoint } from "../addEndpoint.ts";
import { urisIn } from "../commandTargets.ts";
import type { EndpointEntry } from "../endpoints.ts";
import { endpointsIn } from "../endpointChoice.ts";
import type { Features } from "../features.ts";
import { activeFile, askForFiles, baseName, datasetName, isDataFileName } from "../files.ts";
import { untrusted } from "../untrusted.ts";
import { configureStudy } from "./configureStudy.ts";
import { endOfStudy } from "./endOfStudy.ts";
import { specOf, type StudyChoice, usedModels } from "./studyChoice.ts";
import { demoDataset } from "./studyDataset.ts";
import { usualChoice, usualModels } from "./studyDefaults.ts";
import { studyTitle } from "./studyWords.ts";

/**
 * Asks for what is missing, shows all options, then does the study to its end. Rejects with `untrusted`, `oneModel` (the
 * kind compares two), and as `Studies.run`.
 */
export async function startStudy(
  features: Features,
  kind: StudyKind,
  args: readonly unknown[],
): Promise<void> {
  if (!vscode.workspace.isTrusted) throw untrusted();
  const choice = await usualOf(features, kind, args);
  if (choice === null) return;
  const { endpoints, demo } = features;
  const chosen = await configureStudy(choice, {
    endpoints: () => endpoints.list(),
    startDemo: async () => void (await demo.start()),
    verifiers: () => features.studies.verifierChoices(),
  });
  if (chosen === null) return;
  checkModels(chosen);
  const named = { ...chosen, name: await freeName(features, chosen.name) };
  const folder = folderOf(features.runsRoot(named.uri), named.name);
  await endOfStudy(features, await features.studies.run(folder, specOf(named, folder)));
}

async function usualOf(
  features: Features,
  kind: StudyKind,
  args: readonly unknown[],
): Promise<StudyChoice | null> {
  const uri = await datasetOf(features, args);
  const dataset = uri === null ? null : await features.datasets.open(uri);
  if (uri === null || dataset === null) return null;
  const models = await modelsOf(features, uri, args);
  if (models === null) return null;
  const name = await freeName(features, `${studyTitle(kind)}, ${datasetName(uri)}`);
  const suitable = await features.studies.suitableVerifier(dataset);
  const usual = features.settings.sampling(uri);
  return usualChoice({ kind, name, uri, dataset, models, usual, suitable });
}

/** The file that was clicked, the dataset in the editor, else one that the person chooses. */
async function datasetOf(features: Features, args: readonly unknown[]): Promise<vscode.Uri | null> {
  const [given] = urisIn(args);
  if (given !== undefined) return given;
  const active = activeFile();
  if (active !== null && (await isDataset(features, active))) return active;
  const demo = { label: vscode.l10n.t("$(beaker) The demo's problems"), description: "countdown.jsonl" };
  const file = { label: vscode.l10n.t("$(folder-opened) Choose a file ..."), description: "" };
  const chosen = await vscode.window.showQuickPick([demo, file], {
    title: vscode.l10n.t("Dataset of the study"),
    ignoreFocusOut: true,
  });
  if (chosen === demo) return demoDataset(features.extensionUri);
  return chosen === file ? ((await askForFiles(vscode.l10n.t("Choose a dataset"), false))[0] ?? null) : null;
}

async function isDataset({ datasets }: Features, uri: vscode.Uri): Promise<boolean> {
  return isDataFileName(baseName(uri)) && (await datasets.sniff(uri)).kind === "dataset";
}

/** Those that were selected, else the usual ones; `null` when the person left. */
async function modelsOf(
  features: Features,
  uri: vscode.Uri,
  args: readonly unknown[],
): Promise<readonly EndpointEntry[] | null> {
  const { endpoints, demo } = features;
  const selected = new Set(endpointsIn(args));
  if (selected.size > 0) return (await endpoints.list()).filter(({ config }) => selected.has(config.name));
  // The demo's problems are those that its models know; nobody else's are sampled for a click.
  if (uri.toString() === demoDataset(features.extensionUri).toString()) {
    const own = new Set((await demo.start()).map(({ name }) => name));
    return (await endpoints.list()).filter(({ config, offered }) => offered && own.has(config.name));
  }
  const usual = usualModels(await endpoints.list());
  if (usual.length > 0) return usual;
  const added = await addEndpoint(features);
  return added === null ? null : [added];
}

function checkModels(choice: StudyChoice): void {
  const least = choice.kind === "matchEntropy" ? 2 : 1;
  if (new Set(usedModels(choice)).size >= least) return;
  throw new LensError(
    "oneModel",
    vscode.l10n.t("Nothing was sampled: an entropy is matched between two models. Choose another one."),
  );
}

const folderOf = (root: string, name: string): string => `${root}/${studiesFolderName}/${idOf(name)}`;

/** The name, with a number where a study has it: a run's id is made of it. */
async function freeName({ studies }: Features, name: string): Promise<string> {
  const taken = new Set(
    (await studies.list()).map(({ folder }) => folder.slice(folder.lastIndexOf("/") + 1)),
  );
  if (!taken.has(idOf(name))) return name;
  for (let number = 2; ; number++) if (!taken.has(idOf(`${name} ${number}`))) return `${name} ${number}`;
}

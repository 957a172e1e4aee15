import * as vscode from "vscode";
import type { DatasetFile } from "../core/dataset/readDataset.ts";
import { LensError } from "../core/errors.ts";
import type { Problem, Protocol } from "../core/model.ts";
import type { CodeKind } from "../core/verify/code/codeQuestion.ts";
import { codeTemplateFor, codeTemplates } from "../core/run/codeTemplates.ts";
import { planRun, type RunPlan, type StopRule } from "../core/run/plan.ts";
import {
  customTemplate,
  promptTemplates,
  templateNamed,
  type PromptTemplate,
} from "../core/run/templates.ts";
import type { EndpointEntry, EndpointState } from "./endpoints.ts";
import { datasetName, withSource } from "./files.ts";
import { sha256 } from "../node/sha256.ts";
import type { SamplingSettings } from "./settings.ts";

/** Everything a person decides about a run, filled with defaults. */
export interface RunChoice extends SamplingSettings {
  readonly uri: vscode.Uri;
  readonly dataset: DatasetFile;
  /** Those of the dataset, or some of them. */
  readonly problems: readonly Problem[];
  readonly endpoint: EndpointEntry;
  readonly seed: number;
  /** The id of whoever judges the samples. */
  readonly verifier: string;
  /** Sample where it matters; `null`: the same number of samples of every problem. */
  readonly stopRule: StopRule | null;
}

export const defaultTemplate = "qwen-boxed";

/** The template's name or file as it will be used: chosen, else the endpoint's, else the default. */
export const templateOf = ({ template, endpoint }: RunChoice): string =>
  template !== "" ? template : (endpoint.config.template ?? defaultTemplate);

/**
 * For programs: the person's own template where it is a file or one for programs, else that of the benchmark. One for
 * answers (`qwen-boxed`), which is usual for the other datasets, would ask for no program.
 */
export function codeTemplateOf(kind: CodeKind, template: string, endpoint: EndpointEntry): string {
  const own = [template, endpoint.config.template ?? ""].find(
    (name) => name !== "" && (isForCode(name) || !promptTemplates.some(({ id }) => id === name)),
  );
  return own ?? codeTemplateFor(kind).id;
}

const isForCode = (name: string): boolean => codeTemplates.some(({ id }) => id === name);

/** @throws LensError `badTemplate`, or what reading the file throws */
export async function loadTemplate(name: string, near: vscode.Uri): Promise<PromptTemplate> {
  if (promptTemplates.some(({ id }) => id === name)) return templateNamed(name);
  const uri = fileNear(name, near);
  if (uri === null) return templateNamed(name);
  const bytes = await withSource(uri, async (source) => new Uint8Array(await source.slice(0)));
  return customTemplate(new TextDecoder().decode(bytes), sha256(bytes).slice(0, 12));
}

function fileNear(name: string, near: vscode.Uri): vscode.Uri | null {
  if (!/[./\\]/.test(name)) return null;
  if (/^([/\\]|[a-z]:[/\\])/i.test(name)) return vscode.Uri.file(name);
  const folder = vscode.workspace.getWorkspaceFolder(near) ?? vscode.workspace.workspaceFolders?.[0];
  return folder === undefined ? null : vscode.Uri.joinPath(folder.uri, name);
}

/**
 * Raw completions for base models, chat for the others, as far as the server has them; a setting wins.
 * @throws LensError `noApi` when the probe found neither
 */
export function apiOf({ config }: EndpointEntry, state: EndpointState): Protocol["api"] {
  if (config.api !== "auto") return config.api;
  const preferred = config.role === "base" ? "completions" : "chat";
  if (state.kind !== "probed") return preferred;
  const other = preferred === "chat" ? "completions" : "chat";
  const found = state.capabilities;
  if (found[preferred].state === "ok") return preferred;
  if (found[other].state === "ok") return other;
  if (found[preferred].state === "unknown") return preferred;
  const words = "{0} answers neither completions nor chat for the model {1} ({2}). Check the model's name.";
  throw new LensError("noApi", vscode.l10n.t(words, config.name, config.model, found[preferred].reason));
}

/** Fixes the run. `at` names it; two runs of one second differ by `nonce`. */
export function planOf(
  choice: RunChoice,
  facts: {
    readonly api: Protocol["api"];
    readonly template: PromptTemplate;
    readonly verifier: string;
    readonly name: string;
    readonly at: Date;
    readonly nonce: string;
  },
): RunPlan {
  const { endpoint, uri } = choice;
  const stamp = facts.at.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  const slug = `${datasetName(uri)}-${endpoint.config.name}`.replaceAll(/[^\w.-]+/g, "-").slice(0, 60);
  return planRun(
    {
      id: `${slug}-${stamp}-${facts.nonce}`,
      name: facts.name,
      role: endpoint.config.role,
      dataset: { name: datasetName(uri), path: uri.scheme === "file" ? uri.fsPath : uri.toString() },
      problems: choice.problems,
      samplesPerProblem: choice.samplesPerProblem,
      endpointName: endpoint.config.name,
      origin: endpoint.origin,
      model: endpoint.config.model,
      api: facts.api,
      template: facts.template,
      verifier: facts.verifier,
      temperature: choice.temperature,
      topP: choice.topP,
      maxTokens: choice.maxTokens,
      seed: choice.seed,
      ...(choice.stopRule === null ? {} : { stopRule: choice.stopRule }),
      ...(endpoint.config.stop === undefined ? {} : { stop: endpoint.config.stop }),
      ...(endpoint.config.extraBody === undefined ? {} : { extraBody: endpoint.config.extraBody }),
    },
    sha256,
  );
}

/** The endpoint's name, with what sets this run apart from the plain one. */
export function runName(choice: RunChoice, usual: SamplingSettings, taken: ReadonlySet<string>): string {
  const parts = [choice.endpoint.config.name];
  if (choice.temperature !== usual.temperature) parts.push(`T ${choice.temperature}`);
  if (choice.stopRule !== null) parts.push(vscode.l10n.t("where it matters"));
  const [only] = choice.problems;
  if (choice.problems.length === 1 && only !== undefined && choice.dataset.problems.length > 1)
    parts.push(`problem ${only.id}`);
  const name = parts.join(", ");
  if (!taken.has(name)) return name;
  for (let number = 2; ; number++) if (!taken.has(`${name} (${number})`)) return `${name} (${number})`;
}

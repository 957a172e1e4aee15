import { randomBytes } from "node:crypto";
import type * as vscode from "vscode";
import type { Verifier } from "../core/verify/verifier.ts";
import { askStopRule } from "./askStopRule.ts";
import type { RunCatalog } from "./catalog.ts";
import { configureRun } from "./configureRun.ts";
import type { Datasets } from "./datasets.ts";
import type { EndpointEntry, Endpoints } from "./endpoints.ts";
import { datasetName } from "./files.ts";
import { probedState } from "./probedState.ts";
import {
  apiOf,
  codeTemplateOf,
  loadTemplate,
  planOf,
  runName,
  templateOf,
  type RunChoice,
} from "./runChoice.ts";
import type { Runs } from "./runs.ts";
import type { Settings } from "./settings.ts";
import { distinct, suitableVerifier } from "./sampledProblems.ts";
import type { VerifierChoice } from "./verifierWords.ts";

const lastEndpointName = "rolloutLens.lastEndpoint";

export interface QuickPassAtKPorts {
  readonly settings: Settings;
  readonly datasets: Datasets;
  readonly endpoints: Endpoints;
  readonly catalog: RunCatalog;
  readonly runs: Runs;
  readonly state: vscode.Memento;
  /** By its id. Rejects where it cannot be had: then nothing is sampled. */
  readonly verifier: (id: string) => Promise<Verifier>;
  /** Of programming tasks. */
  readonly codeVerifier: () => string;
  readonly verifierChoices: () => Promise<readonly VerifierChoice[]>;
  /** Asks for a first endpoint; `null` when the person left. */
  readonly addEndpoint: () => Promise<EndpointEntry | null>;
  /** Where runs of this dataset are kept, as a path. */
  readonly runsRoot: (dataset: vscode.Uri) => string;
  readonly showCurves: (runIds: readonly string[]) => Promise<void>;
}

/** From an open dataset to samples that arrive: in one click with the defaults, or with options. */
export class QuickPassAtK {
  private readonly ports: QuickPassAtKPorts;

  constructor(ports: QuickPassAtKPorts) {
    this.ports = ports;
  }

  async run(uri: vscode.Uri): Promise<void> {
    const choice = await this.defaults(uri);
    if (choice !== null) await this.start(choice);
  }

  async configure(uri: vscode.Uri): Promise<void> {
    const choice = await this.defaults(uri);
    if (choice === null) return;
    const [endpoints, verifiers] = await Promise.all([
      this.ports.endpoints.list(),
      this.ports.verifierChoices(),
    ]);
    const chosen = await configureRun(choice, { endpoints, verifiers });
    if (chosen !== null) await this.start(chosen);
  }

  /** With a stop rule for the goal that the person picks, else with the defaults. */
  async adaptive(uri: vscode.Uri): Promise<void> {
    const choice = await this.defaults(uri);
    if (choice === null) return;
    const stopRule = await askStopRule({ r: 2 }, choice.samplesPerProblem);
    if (stopRule !== undefined) await this.start({ ...choice, stopRule });
  }

  /** All samples of one problem of the dataset. */
  async sampleProblem(uri: vscode.Uri, problemKey: string): Promise<void> {
    const choice = await this.defaults(uri);
    const problems = choice?.problems.filter(({ key }) => key === problemKey) ?? [];
    if (choice !== null && problems.length > 0)
      await this.start({ ...choice, problems: problems.slice(0, 1) });
  }

  /** The endpoint a click would use: the last one used here, else the first. `null`: there is none yet. */
  async usualEndpoint(): Promise<EndpointEntry | null> {
    const endpoints = await this.ports.endpoints.list();
    const last = this.ports.state.get<string>(lastEndpointName);
    return endpoints.find(({ config }) => config.name === last) ?? endpoints[0] ?? null;
  }

  private async defaults(uri: vscode.Uri): Promise<RunChoice | null> {
    const dataset = await this.ports.datasets.open(uri);
    if (dataset === null) return null;
    const endpoint = (await this.usualEndpoint()) ?? (await this.ports.addEndpoint());
    if (endpoint === null) return null;
    const sampling = this.ports.settings.sampling(uri);
    const { code } = dataset;
    const problems = distinct(dataset.problems);
    const template = code === null ? sampling.template : codeTemplateOf(code, sampling.template, endpoint);
    const verifier = code === null ? await suitableVerifier(problems) : this.ports.codeVerifier();
    return { ...sampling, template, uri, dataset, problems, endpoint, verifier, seed: 0, stopRule: null };
  }

  private async start(choice: RunChoice): Promise<void> {
    const { catalog, runs, settings, state, runsRoot } = this.ports;
    const [template, verifier, probed] = await Promise.all([
      loadTemplate(templateOf(choice), choice.uri),
      this.ports.verifier(choice.verifier),
      probedState(this.ports.endpoints, choice.endpoint),
    ]);
    await catalog.load();
    const taken = catalog.all().filter(({ dataset }) => dataset === datasetName(choice.uri));
    const plan = planOf(choice, {
      template,
      verifier: verifier.id,
      api: apiOf(choice.endpoint, probed),
      name: runName(choice, settings.sampling(choice.uri), new Set(taken.map(({ name }) => name))),
      at: new Date(),
      nonce: randomBytes(2).toString("hex"),
    });
    await runs.start(plan, `${runsRoot(choice.uri)}/${plan.id}`);
    await state.update(lastEndpointName, choice.endpoint.config.name);
    await this.ports.showCurves([plan.id]);
  }
}

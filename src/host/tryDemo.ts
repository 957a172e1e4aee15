import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { Problem } from "../core/model.ts";
import { count } from "../core/numberWords.ts";
import { planRun, type RunPlan } from "../core/run/plan.ts";
import { templateNamed } from "../core/run/templates.ts";
import { verifierId } from "../core/verify/verifierSpec.ts";
import { demoFacets } from "../demo/demoEndpoint.ts";
import { weightsHash } from "../demo/weightsHash.ts";
import type { EndpointConfig } from "../endpoints/config.ts";
import type { RunCatalog } from "./catalog.ts";
import type { Datasets } from "./datasets.ts";
import { demoMaxTokens, type DemoModels } from "./demoModels.ts";
import { datasetName } from "./files.ts";
import { sha256 } from "../node/sha256.ts";
import type { Runs } from "./runs.ts";
import { untrusted } from "./untrusted.ts";

export interface TryDemoPorts {
  readonly extensionUri: vscode.Uri;
  readonly demo: DemoModels;
  readonly datasets: Datasets;
  readonly catalog: RunCatalog;
  readonly runs: Runs;
  /** Folder for the runs, as a path. */
  readonly runsRoot: string;
  readonly showCurves: (runIds: readonly string[]) => Promise<void>;
  /** May samples be drawn here? */
  readonly mayRun: () => boolean;
}

export interface DemoSize {
  readonly problems: number;
  readonly samplesPerProblem: number;
}

interface Wanted {
  readonly plan: RunPlan;
  /** Of the ids of all runs of this model's weights. */
  readonly prefix: string;
}

/** Large enough for the crossing to be resolved, small enough for a minute on two cores. */
const usualDemoSize: DemoSize = { problems: 100, samplesPerProblem: 128 };

/** The paper's finding on the first screen: the base model and the last one trained by RL, sampled here, curves beside each other. */
export class TryDemo {
  private readonly ports: TryDemoPorts;

  constructor(ports: TryDemoPorts) {
    this.ports = ports;
  }

  /** Resolves when both runs are finished or were cancelled. Runs of an earlier time go on, or are shown as they are. */
  async run(size: DemoSize = usualDemoSize): Promise<void> {
    if (!this.ports.mayRun()) throw untrusted();
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t("Demo models"),
      cancellable: true,
    };
    await vscode.window.withProgress(options, (progress, token) => this.work(size, progress, token));
  }

  private async work(
    size: DemoSize,
    progress: vscode.Progress<{ message?: string; increment?: number }>,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const { demo, catalog, datasets, extensionUri, showCurves } = this.ports;
    progress.report({ message: vscode.l10n.t("starting ...") });
    const uri = vscode.Uri.joinPath(extensionUri, "media", "demo", "countdown.jsonl");
    const [models, dataset] = await Promise.all([demo.start(), datasets.open(uri), catalog.load()]);
    if (dataset === null || token.isCancellationRequested) return;
    const problems = dataset.problems.slice(0, size.problems);
    const pair = [models.find(({ role }) => role === "base"), models.findLast(({ role }) => role === "rl")];
    const plans = await Promise.all(
      pair.filter((config) => config !== undefined).map((config) => this.planOf(config, uri, problems, size)),
    );
    const ids = await Promise.all(plans.map((wanted) => this.begin(wanted)));
    await showCurves(ids);
    await this.follow(ids, progress, token);
  }

  private async planOf(
    config: EndpointConfig,
    uri: vscode.Uri,
    problems: readonly Problem[],
    { samplesPerProblem }: DemoSize,
  ): Promise<Wanted> {
    const { verifierFor } = await import("../core/verify/verifierFor.ts");
    const models = vscode.Uri.joinPath(this.ports.extensionUri, "media", "demo").fsPath;
    // Runs of other weights are other runs, whatever the model is called.
    const prefix = idPrefix(config, (await weightsHash(models, config.model)).slice(0, 8));
    const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
    const options = {
      id: `${prefix}${stamp}-${randomBytes(2).toString("hex")}`,
      name: config.name,
      role: config.role,
      dataset: { name: datasetName(uri), path: uri.fsPath },
      problems,
      samplesPerProblem,
      endpointName: config.name,
      origin: config.baseUrls[0] ?? "",
      model: config.model,
      api: "completions" as const,
      template: templateNamed("verbatim"),
      verifier: verifierId(verifierFor(problems)),
      temperature: 1,
      topP: 1,
      maxTokens: demoMaxTokens,
      seed: 0,
      metadata: demoFacets(config.model),
      ...(config.extraBody === undefined ? {} : { extraBody: config.extraBody }),
    };
    return { prefix, plan: planRun(options, sha256) };
  }

  /** @returns the id of the run that is at work now, or finished already */
  private async begin({ plan, prefix }: Wanted): Promise<string> {
    const { catalog, runs, runsRoot } = this.ports;
    const total = plan.problems.length * plan.samplesPerProblem;
    const earlier = catalog.all().find(({ id, total: size }) => id.startsWith(prefix) && size === total);
    if (earlier === undefined) await runs.start(plan, `${runsRoot}/${plan.id}`);
    else if (earlier.state !== "done" && earlier.state !== "running") await runs.resume(earlier);
    return earlier?.id ?? plan.id;
  }

  /** Shows how far the runs are until none is at work. Cancelling ends them; everything finished is kept. */
  private async follow(
    ids: readonly string[],
    progress: vscode.Progress<{ message?: string; increment?: number }>,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const { runs, catalog } = this.ports;
    const cancel = token.onCancellationRequested(() => void Promise.all(ids.map((id) => runs.cancel(id))));
    let shown = 0;
    const show = (): boolean => {
      const entries = ids.flatMap((id) => catalog.find(id) ?? []);
      const total = entries.reduce((sum, entry) => sum + entry.total, 0);
      const finished = entries.reduce(
        (sum, { id, finished: before }) => sum + (runs.progressOf(id)?.finished ?? before),
        0,
      );
      const share = total === 0 ? 0 : (100 * finished) / total;
      const message = vscode.l10n.t("{0} of {1} samples", count(finished), count(total));
      progress.report({ message, increment: Math.max(0, share - shown) });
      shown = Math.max(shown, share);
      return ids.some((id) => runs.isActive(id));
    };
    await new Promise<void>((done) => {
      const watch = runs.onDidProgress(() => !show() && end());
      const end = (): void => {
        watch.dispose();
        done();
      };
      if (!show()) end();
    });
    cancel.dispose();
  }
}

const idPrefix = ({ model }: EndpointConfig, hash: string): string =>
  `demo-${model.replaceAll(/[^\w.-]+/g, "-")}-${hash}-`;

import { resolve } from "node:path";
import * as vscode from "vscode";
import { LensError } from "../../core/errors.ts";
import type { DatasetFile } from "../../core/dataset/readDataset.ts";
import type { FileStore } from "../../core/ports.ts";
import type { PromptTemplate } from "../../core/run/templates.ts";
import type { ListedStudy } from "../../core/study/listStudies.ts";
import type { StudyPorts } from "../../core/study/runStudy.ts";
import type { StudySpec } from "../../core/study/spec.ts";
import type { StageWorkPorts, StudyDataset } from "../../core/study/stageWork.ts";
import type { StudyLog } from "../../core/study/studyLog.ts";
import { lentVerifier } from "../../core/verify/lentVerifier.ts";
import type { Verifier } from "../../core/verify/verifier.ts";
import type { RunCatalog } from "../catalog.ts";
import type { Datasets } from "../datasets.ts";
import { datasetName } from "../files.ts";
import { sha256 } from "../../node/sha256.ts";
import { loadTemplate } from "../runChoice.ts";
import type { Runs } from "../runs.ts";
import type { RunStop } from "../activeRun.ts";
import { distinct, suitableVerifier } from "../sampledProblems.ts";
import { untrusted } from "../untrusted.ts";
import type { VerifierChoice } from "../verifierWords.ts";
import { customVerifierId } from "./customVerifierId.ts";
import { findDataset } from "./studyDataset.ts";
import type { StudyEndpointsPorts } from "./studyEndpoints.ts";
import type { StudyProgress } from "./studyProgress.ts";

export interface StudiesPorts extends StudyEndpointsPorts {
  readonly catalog: RunCatalog;
  readonly runs: Runs;
  readonly datasets: Datasets;
  readonly files: () => Promise<FileStore>;
  /** By its id. */
  readonly verifier: (id: string) => Promise<Verifier>;
  /** Of programming tasks. */
  readonly codeVerifier: () => string;
  readonly choices: () => Promise<readonly VerifierChoice[]>;
  /** Folders that hold runs and studies. */
  readonly roots: () => readonly string[];
  readonly mayRun: () => boolean;
  readonly extensionUri: vscode.Uri;
}

/** How a study's work ended. */
export interface StudyEnd {
  readonly folder: string;
  readonly spec: StudySpec;
  readonly results: StudyLog["results"];
  /** `null`: finished. */
  readonly failure: unknown;
  /** What stopped the run that the study was at; `null`: it was something else. */
  readonly stop: RunStop | null;
}

interface ActiveStudy {
  readonly abort: AbortController;
  /** Settles when everything is written and its locks are free. */
  readonly ended: Promise<unknown>;
}

/** The studies at work in this window. Whatever ends one, everything finished is kept, and it goes on from there. */
export class Studies implements vscode.Disposable {
  private readonly ports: StudiesPorts;
  private readonly active = new Map<string, ActiveStudy>();

  constructor(ports: StudiesPorts) {
    this.ports = ports;
  }

  /** All studies below the roots, also those that cannot be read. */
  async list(): Promise<readonly ListedStudy[]> {
    const { listStudies } = await import("../../core/study/listStudies.ts");
    const files = await this.ports.files();
    const found: ListedStudy[] = [];
    for (const root of this.ports.roots()) found.push(...(await listStudies(root, files)));
    return found;
  }

  /** Id of the verifier that suits a dataset where nobody chose one. */
  async suitableVerifier({ code, problems }: Pick<DatasetFile, "code" | "problems">): Promise<string> {
    return code === null ? suitableVerifier(problems) : this.ports.codeVerifier();
  }

  verifierChoices(): Promise<readonly VerifierChoice[]> {
    return this.ports.choices();
  }

  isActive(folder: string): boolean {
    return this.active.has(folder);
  }

  /**
   * Begins the study in its folder, or goes on with it, until it is finished or stops. Rejects with `untrusted` and
   * `studyBusy`; every other end, also a cancelled one, is told in the value.
   */
  async run(folder: string, spec: StudySpec): Promise<StudyEnd> {
    if (!this.ports.mayRun()) throw untrusted();
    const { StudyProgress } = await import("./studyProgress.ts");
    if (this.active.has(folder))
      throw new LensError("studyBusy", vscode.l10n.t("The study {0} is at work already.", spec.name));
    const abort = new AbortController();
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: spec.name,
      cancellable: true,
    };
    const ended = vscode.window.withProgress(options, async (report, token) => {
      token.onCancellationRequested(() => abort.abort());
      const progress = new StudyProgress(spec, report);
      try {
        return await this.work({ folder, spec, progress, abort });
      } finally {
        progress.dispose();
      }
    });
    this.active.set(folder, { abort, ended: Promise.resolve(ended).catch(() => undefined) });
    try {
      return await ended;
    } finally {
      this.active.delete(folder);
    }
  }

  /** Before the window goes. */
  async stopAll(): Promise<void> {
    for (const { abort } of this.active.values()) abort.abort();
    await Promise.all([...this.active.values()].map(({ ended }) => ended));
  }

  dispose(): void {
    for (const { abort } of this.active.values()) abort.abort();
  }

  private async work(job: Job): Promise<StudyEnd> {
    const { folder, spec, abort } = job;
    const { openStudy } = await import("../../core/study/studyLog.ts");
    let stop: RunStop | null = null;
    const onStopped = (found: RunStop): void => void (stop = found);
    let log: StudyLog | null = null;
    try {
      log = await openStudy(folder, spec, { files: await this.ports.files(), owner });
      await this.workOn(log, { ...job, onStopped });
      return { folder, spec, results: log.results, failure: null, stop };
    } catch (failure) {
      // What a cancelled request rejects with says nothing more.
      const cause = abort.signal.aborted ? new LensError("cancelled", "Cancelled.") : failure;
      return { folder, spec, results: log?.results ?? [], failure: cause, stop };
    } finally {
      await log?.close();
      if (log !== null) await this.remember(log);
    }
  }

  private async workOn(log: StudyLog, job: WatchedJob): Promise<void> {
    const { folder, spec, abort, progress } = job;
    const [{ runStudy }, { stageWork }, { ScoreCache }, { StudyEndpoints }] = await Promise.all([
      import("../../core/study/runStudy.ts"),
      import("../../core/study/stageWork.ts"),
      import("../../core/trace/scoreCache.ts"),
      import("./studyEndpoints.ts"),
    ]);
    const files = await this.ports.files();
    const { dataset, uri } = await this.datasetOf(spec, folder);
    const templates = await templatesOf(spec, uri);
    await this.ports.catalog.load();
    const cache = await ScoreCache.open({ files, sha256, folder: `${folder}/scores.cache`, owner });
    try {
      const models = await StudyEndpoints.reach(log, cache, this.ports);
      const { clock, random } = this.ports;
      const ports: StageWorkPorts = {
        files,
        clock,
        random,
        sha256,
        owner,
        templateNamed: (name) => templates.get(name)!,
        openModel: (model, tokenIds) => models.open(model, tokenIds),
        openScorer: (model, example, signal) => models.openScorer(model, example, signal),
        // The window's own, which ends with it.
        openVerifier: async (id) => lentVerifier(await this.ports.verifier(id)),
        watchRun: (_, run) =>
          this.ports.runs.follow(run, { study: refOf(log, false), abort, onStopped: job.onStopped }),
        onSampling: (_, { finished, total }) => progress.within(finished, total, vscode.l10n.t("samples")),
        onScoring: (_, done, total) => progress.within(done, total, vscode.l10n.t("traces")),
      };
      const onStage: StudyPorts["onStage"] = (stage) => progress.begin(stage, log.results);
      await runStudy(log, { ...stageWork(log, dataset, ports), onStage }, abort.signal);
    } finally {
      await cache.close();
    }
  }

  private async datasetOf(
    spec: StudySpec,
    folder: string,
  ): Promise<{ readonly dataset: StudyDataset; readonly uri: vscode.Uri }> {
    const uri = await this.fileOf(spec, folder);
    const read = await this.ports.datasets.open(uri);
    if (read === null) throw new vscode.CancellationError();
    const problems = distinct(read.problems.slice(0, spec.problems ?? undefined));
    const suitable = await this.suitableVerifier({ code: read.code, problems });
    const verifier = await this.verifierOf(spec, folder, suitable);
    return { dataset: { name: datasetName(uri), path: uri.fsPath, problems, verifier }, uri };
  }

  /** That of its runs, else the chosen one. A command that is not there (any more) is said before anything is sampled. */
  private async verifierOf({ verifier }: StudySpec, folder: string, suitable: string): Promise<string> {
    const { verifierOfStudy } = await import("../../core/study/verifierOfStudy.ts");
    const customId = (text: string): Promise<string> => customVerifierId(text, this.ports.choices);
    const choice = { wanted: verifier, suitable, customId };
    const id = await verifierOfStudy(folder, choice, await this.ports.files());
    await this.ports.verifier(id);
    return id;
  }

  private async fileOf(spec: StudySpec, folder: string): Promise<vscode.Uri> {
    const uri = vscode.Uri.file(resolve(folder, spec.dataset));
    if (await exists(uri)) return uri;
    const found = await findDataset(spec.dataset, this.ports.extensionUri);
    if (found === null) throw new vscode.CancellationError();
    return found;
  }

  /** Its runs say whether there is something to go on with. */
  private async remember(log: StudyLog): Promise<void> {
    const { isFinished } = await import("../../core/study/listStudies.ts");
    const study = refOf(log, isFinished(log));
    for (const { id, study: known } of this.ports.catalog.all())
      if (known?.folder === study.folder) await this.ports.catalog.patch(id, { study });
  }
}

const owner = "VS Code";

interface Job {
  readonly folder: string;
  readonly spec: StudySpec;
  readonly progress: StudyProgress;
  readonly abort: AbortController;
}

interface WatchedJob extends Job {
  readonly onStopped: (stop: RunStop) => void;
}

const refOf = ({ folder, spec: { name } }: StudyLog, finished: boolean) => ({ folder, name, finished });

/** Read before the first sample, also the files among them. */
async function templatesOf(
  { sampling, plan }: StudySpec,
  near: vscode.Uri,
): Promise<ReadonlyMap<string, PromptTemplate>> {
  const names = [sampling.template, ...(plan.kind === "filterGuessable" ? [plan.template] : [])];
  return new Map(
    await Promise.all(names.map(async (name) => [name, await loadTemplate(name, near)] as const)),
  );
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

import { LensError } from "../errors.ts";
import type { Problem } from "../model.ts";
import type { CancelSignal } from "../ports.ts";
import type { RunEvent, RunProgress } from "../run/events.ts";
import { type PlanOptions, planRun, type StopRule } from "../run/plan.ts";
import { runPlan } from "../run/runner.ts";
import { createRun, type RunLog } from "../run/store.ts";
import type { OpenModel, StageWorkPorts, StudyDataset } from "./stageWork.ts";
import { type EntropyStage, modelNamed, type SampleStage } from "./stages.ts";
import { type StudyLog, studyRunFolder, studyRunId } from "./studyLog.ts";

/** What a stage wants sampled. */
export interface WantedRun {
  readonly name: string;
  readonly template: string;
  readonly problems: readonly Problem[];
  readonly samplesPerProblem: number;
  readonly seed: number;
  readonly stopRule?: StopRule | undefined;
}

interface StudyParts {
  readonly log: StudyLog;
  readonly dataset: StudyDataset;
  readonly ports: StageWorkPorts;
}

interface StageRunWish extends WantedRun {
  readonly stage: SampleStage | EntropyStage;
}

/**
 * Samples a stage's run in its folder, or goes on with it. Rejects with `cancelled`, `runStopped` (the endpoint or the
 * disk ended it), `samplesFailed`, and as `createRun`; what is finished is kept in every case.
 */
export async function sampleStageRun(
  parts: StudyParts,
  wish: StageRunWish,
  signal: CancelSignal,
): Promise<void> {
  const { ports, log } = parts;
  const { files, clock, owner, sha256 } = ports;
  // A model's own texts are scored by the tokens they were written in.
  const open = await ports.openModel(modelNamed(log.spec, wish.stage.model), wish.stage.kind === "entropy");
  try {
    const plan = planRun(planOf(parts, wish, open), sha256);
    const run = await createRun(studyRunFolder(log.folder, wish.stage.id), plan, { files, clock, owner });
    try {
      await sampleRun(run, { ports, open, stage: wish.stage }, signal);
    } finally {
      await run.close();
    }
  } finally {
    open.close();
  }
}

interface OpenRun {
  readonly ports: StageWorkPorts;
  readonly open: OpenModel;
  readonly stage: StageRunWish["stage"];
}

async function sampleRun(log: RunLog, { ports, open, stage }: OpenRun, signal: CancelSignal): Promise<void> {
  const { clock, random } = ports;
  const { generator, concurrency } = open;
  const verifier = await ports.openVerifier(log.plan.protocol.verifier);
  try {
    const watcher = await ports.watchRun?.(stage, log);
    const pause = watcher?.pause;
    const parts = {
      generator,
      verifier,
      log,
      clock,
      random,
      ...(concurrency === null ? {} : { concurrency }),
      ...(pause === undefined ? {} : { pause }),
    };
    try {
      for await (const event of runPlan(log.plan, parts, signal)) {
        await watcher?.handle(event);
        if (event.type === "progress") ports.onSampling?.(stage, event.progress);
        else throwAtBadEnd(event, stage);
      }
    } finally {
      await watcher?.ended();
    }
  } finally {
    await verifier.close();
  }
}

function throwAtBadEnd(event: RunEvent, { id }: StageRunWish["stage"]): void {
  if (event.type === "stopped") {
    const { code, message } = event.reason;
    throw new LensError(code === "cancelled" ? "cancelled" : "runStopped", message);
  }
  if (event.type === "done" && event.progress.failed > 0) throw failedSamples(id, event.progress);
}

function planOf({ log, dataset, ports }: StudyParts, wish: StageRunWish, open: OpenModel): PlanOptions {
  const { stage } = wish;
  const { topP, maxTokens } = log.spec.sampling;
  const { role, metadata } = modelNamed(log.spec, stage.model);
  return {
    id: studyRunId(log.spec, stage.id),
    name: wish.name === "" ? dataset.name : wish.name,
    role,
    metadata: stage.kind === "sample" ? stage.metadata : metadata,
    dataset: { name: dataset.name, path: dataset.path },
    problems: wish.problems,
    samplesPerProblem: wish.samplesPerProblem,
    endpointName: open.endpointName,
    origin: open.origin,
    model: open.model,
    api: open.api,
    template: ports.templateNamed(wish.template),
    verifier: dataset.verifier,
    temperature: stage.temperature,
    topP,
    maxTokens,
    seed: wish.seed,
    stopRule: wish.stopRule,
    ...(open.stop === undefined ? {} : { stop: open.stop }),
    ...(open.extraBody === undefined ? {} : { extraBody: open.extraBody }),
  };
}

function failedSamples(stage: string, { failed }: RunProgress): LensError {
  return new LensError(
    "samplesFailed",
    `${failed} samples of ${stage} failed. What is finished is kept; go on with the study to try them again.`,
  );
}

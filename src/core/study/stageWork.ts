import { LensError } from "../errors.ts";
import type { EntropyAt } from "../estimate/matchEntropy.ts";
import type { Problem } from "../model.ts";
import type { CancelSignal, Clock, FileStore, Random, Sha256 } from "../ports.ts";
import type { RunEvent, RunProgress } from "../run/events.ts";
import type { Generator } from "../run/generate.ts";
import type { PauseSwitch } from "../run/pause.ts";
import type { PlanOptions } from "../run/plan.ts";
import { readRun, type RunLog } from "../run/store.ts";
import type { PromptTemplate } from "../run/templates.ts";
import { pickTraces } from "../trace/pickTraces.ts";
import type { ScoreSetHead } from "../trace/scoreSet.ts";
import { openScoreSet, scoresFolderName } from "../trace/scoreSetFile.ts";
import { failsAlone, scoreTraces, type TraceTarget } from "../trace/scoreTraces.ts";
import type { ScoreRequest, TraceScorer } from "../trace/scorer.ts";
import { type EntropySums, entropySums, meanOfSums } from "../trace/temperedEntropy.ts";
import type { Verifier } from "../verify/verifier.ts";
import type { StudyPorts } from "./runStudy.ts";
import { writeGuessFiles } from "./guessFiles.ts";
import { sampleStageRun, type WantedRun } from "./sampleStageRun.ts";
import type { StudyModel } from "./spec.ts";
import { readStageRun, type StageTrace, tracesOf } from "./stageTraces.ts";
import {
  type EntropyStage,
  guessId,
  modelNamed,
  type SampleStage,
  type ScoreStage,
  type SolveCount,
} from "./stages.ts";
import { type StudyLog, studyRunFolder } from "./studyLog.ts";

/** A study's dataset, as its runs need it. */
export interface StudyDataset {
  readonly name: string;
  readonly path: string | null;
  readonly problems: readonly Problem[];
  /** Id of whoever judges its samples. */
  readonly verifier: string;
}

/** A model ready to write. The caller closes it. */
export interface OpenModel {
  readonly generator: Generator;
  readonly endpointName: string;
  readonly origin: string;
  readonly model: string;
  readonly api: "completions" | "chat";
  readonly extraBody: PlanOptions["extraBody"];
  readonly stop?: PlanOptions["stop"];
  /** Requests in flight; `null`: the usual number. */
  readonly concurrency: number | null;
  close(): void;
}

/** Follows one run of a study while it is sampled, for those who show it. */
export interface RunWatcher {
  /** While it is paused no new request starts. */
  readonly pause: PauseSwitch;
  handle(event: RunEvent): Promise<void>;
  /** After the last event; the run's log is closed. */
  ended(): Promise<void>;
}

/** A model ready to score. The caller closes it. */
export interface OpenStudyScorer {
  readonly scorer: TraceScorer;
  readonly head: ScoreSetHead["scorer"];
  /** Alternatives that it gives with a token, at most. */
  readonly top: number;
  /** It takes chats; one that does not is given the template's whole text. */
  readonly chat: boolean;
  close(): Promise<void>;
}

export interface StageWorkPorts {
  readonly files: FileStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly sha256: Sha256;
  /** Who holds the locks. */
  readonly owner: string;
  readonly templateNamed: (name: string) => PromptTemplate;
  /** `tokenIds`: they are wanted with each sample, where the server can give them. */
  openModel(model: StudyModel, tokenIds: boolean): Promise<OpenModel>;
  /** Rejects with `noScores` where the model's log-probs cannot be trusted. */
  openScorer(
    model: StudyModel,
    example: Pick<ScoreRequest, "context" | "text">,
    signal: CancelSignal,
  ): Promise<OpenStudyScorer>;
  openVerifier(id: string): Promise<Verifier & { close(): Promise<void> }>;
  readonly watchRun?: (stage: SampleStage | EntropyStage, log: RunLog) => Promise<RunWatcher>;
  readonly onSampling?: (stage: SampleStage | EntropyStage, progress: RunProgress) => void;
  readonly onScoring?: (stage: ScoreStage | EntropyStage, done: number, total: number) => void;
}

/** Does the stages of a study in its folder: a run folder each, score sets beside the runs. */
export function stageWork(log: StudyLog, dataset: StudyDataset, ports: StageWorkPorts): StudyPorts {
  const work = new StageWork(log, dataset, ports);
  return {
    sample: (stage, signal) => work.sample(stage, signal),
    measureEntropy: (stage, signal) => work.measureEntropy(stage, signal),
    score: (stage, signal) => work.score(stage, signal),
  };
}

/** Seeds of entropy measurements are no seeds of the runs that are compared. */
const entropySeeds = 1_000_000;
const scoresInFlight = 6;

class StageWork {
  readonly #log: StudyLog;
  readonly #dataset: StudyDataset;
  readonly #ports: StageWorkPorts;

  constructor(log: StudyLog, dataset: StudyDataset, ports: StageWorkPorts) {
    this.#log = log;
    this.#dataset = dataset;
    this.#ports = ports;
  }

  async sample(stage: SampleStage, signal: CancelSignal): ReturnType<StudyPorts["sample"]> {
    const dropped = new Set(stage.dropped);
    const problems = this.#dataset.problems.filter(({ key }) => !dropped.has(key));
    if (problems.length === 0)
      throw new LensError("noProblems", "Every problem was dropped: there is nothing left to sample.");
    const { samplesPerProblem, stopRule } = stage;
    const run = { problems, samplesPerProblem, stopRule, seed: this.#log.spec.sampling.seed };
    await this.#sampleRun(stage, { ...run, name: stage.name, template: stage.template }, signal);
    const { run: read } = await readStageRun(this.#folder(stage.id), this.#ports.files);
    const counts = read.tally.problems.map(({ problem, n, c }) => ({ key: problem.key, n, c }));
    await this.#writeGuesses(stage, counts);
    return { kind: "sample", id: stage.id, counts };
  }

  /** The texts are spread over the problems, as many of each: a few less than wanted, and never more. */
  async measureEntropy(stage: EntropyStage, signal: CancelSignal): ReturnType<StudyPorts["measureEntropy"]> {
    const { problems: all } = this.#dataset;
    const samplesPerProblem = Math.ceil(stage.samples / all.length);
    const taken = Math.floor(stage.samples / samplesPerProblem);
    const problems = Array.from({ length: taken }, (_, i) => all[(stage.firstSample + i) % all.length]!);
    const seed = this.#log.spec.sampling.seed + entropySeeds + stage.firstSample;
    const { template } = this.#log.spec.sampling;
    const name = `${stage.model}, entropy at T = ${stage.temperature}`;
    await this.#sampleRun(stage, { problems, samplesPerProblem, seed, name, template }, signal);
    const measured = await this.#entropyOf(stage, signal);
    return { kind: "entropy", id: stage.id, measured };
  }

  async score(stage: ScoreStage, signal: CancelSignal): ReturnType<StudyPorts["score"]> {
    const { scoring } = this.#log.spec;
    const traces = await tracesOf(this.#folder(stage.run), this.#ports.files);
    const chosen = pickTraces(traces, {
      correctOnly: scoring?.correctOnly ?? false,
      perProblem: scoring?.perProblem ?? null,
      seed: 0,
    });
    const [first] = chosen;
    if (first === undefined) return { kind: "score", id: stage.id, traces: 0, refused: 0, failure: null };
    try {
      const open = await this.#ports.openScorer(this.#model(stage.scorer), await first.read(false), signal);
      try {
        const targets = chosen.map((trace) => ({ ...trace, read: () => trace.read(open.chat) }));
        return await this.#scoreAll(stage, targets, { open, signal });
      } finally {
        await open.close();
      }
    } catch (error) {
      if (!(error instanceof LensError) || error.code !== "noScores") throw error;
      return { kind: "score", id: stage.id, traces: 0, refused: 0, failure: error.message };
    }
  }

  /** Before the stage is done: it is done again where a session ends between the two. */
  async #writeGuesses({ id }: SampleStage, counts: readonly SolveCount[]): Promise<void> {
    const { plan: filter } = this.#log.spec;
    if (id !== guessId || filter.kind !== "filterGuessable") return;
    const { problems } = this.#dataset;
    await writeGuessFiles(this.#log.folder, { problems, counts, filter }, this.#ports.files);
  }

  #model(name: string): StudyModel {
    return modelNamed(this.#log.spec, name);
  }

  #folder(stage: string): string {
    return studyRunFolder(this.#log.folder, stage);
  }

  #sampleRun(stage: SampleStage | EntropyStage, wanted: WantedRun, signal: CancelSignal): Promise<void> {
    const parts = { log: this.#log, dataset: this.#dataset, ports: this.#ports };
    return sampleStageRun(parts, { ...wanted, stage }, signal);
  }

  async #scoreAll(
    stage: ScoreStage,
    targets: readonly TraceTarget[],
    { open, signal }: { readonly open: OpenStudyScorer; readonly signal: CancelSignal },
  ): ReturnType<StudyPorts["score"]> {
    const folder = this.#folder(stage.run);
    const { header } = await readRun(folder, this.#ports.files);
    const head: ScoreSetHead = { scorer: open.head, prompt: header.plan.template.id, texts: "samples" };
    const log = await openScoreSet(`${folder}/${scoresFolderName}`, head, this.#ports.files);
    // A model's entropy is read from its own traces.
    const top = header.plan.model === open.head.model ? open.top : 0;
    const onProgress = (done: number, total: number): void => this.#ports.onScoring?.(stage, done, total);
    const options = { top, tooLong: "window", concurrency: scoresInFlight, signal, onProgress } as const;
    try {
      const { before, scored, refused } = await scoreTraces(targets, { scorer: open.scorer, log }, options);
      return { kind: "score", id: stage.id, traces: before + scored, refused, failure: null };
    } finally {
      await log.close();
    }
  }

  async #entropyOf(stage: EntropyStage, signal: CancelSignal): Promise<EntropyAt> {
    const traces = await tracesOf(this.#folder(stage.id), this.#ports.files);
    const [first] = traces;
    const noScores = new LensError("noScores", `${stage.model}: no token of its texts has an entropy.`);
    if (first === undefined) throw noScores;
    const open = await this.#ports.openScorer(this.#model(stage.model), await first.read(false), signal);
    try {
      const sums: EntropySums[] = [];
      const tell = (): void => this.#ports.onScoring?.(stage, sums.length, traces.length);
      for (let at = 0; at < traces.length; at += scoresInFlight, tell())
        sums.push(...(await this.#sumsOf(traces.slice(at, at + scoresInFlight), { stage, open, signal })));
      const mean = meanOfSums(stage.temperature, sums);
      const high = mean?.high ?? null;
      if (mean === null || high === null) throw noScores;
      return { ...mean, high };
    } finally {
      await open.close();
    }
  }

  async #sumsOf(traces: readonly StageTrace[], { stage, open, signal }: EntropyWork): Promise<EntropySums[]> {
    const scored = traces.map(async (trace) => {
      const request = { ...(await trace.read(open.chat)), top: open.top, tooLong: "window" } as const;
      try {
        return await open.scorer.score(request, signal);
      } catch (error) {
        if (failsAlone(error)) return null;
        throw error;
      }
    });
    const { temperature } = stage;
    return (await Promise.all(scored)).flatMap((trace) => {
      const vocabularySize = trace?.scorer.vocabularySize ?? largestVocabulary;
      return (trace === null ? null : entropySums(trace, { temperature, vocabularySize })) ?? [];
    });
  }
}

interface EntropyWork {
  readonly stage: EntropyStage;
  readonly open: OpenStudyScorer;
  readonly signal: CancelSignal;
}

/** More tokens than any model in use has: where a server does not say how many there are, the upper bound is for so many. */
const largestVocabulary = 300_000;

import { type EntropyAt, matchEntropy, type MatchPlan, type MatchStep } from "../estimate/matchEntropy.ts";
import type { StopRule } from "../run/plan.ts";
import { type EntropyMatch, type GuessFilter, idOf, type StudyModel, type StudySpec } from "./spec.ts";

/** One piece of a study's work. Its id is the same whenever the study is asked again: it names the folder of its run. */
export type Stage = SampleStage | EntropyStage | ScoreStage;

export interface SampleStage {
  readonly kind: "sample";
  readonly id: string;
  /** Of a study's model. */
  readonly model: string;
  /** What the run is called. */
  readonly name: string;
  readonly metadata: StudyModel["metadata"];
  readonly template: string;
  readonly temperature: number;
  readonly samplesPerProblem: number;
  readonly stopRule?: StopRule | undefined;
  /** Left out of the dataset, by key. */
  readonly dropped: readonly string[];
}

export interface EntropyStage {
  readonly kind: "entropy";
  readonly id: string;
  readonly model: string;
  readonly temperature: number;
  /** Texts. */
  readonly samples: number;
  /** Of the texts already measured: the seeds of these begin behind them. */
  readonly firstSample: number;
}

export interface ScoreStage {
  readonly kind: "score";
  readonly id: string;
  /** Stage whose run is scored. */
  readonly run: string;
  readonly scorer: string;
}

/** What a stage gave, as far as later stages or the report need it; all else lies in its run's folder. */
export type StageResult =
  | { readonly kind: "sample"; readonly id: string; readonly counts: readonly SolveCount[] }
  | { readonly kind: "entropy"; readonly id: string; readonly measured: EntropyAt }
  | {
      readonly kind: "score";
      readonly id: string;
      readonly traces: number;
      readonly refused: number;
      /** `null`: scored. Else why there is no perplexity, in words; the study goes on without. */
      readonly failure: string | null;
    };

/** Samples of a problem that count, and those that are right. */
export interface SolveCount {
  readonly key: string;
  readonly n: number;
  readonly c: number;
}

/** What was found on the way to the runs. */
export interface StudyFindings {
  /** A10: the search so far; `null` for other studies, and before the target is measured. */
  readonly match: { readonly plan: MatchPlan; readonly step: MatchStep } | null;
  /** A13: the problems dropped, with their accuracy; `null` for other studies, and before they are known. */
  readonly dropped: readonly SolveCount[] | null;
}

/** The stage to do next, of those that the results so far leave; `null`: the study is finished. */
export function nextStage(spec: StudySpec, results: readonly StageResult[]): Stage | null {
  const done = new Set(results.map(({ id }) => id));
  const searching = searchStage(spec, results);
  if (searching === "ended") return null;
  if (searching !== null) return searching;
  for (const stage of runStages(spec, results)) {
    if (!done.has(stage.id)) return stage;
    const score = scoreStage(spec, stage);
    if (score !== null && !done.has(score.id)) return score;
  }
  return null;
}

/** The runs that the report compares, as far as they are known. */
export function runStages(spec: StudySpec, results: readonly StageResult[]): readonly SampleStage[] {
  const { plan, sampling, models } = spec;
  if (plan.kind === "compareModels") return models.map((model) => sampleStage(spec, model));
  if (plan.kind === "temperatureSweep")
    return models.flatMap((model) =>
      plan.temperatures.map((temperature) => sampleStage(spec, model, { temperature, named: true })),
    );
  const { dropped, match } = findingsOf(spec, results);
  if (plan.kind === "filterGuessable")
    return dropped === null
      ? []
      : models.map((model) => sampleStage(spec, model, { dropped: dropped.map(({ key }) => key) }));
  if (match?.step.kind !== "matched") return [];
  const at = (name: string, temperature: number): SampleStage =>
    sampleStage(spec, modelNamed(spec, name), { temperature, named: true });
  return [at(plan.target, sampling.temperature), at(plan.model, asWritten(match.step.at.temperature))];
}

/** Those of them that were sampled to their end. */
export function finishedRuns(spec: StudySpec, results: readonly StageResult[]): readonly SampleStage[] {
  const done = new Set(results.map(({ id }) => id));
  return runStages(spec, results).filter(({ id }) => done.has(id));
}

/** Models that are still asked for something, as far as the results so far say. */
export function modelsLeft(spec: StudySpec, results: readonly StageResult[]): ReadonlySet<string> {
  const done = new Set(results.map(({ id }) => id));
  const runs = runStages(spec, results);
  if (runs.length === 0) return new Set(spec.models.map(({ name }) => name));
  return new Set(
    runs.flatMap((run) => {
      const score = scoreStage(spec, run);
      return [
        ...(done.has(run.id) ? [] : [run.model]),
        ...(score === null || done.has(score.id) ? [] : [score.scorer]),
      ];
    }),
  );
}

/** Stages of the whole study; `null` while a search may take any number of them. */
export function stageCount(spec: StudySpec, results: readonly StageResult[]): number | null {
  const { plan, models, scoring } = spec;
  const perRun = scoring === null ? 1 : 2;
  if (plan.kind === "compareModels") return models.length * perRun;
  if (plan.kind === "temperatureSweep") return models.length * plan.temperatures.length * perRun;
  if (plan.kind === "filterGuessable") return 1 + models.length * perRun;
  const searched = results.filter(({ kind }) => kind === "entropy").length;
  return findingsOf(spec, results).match?.step.kind === "matched" ? searched + 2 * perRun : null;
}

/** What the stages so far have found, for the next stage and for the report. */
export function findingsOf(spec: StudySpec, results: readonly StageResult[]): StudyFindings {
  const { plan } = spec;
  return {
    match: plan.kind === "matchEntropy" ? searchOf(spec, plan, results) : null,
    dropped: plan.kind === "filterGuessable" ? droppedOf(plan, results) : null,
  };
}

/** What comes before the runs; `ended`: it found nothing that runs could be built on. */
function searchStage(spec: StudySpec, results: readonly StageResult[]): Stage | "ended" | null {
  const { plan } = spec;
  if (plan.kind === "filterGuessable")
    return results.some(({ id }) => id === guessId) ? null : guessStage(spec, plan);
  if (plan.kind !== "matchEntropy") return null;
  const search = searchOf(spec, plan, results);
  const { temperature } = spec.sampling;
  // The error of the target is in every comparison with it: a third of all texts are its.
  if (search === null)
    return entropyStage(results, plan.target, { temperature, samples: Math.ceil(plan.budget / 3) });
  if (search.step.kind === "measure") return entropyStage(results, plan.model, search.step);
  return search.step.kind === "matched" ? null : "ended";
}

/** A model is not measured again at its own protocol's temperature for the sake of another: its entropy is the target. */
function searchOf(
  { sampling }: StudySpec,
  plan: EntropyMatch,
  results: readonly StageResult[],
): StudyFindings["match"] {
  const [target, ...others] = measurements(results);
  if (target === undefined) return null;
  const { tolerance, from, to, samplesEach } = plan;
  const match: MatchPlan = {
    target: (target.low + target.high) / 2,
    targetError: target.standardError,
    tolerance,
    from,
    to,
    samplesEach,
    start: Math.min(to, Math.max(from, sampling.temperature)),
    // The target's own texts are part of what was allowed.
    budget: plan.budget - target.samples,
  };
  return { plan: match, step: matchEntropy(match, others) };
}

const measurements = (results: readonly StageResult[]): readonly EntropyAt[] =>
  results.flatMap((result) => (result.kind === "entropy" ? [result.measured] : []));

function entropyStage(
  results: readonly StageResult[],
  model: string,
  { temperature, samples }: { readonly temperature: number; readonly samples: number },
): EntropyStage {
  const before = measurements(results);
  return {
    kind: "entropy",
    id: `entropy-${before.length + 1}`,
    model,
    temperature: asWritten(temperature),
    samples,
    firstSample: before.reduce((sum, at) => sum + at.samples, 0),
  };
}

/** Temperatures that are searched are those that a person reads, and could type. */
const asWritten = (temperature: number): number => Number(temperature.toFixed(4));

/** Stage in which a model answers without reasoning (A13). */
export const guessId = "direct-answers";

function guessStage(spec: StudySpec, { model, template, samplesPerProblem }: GuessFilter): SampleStage {
  const asked = sampleStage(spec, modelNamed(spec, model));
  // Its accuracies are what is asked for: it stops nowhere.
  const stopRule = undefined;
  return { ...asked, id: guessId, name: `${model}, direct answers`, template, samplesPerProblem, stopRule };
}

/** A13: sometimes right without reasoning, and too seldom for the model to know the answer. */
export const isGuessable = ({ above, below }: GuessFilter, { n, c }: SolveCount): boolean =>
  n > 0 && c / n > above && c / n < below;

function droppedOf(filter: GuessFilter, results: readonly StageResult[]): readonly SolveCount[] | null {
  const found = results.find(({ id }) => id === guessId);
  return found?.kind === "sample" ? found.counts.filter((count) => isGuessable(filter, count)) : null;
}

function sampleStage(
  { sampling }: StudySpec,
  { name, metadata }: StudyModel,
  {
    temperature = sampling.temperature,
    named = false,
    dropped = [],
  }: { readonly temperature?: number; readonly named?: boolean; readonly dropped?: readonly string[] } = {},
): SampleStage {
  const label = asWritten(temperature);
  return {
    kind: "sample",
    id: named ? `${idOf(name)}-T${label}` : idOf(name),
    model: name,
    name: named ? `${name}, T = ${label}` : name,
    metadata: named ? { ...metadata, temperature: label } : metadata,
    template: sampling.template,
    temperature,
    samplesPerProblem: sampling.samplesPerProblem,
    ...(sampling.stop === undefined ? {} : { stopRule: sampling.stop }),
    dropped,
  };
}

function scoreStage({ scoring }: StudySpec, { id }: SampleStage): ScoreStage | null {
  return scoring === null
    ? null
    : { kind: "score", id: `${id}-under-${idOf(scoring.scorer)}`, run: id, scorer: scoring.scorer };
}

/** Throws for a name that `decodeStudy` would have refused: a bug of ours. */
export function modelNamed({ models }: StudySpec, name: string): StudyModel {
  const found = models.find((model) => model.name === name);
  if (found === undefined) throw new Error(`the study has no model ${name}`);
  return found;
}

import { LensError } from "../errors.ts";
import type { RolloutOptions } from "../dataset/readRollouts.ts";
import type { StoppedReading } from "../dataset/stoppedTally.ts";
import { type RandomTail, type StopPlan, tailCoin } from "../estimate/adaptive/stopPlan.ts";
import type { Problem, Protocol, Role } from "../model.ts";
import type { Sha256 } from "../ports.ts";
import type { PromptTemplate } from "./templates.ts";

/** Everything a run is: stored in `run.json`, and the same on every resume. */
export interface RunPlan {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly dataset: DatasetRef;
  /** Facets of the run, e.g. `{ step: 300, algorithm: "GRPO" }`. */
  readonly metadata: Readonly<Record<string, string | number>>;
  /** Distinct by key, in the dataset's order. */
  readonly problems: readonly Problem[];
  readonly samplesPerProblem: number;
  /** Ends a problem before that; absent: `samplesPerProblem` of every problem. */
  readonly stopRule?: StopRule | undefined;
  readonly protocol: Protocol;
  /** The template's texts, so that a run can be repeated where the template's file is gone. */
  readonly template: PromptTemplate;
  readonly endpointName: string;
  /** Scheme, host and port; never a path, key or query. */
  readonly origin: string;
  readonly model: string;
}

/** A stop plan without its nMax, which is `samplesPerProblem`. */
export type StopRule = Omit<StopPlan, "nMax">;

/**
 * Random continuation where nobody says otherwise, to go with r = 2: what is unsolved after 0.3 n goes on with probability
 * 0.4. On the Game of 24 that takes 49 % of the samples and widens the interval of pass@n by 22 %, that of pass@1 by 27 %;
 * r = 1 with n/4 and 0.6 costs as much and widens them by 18 and 91 %.
 */
export const usualTail = (samplesPerProblem: number): RandomTail => ({
  n0: Math.max(1, Math.round(0.3 * samplesPerProblem)),
  probability: 0.4,
});

/**
 * Of each problem, for the other run of dSE (its pass@1) beside so many of the base: with as many as the base's the interval
 * would be 1 % (Game of 24) to 4 % (demo models) narrower. pass@1's error lies between problems; 8 are enough up to 128.
 */
export const samplesForPassAt1 = (ofBase: number): number =>
  Math.min(ofBase, Math.max(8, Math.round(ofBase / 16)));

/** How each problem of a run ends; `null`: with `samplesPerProblem` samples. */
export function stopPlanOf({
  stopRule,
  samplesPerProblem,
}: Pick<RunPlan, "stopRule" | "samplesPerProblem">): StopPlan | null {
  return stopRule === undefined ? null : { ...stopRule, nMax: samplesPerProblem };
}

/** How the samples of a run folder are to be read. */
export function readingOf(
  plan: Pick<RunPlan, "stopRule" | "samplesPerProblem" | "protocol">,
  problems: readonly Problem[],
): Pick<RolloutOptions, "problems" | "grader" | "stopped"> {
  const stopped = stoppedReadingOf(plan, problems);
  return { problems, grader: plan.protocol.verifier, ...(stopped === null ? {} : { stopped }) };
}

/** The same with the coins of its random tail, for reading the run: one coin a problem, from the run's seed. */
export function stoppedReadingOf(
  plan: Pick<RunPlan, "stopRule" | "samplesPerProblem" | "protocol">,
  problems: readonly Problem[],
): StoppedReading | null {
  const stopPlan = stopPlanOf(plan);
  if (stopPlan === null) return null;
  const { tail } = stopPlan;
  if (!tail) return { plan: stopPlan, heads: () => true };
  const places = new Map(problems.map(({ key }, index) => [key, index]));
  return {
    plan: stopPlan,
    heads: (key) => tailCoin(tail, plan.protocol.seed, places.get(key) ?? 0),
  };
}

export interface DatasetRef {
  readonly name: string;
  /** Where it was read from; a hint, as files move. */
  readonly path: string | null;
}

const protocolDefaults = { temperature: 0.6, topP: 0.95, maxTokens: 16_384, seed: 0 } as const;

export interface PlanOptions {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly dataset: DatasetRef;
  readonly problems: readonly Problem[];
  readonly samplesPerProblem: number;
  readonly endpointName: string;
  /** Any URL of the endpoint: only its origin is kept. */
  readonly origin: string;
  readonly model: string;
  readonly api: Protocol["api"];
  readonly template: PromptTemplate;
  /** `Verifier.id`. */
  readonly verifier: string;
  readonly metadata?: RunPlan["metadata"];
  /** Chat only; `null` for none, default: the template's. */
  readonly system?: string | null;
  /** Default: the template's. */
  readonly stop?: readonly string[];
  readonly temperature?: number;
  readonly topP?: number;
  readonly maxTokens?: number;
  readonly seed?: number;
  readonly extraBody?: Readonly<Record<string, unknown>>;
  readonly stopRule?: StopRule | undefined;
}

/** Fixes a run before its first request. Throws `badPlan` with the field that is wrong. */
export function planRun(options: PlanOptions, sha256: Sha256): RunPlan {
  const problems = distinctByKey(options.problems);
  const protocol: Protocol = {
    template: options.template.id,
    api: options.api,
    system: options.api === "chat" ? systemOf(options) : null,
    stop: options.stop ?? stopOf(options),
    temperature: options.temperature ?? protocolDefaults.temperature,
    topP: options.topP ?? protocolDefaults.topP,
    maxTokens: options.maxTokens ?? protocolDefaults.maxTokens,
    seed: options.seed ?? protocolDefaults.seed,
    verifier: options.verifier,
    datasetHash: datasetHash(problems, sha256),
    extraBody: options.extraBody ?? {},
  };
  checkPlan(protocol, problems.length, options.samplesPerProblem);
  if (options.stopRule !== undefined) checkStopRule(options.stopRule, options.samplesPerProblem);
  return {
    id: options.id,
    name: options.name,
    role: options.role,
    dataset: options.dataset,
    metadata: options.metadata ?? {},
    problems,
    samplesPerProblem: options.samplesPerProblem,
    ...(options.stopRule === undefined ? {} : { stopRule: options.stopRule }),
    protocol,
    template: options.template,
    endpointName: options.endpointName,
    origin: originOf(options.origin),
    model: options.model,
  };
}

const stopOf = ({ api, template }: PlanOptions): readonly string[] =>
  (api === "chat" ? template.chatStop : undefined) ?? template.stop;

function systemOf({ system, template }: PlanOptions): string | null {
  return system === undefined ? template.system : system;
}

/** sha256 over key and gold of every problem in order, hex: equal for two runs of the same problems. */
export function datasetHash(problems: readonly Problem[], sha256: Sha256): string {
  const text = problems.map((problem) => JSON.stringify([problem.key, problem.gold])).join("\n");
  return sha256(new TextEncoder().encode(text));
}

/** A question that stands twice in a dataset is one problem: samples are identified by key and index. */
function distinctByKey(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Map<string, Problem>();
  for (const problem of problems) if (!seen.has(problem.key)) seen.set(problem.key, problem);
  return [...seen.values()];
}

function checkPlan(protocol: Protocol, problemCount: number, samplesPerProblem: number): void {
  const rules: readonly (readonly [boolean, string])[] = [
    [problemCount > 0, "problems: expected at least one"],
    [
      isCount(samplesPerProblem),
      `samples per problem: expected a whole number from 1, got ${samplesPerProblem}`,
    ],
    [isCount(protocol.maxTokens), `max tokens: expected a whole number from 1, got ${protocol.maxTokens}`],
    [protocol.temperature >= 0, `temperature: expected 0 or more, got ${protocol.temperature}`],
    [protocol.topP > 0 && protocol.topP <= 1, `top-p: expected above 0 and up to 1, got ${protocol.topP}`],
    [Number.isSafeInteger(protocol.seed), `seed: expected a whole number, got ${protocol.seed}`],
  ];
  const broken = rules.find(([holds]) => !holds);
  if (broken !== undefined) throw new LensError("badPlan", broken[1]);
}

function checkStopRule({ r, tail }: StopRule, samplesPerProblem: number): void {
  const rules: readonly (readonly [boolean, string])[] = [
    [isCount(r), `stop after: expected a whole number from 1, got ${r}`],
    [!tail || isCount(tail.n0), `look at: expected a whole number from 1, got ${tail?.n0}`],
    [
      !tail || tail.n0 < samplesPerProblem,
      `look at: expected fewer than the ${samplesPerProblem} samples per problem, got ${tail?.n0}`,
    ],
    [
      !tail || (tail.probability > 0 && tail.probability <= 1),
      `continue unsolved: expected above 0 and up to 1, got ${tail?.probability}`,
    ],
  ];
  const broken = rules.find(([holds]) => !holds);
  if (broken !== undefined) throw new LensError("badPlan", broken[1]);
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 1;

/** Scheme, host and port of a URL, read without a URL class: core has none. */
export function originOf(url: string): string {
  const match = /^(https?):\/\/(?:[^/@?#]*@)?([^/?#@]+)/i.exec(url);
  if (match === null) throw new LensError("badPlan", "endpoint URL: expected http://... or https://...");
  return `${match[1]!.toLowerCase()}://${match[2]!.toLowerCase()}`;
}

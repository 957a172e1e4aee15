import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { LensError } from "../core/errors.ts";
import type { CancelSignal, FileStore } from "../core/ports.ts";
import type { StudyModel, StudySpec } from "../core/study/spec.ts";
import type { OpenModel, OpenStudyScorer } from "../core/study/stageWork.ts";
import { ScoreCache } from "../core/trace/scoreCache.ts";
import type { ScoreRequest } from "../core/trace/scorer.ts";
import { demoFilesNear } from "../demo/demoFiles.ts";
import { demoVocabularySize } from "../demo/demoVocabulary.ts";
import { type RunningDemoServer, startDemoServer } from "../demo/startDemoServer.ts";
import { weightsHash } from "../demo/weightsHash.ts";
import { type EndpointConfig, originOf, parseEndpointConfig } from "../endpoints/config.ts";
import { openEndpoint } from "../endpoints/endpoint.ts";
import { openScorer } from "../endpoints/score/openScorer.ts";
import { probeScoring } from "../endpoints/score/probeScoring.ts";
import type { ScoringAbility } from "../endpoints/score/scoringAbility.ts";
import { systemClock } from "../node/clock.ts";
import { keyFrom } from "./samplePlan.ts";

/** One model of a study, reached. */
interface Reached {
  readonly config: EndpointConfig;
  readonly apiKey: string | null;
  /** Whose scores its are: the origin, or the demo model's weights. */
  readonly identity: string;
}

/** Alternatives that servers give with a token when they are not told otherwise. */
const usualTop = 20;
/** A vocabulary so small is asked for whole: entropies are exact then. */
const wholeVocabulary = 256;
/** As many as the demo models are sampled at a time. */
const demoConcurrency = 128;

/**
 * The models of a study file as endpoints. An `endpoint` is an object with the fields of `rolloutLens.endpoints` (and
 * `keyEnv`, the environment variable with its key), or `demo:NAME`, for which the demo models are started. Throws
 * `badEndpointConfig`, `usage`, `badStudy`.
 */
export async function reachModels(
  spec: StudySpec,
  cacheFolder: string,
  files: FileStore,
): Promise<StudyModels> {
  const wantsDemo = spec.models.some(({ endpoint }) => typeof endpoint === "string");
  const near = demoFilesNear(dirname(fileURLToPath(import.meta.url)));
  const demo = wantsDemo ? await startDemoServer({ files: near, onLost: () => undefined }) : null;
  try {
    const reached = new Map<string, Reached>();
    for (const [at, model] of spec.models.entries())
      reached.set(
        model.name,
        demo !== null && typeof model.endpoint === "string"
          ? await demoModel(model, demo, near.models)
          : configured(model, `models[${at}].endpoint`),
      );
    const cache = await ScoreCache.open({ files, sha256, folder: cacheFolder, owner: "command line" });
    return new StudyModels(reached, demo, cache);
  } catch (error) {
    await demo?.close();
    throw error;
  }
}

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

async function demoModel(
  { name, role, endpoint }: StudyModel,
  { url, token, models }: RunningDemoServer,
  folder: string,
): Promise<Reached> {
  const model = String(endpoint).replace(/^demo:/, "");
  if (!models.includes(model) || model === endpoint)
    throw new LensError(
      "badStudy",
      `${name}: endpoint: expected an object, or demo:NAME with one of ${models.join(", ")}, got ${JSON.stringify(endpoint)}.`,
    );
  const config: EndpointConfig = {
    name,
    role,
    baseUrls: [url],
    model,
    api: "completions",
    maxConcurrency: demoConcurrency,
    vocabularySize: demoVocabularySize,
  };
  return { config, apiKey: token, identity: `demo:${await weightsHash(folder, model)}` };
}

function configured({ name, role, endpoint }: StudyModel, where: string): Reached {
  const { keyEnv, ...fields } = endpoint as Record<string, unknown>;
  const config = parseEndpointConfig({ name, role, ...fields }, where);
  const apiKey = keyFrom(typeof keyEnv === "string" ? keyEnv : undefined);
  return { config, apiKey, identity: originOf(config) };
}

/** The models while a study runs. */
export class StudyModels {
  readonly #reached: ReadonlyMap<string, Reached>;
  readonly #demo: RunningDemoServer | null;
  readonly #cache: ScoreCache;

  constructor(reached: ReadonlyMap<string, Reached>, demo: RunningDemoServer | null, cache: ScoreCache) {
    this.#reached = reached;
    this.#demo = demo;
    this.#cache = cache;
  }

  async open({ name }: StudyModel, tokenIds: boolean): Promise<OpenModel> {
    const { config, apiKey } = this.#find(name);
    const endpoint = openEndpoint(config, { apiKey, tokenIds });
    return {
      generator: endpoint,
      endpointName: config.name,
      origin: endpoint.origin,
      model: config.model,
      api: config.api === "chat" ? "chat" : "completions",
      extraBody: config.extraBody,
      concurrency: config.maxConcurrency ?? null,
      close: () => endpoint.close(),
    };
  }

  async openScorer(
    { name }: StudyModel,
    example: Pick<ScoreRequest, "context" | "text">,
    signal: CancelSignal,
  ): Promise<OpenStudyScorer> {
    const { config, apiKey, identity } = this.#find(name);
    const { vocabularySize = Infinity } = config;
    const top = vocabularySize <= wholeVocabulary ? vocabularySize : usualTop;
    const ability = await this.#probe(config, { apiKey, top, example, signal });
    const scorer = openScorer(config, ability, { apiKey, clock: systemClock, random: Math.random });
    const source = { source: identity, model: config.model, method: ability.method };
    return {
      scorer: this.#cache.over(scorer, source),
      head: { name, ...source },
      top: ability.top,
      close: async () => scorer.close(),
    };
  }

  async close(): Promise<void> {
    await this.#cache.close();
    await this.#demo?.close();
  }

  #find(name: string): Reached {
    const found = this.#reached.get(name);
    if (found === undefined) throw new Error(`the study has no model ${name}`);
    return found;
  }

  async #probe(
    config: EndpointConfig,
    { apiKey, top, example, signal }: ProbeWishes,
  ): Promise<ScoringAbility & { readonly state: "ok" }> {
    const prompt = example.context.api === "completions" ? example.context.prompt : "";
    const ability = await probeScoring(
      config,
      { apiKey, top, slow: false, example: { prompt, text: example.text.slice(0, exampleLength) } },
      signal,
    );
    if (ability.state === "ok") return ability;
    if (ability.state === "unknown")
      throw new LensError("runStopped", `${config.name} was not reached: ${ability.reason}.`);
    throw new LensError("noScores", `No log-probs from ${config.name}: ${ability.reason}. ${ability.advice}`);
  }
}

const exampleLength = 400;

interface ProbeWishes {
  readonly apiKey: string | null;
  readonly top: number;
  readonly example: Pick<ScoreRequest, "context" | "text">;
  readonly signal: CancelSignal;
}

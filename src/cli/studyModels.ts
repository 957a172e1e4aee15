import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { LensError } from "../core/errors.ts";
import type { CancelSignal, FileStore } from "../core/ports.ts";
import type { StudyModel, StudySpec } from "../core/study/spec.ts";
import type { OpenModel, OpenStudyScorer } from "../core/study/stageWork.ts";
import { ScoreCache } from "../core/trace/scoreCache.ts";
import type { ScoreRequest } from "../core/trace/scorer.ts";
import { demoEndpoint } from "../demo/demoEndpoint.ts";
import { demoFilesNear } from "../demo/demoFiles.ts";
import { type RunningDemoServer, startDemoServer } from "../demo/startDemoServer.ts";
import { weightsHash } from "../demo/weightsHash.ts";
import { originOf, parseEndpointConfig } from "../endpoints/config.ts";
import { openStudyModel, openStudyScorer, type ReachedModel } from "../endpoints/studyModel.ts";
import { systemClock } from "../node/clock.ts";
import { sha256 } from "../node/sha256.ts";
import { type KeyConsents, studyKey } from "./studyKeys.ts";

/**
 * The models of a study file as endpoints. An `endpoint` is an object with the fields of `rolloutLens.endpoints` (and
 * `keyEnv`, the environment variable with its key, which goes where `consents` say), or `demo:NAME`, for which the demo
 * models are started. Throws `badEndpointConfig`, `usage`, `badStudy`.
 */
export async function reachModels(
  spec: StudySpec,
  { cacheFolder, files, consents }: ReachParts,
): Promise<StudyModels> {
  const wantsDemo = spec.models.some(({ endpoint }) => typeof endpoint === "string");
  const near = demoFilesNear(dirname(fileURLToPath(import.meta.url)));
  const demo = wantsDemo ? await startDemoServer({ files: near, onLost: () => undefined }) : null;
  try {
    const reached = new Map<string, ReachedModel>();
    for (const [at, model] of spec.models.entries())
      reached.set(
        model.name,
        demo !== null && typeof model.endpoint === "string"
          ? await demoModel(model, demo, near.models)
          : configured(model, { where: `models[${at}].endpoint`, consents }),
      );
    const cache = await ScoreCache.open({ files, sha256, folder: cacheFolder, owner: "command line" });
    return new StudyModels(reached, demo, cache);
  } catch (error) {
    await demo?.close();
    throw error;
  }
}

interface ReachParts {
  readonly cacheFolder: string;
  readonly files: FileStore;
  readonly consents: KeyConsents;
}

async function demoModel(
  { name, role, endpoint }: StudyModel,
  { url, token, models }: RunningDemoServer,
  folder: string,
): Promise<ReachedModel> {
  const model = String(endpoint).replace(/^demo:/, "");
  if (!models.includes(model) || model === endpoint)
    throw new LensError(
      "badStudy",
      `${name}: endpoint: expected an object, or demo:NAME with one of ${models.join(", ")}, got ${JSON.stringify(endpoint)}.`,
    );
  const config = { name, role, ...demoEndpoint(model, url) };
  return { config, apiKey: token, api: config.api, identity: `demo:${await weightsHash(folder, model)}` };
}

function configured(
  model: StudyModel,
  place: { readonly where: string; readonly consents: KeyConsents },
): ReachedModel {
  const { name, role, endpoint } = model;
  const { keyEnv: _, ...fields } = endpoint as Record<string, unknown>;
  const config = parseEndpointConfig({ name, role, ...fields }, place.where);
  const apiKey = studyKey(model, config, place);
  const api = config.api === "chat" ? "chat" : "completions";
  return { config, apiKey, api, identity: originOf(config) };
}

/** The models while a study runs. */
class StudyModels {
  readonly #reached: ReadonlyMap<string, ReachedModel>;
  readonly #demo: RunningDemoServer | null;
  readonly #cache: ScoreCache;

  constructor(reached: ReadonlyMap<string, ReachedModel>, demo: RunningDemoServer | null, cache: ScoreCache) {
    this.#reached = reached;
    this.#demo = demo;
    this.#cache = cache;
  }

  open({ name }: StudyModel, tokenIds: boolean): Promise<OpenModel> {
    return Promise.resolve(openStudyModel(this.#find(name), tokenIds));
  }

  openScorer(
    { name }: StudyModel,
    example: Pick<ScoreRequest, "context" | "text">,
    signal: CancelSignal,
  ): Promise<OpenStudyScorer> {
    const parts = { cache: this.#cache, clock: systemClock, random: Math.random };
    return openStudyScorer(this.#find(name), parts, example, signal);
  }

  async close(): Promise<void> {
    await this.#cache.close();
    await this.#demo?.close();
  }

  #find(name: string): ReachedModel {
    const found = this.#reached.get(name);
    if (found === undefined) throw new Error(`the study has no model ${name}`);
    return found;
  }
}

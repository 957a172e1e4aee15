import type { CancelSignal, Clock, Random } from "../../core/ports.ts";
import { LensError } from "../../core/errors.ts";
import type { StudyModel } from "../../core/study/spec.ts";
import { modelsLeft } from "../../core/study/stages.ts";
import type { OpenModel, OpenStudyScorer } from "../../core/study/stageWork.ts";
import type { StoredStudy } from "../../core/study/studyLog.ts";
import type { ScoreCache } from "../../core/trace/scoreCache.ts";
import type { ScoreRequest } from "../../core/trace/scorer.ts";
import { parseEndpointConfig } from "../../endpoints/config.ts";
import { openStudyModel, openStudyScorer, type ReachedModel } from "../../endpoints/studyModel.ts";
import { demoName, type DemoModels } from "../demoModels.ts";
import type { EndpointEntry, Endpoints } from "../endpoints.ts";
import { probedState } from "../probedState.ts";
import { apiOf } from "../runChoice.ts";
import type { Settings } from "../settings.ts";

export interface StudyEndpointsPorts {
  readonly endpoints: Endpoints;
  readonly demo: DemoModels;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly random: Random;
}

interface Reached {
  readonly entry: EndpointEntry;
  readonly model: ReachedModel;
}

/** The models of a study as this window reaches them: by its settings and keys, or its demo models. */
export class StudyEndpoints {
  readonly #ports: StudyEndpointsPorts;
  readonly #reached: ReadonlyMap<string, Reached>;
  readonly #cache: ScoreCache;

  private constructor(ports: StudyEndpointsPorts, reached: ReadonlyMap<string, Reached>, cache: ScoreCache) {
    this.#ports = ports;
    this.#reached = reached;
    this.#cache = cache;
  }

  /**
   * Those that the study still needs: one that is done with may be gone. Rejects with `noEndpoint`, `badEndpointConfig`,
   * `noDemoModels`, or why an endpoint did not answer its probe.
   */
  static async reach(
    { spec, results }: StoredStudy,
    cache: ScoreCache,
    ports: StudyEndpointsPorts,
  ): Promise<StudyEndpoints> {
    const left = modelsLeft(spec, results);
    const reached = new Map<string, Reached>();
    for (const [at, model] of spec.models.entries())
      if (left.has(model.name))
        reached.set(model.name, await reach(model, `study.json: models[${at}].endpoint`, ports));
    return new StudyEndpoints(ports, reached, cache);
  }

  async open({ name }: StudyModel, tokenIds: boolean): Promise<OpenModel> {
    const { entry, model } = this.#find(name);
    return openStudyModel(model, tokenIds || (await this.#ports.endpoints.asksForIds(entry)));
  }

  openScorer(
    { name }: StudyModel,
    example: Pick<ScoreRequest, "context" | "text">,
    signal: CancelSignal,
  ): Promise<OpenStudyScorer> {
    const { clock, random } = this.#ports;
    return openStudyScorer(this.#find(name).model, { cache: this.#cache, clock, random }, example, signal);
  }

  #find(name: string): Reached {
    const found = this.#reached.get(name);
    if (found === undefined) throw new Error(`the study has no model ${name}`);
    return found;
  }
}

async function reach(model: StudyModel, where: string, ports: StudyEndpointsPorts): Promise<Reached> {
  const { endpoints, settings } = ports;
  const found = await entryOf(model, where, ports);
  const state = await probedState(endpoints, found);
  const entry = { ...found, state };
  const apiKey = await endpoints.keyOf(entry);
  const { extraBody, ...own } = entry.config;
  const config = {
    ...own,
    // The study says how long the demo models may write, here as on the command line.
    ...(entry.offered || extraBody === undefined ? {} : { extraBody }),
    maxConcurrency: own.maxConcurrency ?? settings.get("concurrency"),
  };
  return { entry, model: { config, apiKey, api: apiOf(entry, state), identity: entry.identity } };
}

/** An endpoint of a study is `demo:NAME`, a name of the settings, or the fields of one as the command line takes them. */
async function entryOf(
  { name, role, endpoint }: StudyModel,
  where: string,
  { endpoints, demo }: StudyEndpointsPorts,
): Promise<EndpointEntry> {
  if (typeof endpoint !== "string") {
    // The environment variable of a key is the command line's: here keys are in the secret storage.
    const { keyEnv: _, ...fields } = endpoint as Record<string, unknown>;
    return endpoints.unlisted(parseEndpointConfig({ name, role, ...fields }, where));
  }
  const demoModel = /^demo:(.+)$/.exec(endpoint)?.[1];
  if (demoModel === undefined) return endpoints.ofPlan({ endpointName: endpoint });
  const known = await demo.start();
  const config = known.find(({ model }) => model === demoModel);
  const entry = config === undefined ? null : await endpoints.named(demoName(demoModel));
  if (entry?.offered === true) return entry;
  const words = `${name}: endpoint: expected demo:NAME with one of ${known.map(({ model }) => model).join(", ")}, got ${JSON.stringify(endpoint)}.`;
  throw new LensError("badStudy", words);
}

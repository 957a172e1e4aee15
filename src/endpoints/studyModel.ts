import { LensError } from "../core/errors.ts";
import type { Protocol } from "../core/model.ts";
import type { CancelSignal, Clock, Random } from "../core/ports.ts";
import type { OpenModel, OpenStudyScorer } from "../core/study/stageWork.ts";
import type { ScoreCache } from "../core/trace/scoreCache.ts";
import type { ScoreRequest } from "../core/trace/scorer.ts";
import type { EndpointConfig } from "./config.ts";
import { type ApiKey, openEndpoint } from "./endpoint.ts";
import { openScorer } from "./score/openScorer.ts";
import { probeScoring } from "./score/probeScoring.ts";
import type { ScoringAbility } from "./score/scoringAbility.ts";

/** One model of a study, reached. */
export interface ReachedModel {
  readonly config: EndpointConfig;
  readonly apiKey: ApiKey;
  /** By which its texts are sampled. */
  readonly api: Protocol["api"];
  /** Whose scores its are: the origin, or the demo model's weights. */
  readonly identity: string;
}

/** Alternatives that servers give with a token when they are not told otherwise. */
const usualTop = 20;
/** A vocabulary so small is asked for whole: entropies are exact then. */
const wholeVocabulary = 256;

/** To write with it. The caller closes it. */
export function openStudyModel({ config, apiKey, api }: ReachedModel, tokenIds: boolean): OpenModel {
  const endpoint = openEndpoint(config, { apiKey, tokenIds });
  return {
    generator: endpoint,
    endpointName: config.name,
    origin: endpoint.origin,
    model: config.model,
    api,
    extraBody: config.extraBody,
    stop: config.stop,
    concurrency: config.maxConcurrency ?? null,
    close: () => endpoint.close(),
  };
}

export interface StudyScorerParts {
  /** Keeps what was scored. */
  readonly cache: ScoreCache;
  readonly clock: Clock;
  readonly random: Random;
}

/** To score with it, after a probe with the example. Rejects with `noScores`, or `runStopped` where it was not reached. */
export async function openStudyScorer(
  { config, apiKey, identity }: ReachedModel,
  { cache, clock, random }: StudyScorerParts,
  example: Pick<ScoreRequest, "context" | "text">,
  signal: CancelSignal,
): Promise<OpenStudyScorer> {
  const { vocabularySize = Infinity, name, model } = config;
  const top = vocabularySize <= wholeVocabulary ? vocabularySize : usualTop;
  const prompt = example.context.api === "completions" ? example.context.prompt : "";
  const shortened = { prompt, text: example.text.slice(0, exampleLength) };
  const ability = trusted(
    await probeScoring(config, { apiKey, top, slow: false, example: shortened }, signal),
    name,
  );
  const scorer = openScorer(config, ability, { apiKey, clock, random });
  const source = { source: identity, model, method: ability.method };
  return {
    scorer: cache.over(scorer, source),
    head: { name, ...source },
    top: ability.top,
    chat: ability.chat,
    close: async () => scorer.close(),
  };
}

function trusted(ability: ScoringAbility, name: string): ScoringAbility & { readonly state: "ok" } {
  if (ability.state === "ok") return ability;
  if (ability.state === "unknown")
    throw new LensError("runStopped", `${name} was not reached: ${ability.reason}.`);
  throw new LensError("noScores", `No log-probs from ${name}: ${ability.reason}. ${ability.advice}`);
}

const exampleLength = 400;

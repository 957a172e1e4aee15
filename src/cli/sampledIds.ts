import type { EndpointConfig } from "../endpoints/config.ts";
import { originOf, parseEndpointConfig } from "../endpoints/config.ts";
import type { ApiKey } from "../endpoints/endpoint.ts";
import { sameTokenizer } from "../endpoints/score/sameTokenizer.ts";
import type { CommandContext } from "./command.ts";
import type { OpenTargets, ScoreTarget } from "./scoreTargets.ts";

export interface IdsQuestion {
  /** Who sampled the run; `null` for the rollouts of others. */
  readonly writer: OpenTargets["writer"];
  readonly config: EndpointConfig;
  readonly takesIds: boolean;
  readonly apiKey: ApiKey;
}

/**
 * The targets with the ids that were sampled, where scorer and writer cut texts into the same ones (asked of both servers);
 * else with their texts alone. A note says which, where the run has ids at all.
 */
export async function withUsableIds(
  targets: readonly ScoreTarget[],
  question: IdsQuestion,
  context: CommandContext,
): Promise<readonly ScoreTarget[]> {
  const { ids } = (await targets[0]?.read()) ?? { ids: null };
  if (ids === null) return targets;
  const refusal = await whyNot(question, context);
  context.note(
    refusal === null
      ? "The sampled token ids are scored as they are."
      : `The texts are scored, re-tokenised: the sampled token ids were not used (${refusal}).`,
  );
  if (refusal === null) return targets;
  return targets.map((target) => ({
    ...target,
    read: async () => ({ ...(await target.read()), ids: null }),
  }));
}

async function whyNot(
  { writer, config, takesIds, apiKey }: IdsQuestion,
  { signal }: CommandContext,
): Promise<string | null> {
  if (!takesIds) return `${config.name} takes none`;
  if (writer === null) return "it is not known who sampled them";
  if (writer.model === config.model && writer.origin === originOf(config)) return null;
  const other = parseEndpointConfig(
    { name: writer.model, model: writer.model, baseUrls: [`${writer.origin}/v1`] },
    "run.json",
  );
  const { state, reason } = await sameTokenizer([other, config], { apiKey }, signal);
  return state === "same" ? null : reason;
}

import type { TestContext } from "node:test";
import { parseEndpointConfig, type EndpointConfig } from "../../../src/endpoints/config.ts";
import { openScorer, type OpenScorer } from "../../../src/endpoints/score/openScorer.ts";
import { probeScoring, type ScoringProbeOptions } from "../../../src/endpoints/score/probeScoring.ts";
import type { ScoringAbility } from "../../../src/endpoints/score/scoringAbility.ts";
import type { ScoreRequest } from "../../../src/core/trace/scorer.ts";
import { scoreAfter } from "../../fakes/server/scoreModel.ts";
import {
  startScoreServer,
  type ScoreServer,
  type ScoreServerOptions,
} from "../../fakes/server/scoreServer.ts";

export const never = new AbortController().signal;
export const prompt = "The capital of 你?";
export const text = "好 So the capital of France is Paris 😀.\n\n2+2 = 4\r\n";

export async function served(
  t: TestContext,
  options: ScoreServerOptions,
): Promise<{ readonly server: ScoreServer; readonly config: EndpointConfig }> {
  const server = await startScoreServer(options);
  t.after(() => server.close());
  return {
    server,
    config: parseEndpointConfig({ name: "toy", model: "toy", baseUrls: [server.url] }, "test"),
  };
}

export async function probed(
  t: TestContext,
  options: ScoreServerOptions,
  more: Partial<ScoringProbeOptions> = {},
): Promise<ScoringAbility> {
  const { config } = await served(t, options);
  return probeScoring(config, { apiKey: null, ...more }, never);
}

export interface OpenedScorer {
  readonly server: ScoreServer;
  readonly scorer: OpenScorer;
  readonly ability: ScoringAbility & { readonly state: "ok" };
  readonly slept: number[];
}

/** A server that the probe accepts, and a scorer on it. */
export async function openedScorer(
  t: TestContext,
  options: ScoreServerOptions,
  more: Partial<ScoringProbeOptions> & { readonly concurrency?: number } = {},
): Promise<OpenedScorer> {
  const { server, config } = await served(t, options);
  const ability = await probeScoring(config, { apiKey: null, slow: true, top: 5, ...more }, never);
  if (ability.state !== "ok") throw new Error(JSON.stringify(ability));
  const slept: number[] = [];
  const clock = { now: () => 0, sleep: (ms: number) => (slept.push(ms), Promise.resolve()) };
  const limit = more.concurrency === undefined ? {} : { concurrency: more.concurrency };
  const scorer = openScorer(config, ability, { apiKey: null, clock, random: () => 0.5, ...limit });
  t.after(() => scorer.close());
  return { server, scorer, ability, slept };
}

export const request = (fields: Partial<ScoreRequest> = {}): ScoreRequest => ({
  context: { api: "completions", prompt },
  text,
  ids: null,
  top: 5,
  tooLong: "refuse",
  ...fields,
});

/** The true log-probs of the tokens from `first` on. */
export function truth(ids: readonly number[], first: number): readonly number[] {
  return ids.slice(first).map((id, i) => scoreAfter(ids.slice(0, first + i), id, { top: 0 }).logProb);
}

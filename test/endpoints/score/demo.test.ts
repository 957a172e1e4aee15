// The demo models as a server to be scored with: real weights, checked against formulas written down independently.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { entropyBounds } from "../../../src/core/trace/entropy.ts";
import { knownTokens } from "../../../src/core/trace/knownTokens.ts";
import { type Sampler, traceReach } from "../../../src/core/trace/reachability.ts";
import type { ScoredTrace } from "../../../src/core/trace/scoredTrace.ts";
import { openDemoModel } from "../../../src/demo/demoModel.ts";
import { parseLlamaConfig } from "../../../src/demo/llamaConfig.ts";
import { readSafetensors } from "../../../src/demo/safetensors.ts";
import { DemoServer } from "../../../src/demo/server/demoServer.ts";
import { parseEndpointConfig } from "../../../src/endpoints/config.ts";
import { type OpenScorer, openScorer } from "../../../src/endpoints/score/openScorer.ts";
import { probeScoring } from "../../../src/endpoints/score/probeScoring.ts";
import { sameTokenizer } from "../../../src/endpoints/score/sameTokenizer.ts";
import { kernelModule } from "../../demo/randomModel.ts";
import { logSoftmax, referenceLogits } from "../../demo/referenceLlama.ts";
import { root } from "../../paths.ts";
import { exactQ } from "../../core/trace/distributions.ts";
import { never } from "./scoring.ts";

const media = join(root, "media/demo");
const token = "token";
const prompt = "Numbers: 2 4 7 7\nTarget: 36\n";
const example = {
  prompt,
  text: " 7 + 4 = 11 left: 2 7 11\n 11 + 7 = 18 left: 2 18\n 18 * 2 = 36\nAnswer: 36\n",
};

let server: DemoServer;
let url = "";
let scorer: OpenScorer;
const failures: unknown[] = [];

const configOf = (model: string) => parseEndpointConfig({ name: model, model, baseUrls: [url] }, "test");

before(async () => {
  const module = kernelModule();
  const open = (name: string) => openDemoModel(join(media, name), name, module);
  server = new DemoServer({
    names: ["base", "rl-270"],
    open,
    token,
    port: 0,
    onFailure: (error) => failures.push(error),
  });
  url = `http://127.0.0.1:${await server.listen()}/v1`;
  const config = configOf("base");
  const ability = await probeScoring(config, { apiKey: token, top: 20, example }, never);
  assert.ok(ability.state === "ok" && ability.method === "vllmPromptLogProbs", JSON.stringify(ability));
  assert.ok((ability.largestDelta ?? 1) < 1e-3);
  const clock = { now: () => 0, sleep: () => Promise.resolve() };
  scorer = openScorer(config, ability, { apiKey: token, clock, random: () => 0.5 });
});
after(async () => {
  scorer.close();
  await server.close();
  assert.deepEqual(failures, []);
});

interface Drawn {
  readonly prompt: readonly number[];
  readonly trace: readonly number[];
  readonly text: string;
}

/** A trace of the checkpoint of reinforcement learning, with its ids. */
async function drawn(seed: number): Promise<Drawn> {
  const body = { model: "rl-270", prompt, max_tokens: 40, temperature: 1, seed, return_token_ids: true };
  const reply = await fetch(`${url}/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const { choices } = (await reply.json()) as {
    choices: { text: string; token_ids: number[]; prompt_token_ids: number[] }[];
  };
  const [choice] = choices;
  if (choice === undefined) throw new Error("no choice");
  return { prompt: choice.prompt_token_ids, trace: choice.token_ids, text: choice.text };
}

function score({ prompt: ids, trace, text }: Drawn): Promise<ScoredTrace> {
  const request = { context: { api: "completions", prompt }, text, top: 20, tooLong: "refuse" } as const;
  return scorer.score({ ...request, ids: { prompt: ids, trace } }, never);
}

/** Log-probs of the whole vocabulary at every token of the trace, in 64-bit floats from the formulas. */
function exact({ prompt: ids, trace }: Drawn): readonly number[][] {
  const config = parseLlamaConfig(readFileSync(join(media, "base/config.json"), "utf8"), "config.json");
  const tensors = readSafetensors(readFileSync(join(media, "base/model.safetensors")), "model.safetensors");
  return referenceLogits([...ids, ...trace], config, tensors)
    .slice(ids.length - 1, -1)
    .map(logSoftmax);
}

test("an RL trace under the base: log-probs, ranks, entropy and reach against the exact distribution", async () => {
  const samplers: readonly Sampler[] = [
    { temperature: 0.6, topP: 0.95, order: "temperatureFirst" },
    { temperature: 1, topP: 0.95, order: "temperatureFirst" },
    { temperature: 0.6, topP: 0.95, order: "topPFirst" },
  ];
  let [decided, all] = [0, 0];
  for (const seed of [1, 2]) {
    const one = await drawn(seed);
    const [trace, truth] = [await score(one), exact(one)];
    assert.equal(trace.text, one.text);
    assert.equal(trace.scorer.tokenisation, "ids");
    assert.equal(trace.scorer.alignment, "exact");
    const reaches = samplers.map((sampler) => traceReach(trace, sampler));
    for (const [i, logProbs] of truth.entries()) {
      const id = one.trace[i] as number;
      const own = logProbs[id] as number;
      assert.ok(Math.abs((trace.tokens.logProbs[i] as number) - own) < 1e-3, `token ${i}`);
      const order = logProbs
        .map((_, at) => at)
        .toSorted((a, b) => (logProbs[b] as number) - (logProbs[a] as number));
      assert.equal(trace.tokens.ranks[i], order.indexOf(id) + 1);
      const known = knownTokens(trace.tokens, i, logProbs.length);
      assert.ok(known);
      const entropy = logProbs.reduce((sum, value) => sum - Math.exp(value) * value, 0);
      const { low, high } = entropyBounds(known);
      assert.ok(low <= entropy + 1e-4 && entropy <= (high ?? 0) + 1e-4, `${low} ${entropy} ${high}`);
      const sorted = order.map((at) => logProbs[at] as number);
      for (const [s, sampler] of samplers.entries()) {
        const q = exactQ(sorted, order.indexOf(id), sampler);
        const reach = reaches[s]?.reach[i];
        all += 1;
        if (reach !== "undecided") decided += 1;
        if (q === null || reach === "undecided") continue;
        assert.equal(reach, q > 0 ? "inside" : "outside", `token ${i} at ${JSON.stringify(sampler)}`);
        if (q === 0) continue;
        assert.ok((reaches[s]?.logQLow[i] as number) <= Math.log(q) + 1e-3);
        assert.ok((reaches[s]?.logQHigh[i] as number) >= Math.log(q) - 1e-3);
      }
    }
  }
  assert.ok(decided / all >= 0.95, `${decided} of ${all} decided with the top 20`);
});

test("base and checkpoint share a tokenizer, so ids may go from one to the other", async () => {
  const comparison = await sameTokenizer([configOf("base"), configOf("rl-270")], { apiKey: token }, never);
  assert.equal(comparison.state, "same");
});

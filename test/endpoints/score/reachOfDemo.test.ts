// Reach with the top 20 of the demo base, against its whole vocabulary: 200 traces of the checkpoint of reinforcement
// learning on 25 problems. (That those distributions are right is demo.test.ts's.)
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type Sampler, traceReach } from "../../../src/core/trace/reachability.ts";
import { openDemoModel } from "../../../src/demo/demoModel.ts";
import { DemoServer } from "../../../src/demo/server/demoServer.ts";
import { parseEndpointConfig } from "../../../src/endpoints/config.ts";
import { openScorer } from "../../../src/endpoints/score/openScorer.ts";
import { probeScoring } from "../../../src/endpoints/score/probeScoring.ts";
import { exactQ } from "../../core/trace/distributions.ts";
import { kernelModule } from "../../demo/randomModel.ts";
import { root } from "../../paths.ts";
import { never } from "./scoring.ts";

const media = join(root, "media/demo");
const token = "token";
const [problems, perProblem] = [25, 8];
let server: DemoServer;
let url = "";

before(async () => {
  const module = kernelModule();
  const open = (name: string) => openDemoModel(join(media, name), name, module);
  const onFailure = (error: unknown): void => assert.fail(String(error));
  server = new DemoServer({ names: ["base", "rl-270"], open, token, port: 0, onFailure });
  url = `http://127.0.0.1:${await server.listen()}/v1`;
});
after(() => server.close());

interface Choice {
  readonly text: string;
  readonly token_ids: readonly number[];
  readonly prompt_token_ids: readonly number[];
  readonly prompt_logprobs: readonly (Readonly<Record<string, { readonly logprob: number }>> | null)[];
}

async function complete(body: object): Promise<readonly Choice[]> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const reply = await fetch(`${url}/completions`, { method: "POST", headers, body: JSON.stringify(body) });
  assert.equal(reply.status, 200, await reply.clone().text());
  return ((await reply.json()) as { choices: readonly Choice[] }).choices;
}

const questions = readFileSync(join(media, "countdown.jsonl"), "utf8")
  .split("\n", problems)
  .map((line) => (JSON.parse(line) as { prompt: string }).prompt);

const samplers: readonly Sampler[] = [
  { temperature: 0.6, topP: 0.95, order: "temperatureFirst" },
  { temperature: 1, topP: 0.95, order: "temperatureFirst" },
  { temperature: 0.6, topP: 0.95, order: "topPFirst" },
  { temperature: 1, topP: 0.8, order: "temperatureFirst" },
];

/** Log-probs of every token of the vocabulary, descending, and the place of one. */
function ordered(entry: Choice["prompt_logprobs"][number], id: number) {
  const all = Object.entries(entry ?? {}).map(([key, { logprob }]) => ({ id: Number(key), logprob }));
  all.sort((a, b) => b.logprob - a.logprob);
  return { logProbs: all.map(({ logprob }) => logprob), own: all.findIndex((one) => one.id === id) };
}

test("with the top 20 at least 95 % of the tokens are decided, and none of them wrongly", async () => {
  const config = parseEndpointConfig({ name: "base", model: "base", baseUrls: [url] }, "test");
  const example = { prompt: questions[0] ?? "", text: " 7 + 4 = 11 left: 2 7 11\n" };
  const ability = await probeScoring(config, { apiKey: token, top: 20, example }, never);
  assert.ok(ability.state === "ok" && ability.top === 20);
  const clock = { now: () => 0, sleep: () => Promise.resolve() };
  const scorer = openScorer(config, ability, { apiKey: token, clock, random: () => 0.5 });
  const counts = samplers.map(() => ({ inside: 0, outside: 0, undecided: 0, tie: 0 }));
  let [traces, vocabulary] = [0, 0];
  for (const prompt of questions) {
    const sampled = { model: "rl-270", prompt, n: perProblem, seed: 1, max_tokens: 40, temperature: 1 };
    for (const { text, token_ids, prompt_token_ids } of await complete({
      ...sampled,
      return_token_ids: true,
    })) {
      const ids = { prompt: prompt_token_ids, trace: token_ids };
      const context = { api: "completions", prompt } as const;
      const scored = await scorer.score({ context, text, ids, top: 20, tooLong: "refuse" }, never);
      const whole = {
        model: "base",
        prompt: [...ids.prompt, ...ids.trace],
        max_tokens: 1,
        prompt_logprobs: -1,
      };
      const exact = ((await complete(whole))[0]?.prompt_logprobs ?? []).slice(ids.prompt.length);
      traces += 1;
      const reaches = samplers.map((sampler) => traceReach(scored, sampler).reach);
      for (const [i, id] of token_ids.entries()) {
        const { logProbs, own } = ordered(exact[i] ?? null, id);
        vocabulary = logProbs.length;
        for (const [s, sampler] of samplers.entries()) {
          const [q, said, count] = [exactQ(logProbs, own, sampler), reaches[s]?.[i], counts[s]];
          if (said === undefined || count === undefined) assert.fail("one of each a token");
          if (q === null) count.tie += 1;
          else count[said] += 1;
          if (q === null || said === "undecided") continue;
          assert.equal(said, q > 0 ? "inside" : "outside", `${text}: token ${i}, ${JSON.stringify(sampler)}`);
        }
      }
    }
  }
  scorer.close();
  assert.equal(traces, problems * perProblem);
  assert.ok(vocabulary > 40, `${vocabulary} tokens: more than the 20 that were asked for`);
  for (const { inside, outside, undecided, tie } of counts) {
    const all = inside + outside + undecided;
    assert.ok(all > 5000 && outside > 0, JSON.stringify(counts));
    assert.ok((inside + outside) / all >= 0.95, JSON.stringify(counts));
    assert.ok(tie < all / 50, JSON.stringify(counts));
  }
});

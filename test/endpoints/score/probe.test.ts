import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEndpointConfig } from "../../../src/endpoints/config.ts";
import { probeScoring } from "../../../src/endpoints/score/probeScoring.ts";
import { sameTokenizer } from "../../../src/endpoints/score/sameTokenizer.ts";
import type { ScoreFault } from "../../../src/endpoints/score/scoringAbility.ts";
import { opened } from "../opened.ts";
import type { ScoreDefect, ScoreShape } from "../../fakes/server/scoreServer.ts";
import { never, probed, served } from "./scoring.ts";

test("the method is found by what a server answers, not by its brand", async (t) => {
  const vllm = await probed(t, { shape: "vllm", maxModelLength: 4096 }, { top: 5 });
  assert.deepEqual(vllm, {
    state: "ok",
    method: "vllmPromptLogProbs",
    chat: true,
    takesIds: true,
    top: 5,
    largestDelta: 0,
    maxModelLength: 4096,
    tried: [],
  });
  const echo = await probed(t, { shape: "echo" });
  assert.ok(echo.state === "ok" && echo.method === "openAiEcho" && !echo.takesIds && !echo.chat);
  assert.deepEqual(
    echo.tried.map(({ method, fault }) => [method, fault]),
    [
      ["vllmPromptLogProbs", "ignored"],
      ["sglangGenerate", "refused"],
    ],
  );
});

test("a server that gives fewer alternatives than asked for is asked for fewer", async (t) => {
  const vllm = await probed(t, { shape: "vllm", maxTop: 5 }, { top: 50 });
  assert.ok(
    vllm.state === "ok" && vllm.method === "vllmPromptLogProbs" && vllm.top === 5,
    JSON.stringify(vllm),
  );
  const echo = await probed(t, { shape: "echo", maxTop: 1 }, { top: 20 });
  assert.ok(echo.state === "ok" && echo.method === "openAiEcho" && echo.top === 1, JSON.stringify(echo));
  const tgi = await probed(t, { shape: "tgi" }, { top: 20 });
  assert.ok(tgi.state === "ok" && tgi.top === 0, "and one that gives none");
});

/** Every bad server: what is wrong, and that the person is told. */
const bad: readonly (readonly [string, ScoreShape, ScoreDefect, ScoreFault, RegExp])[] = [
  ["echo is ignored", "echo", "echoIgnored", "misaligned", /not those of the text sent/],
  [
    "vLLM's field is ignored and so is echo",
    "vllm",
    "echoIgnored",
    "misaligned",
    /not those of the text sent/,
  ],
  ["prompt_logprobs: [null]", "vllm", "nulls", "nulls", /null/],
  ["echo with nulls only", "echo", "nulls", "nulls", /null/],
  ["rows off by one", "echo", "offByOne", "inconsistent", /with log-prob -?\d.* scores it/],
  ["rows off by one (vLLM shape)", "vllm", "offByOne", "inconsistent", /scores it/],
  ["scaled by a temperature", "echo", "scaled", "inconsistent", /scores it/],
  ["scaled by a temperature (SGLang shape)", "sglang", "scaled", "inconsistent", /scores it/],
  ["constant zeros", "echo", "zeros", "constant", /every log-prob is 0/],
  ["constant zeros (vLLM shape)", "vllm", "zeros", "constant", /every log-prob is 0/],
  ["-9999 throughout", "vllm", "floor", "floor", /-9999/],
  ["-9999 throughout (echo)", "echo", "floor", "floor", /-9999/],
  ["an HTML page", "echo", "html", "malformed", /HTML page/],
  ["above 0", "echo", "positive", "positive", /above 0/],
  ["half of the entries", "vllm", "halfCount", "malformed", /entries|prompt_logprobs/],
  ["TGI 3 without its flag", "tgi", "echoIgnored", "ignored", /--enable-prefill-logprobs/],
  ["SGLang without input log-probs", "sglang", "echoIgnored", "ignored", /no log-probs of the prompt/],
];

for (const [name, shape, defect, fault, reason] of bad) {
  test(`refused: ${name}`, async (t) => {
    const ability = await probed(t, { shape, defect });
    assert.ok(ability.state === "no", JSON.stringify(ability));
    assert.ok(
      ability.tried.some((one) => one.fault === fault && reason.test(one.reason)),
      JSON.stringify(ability.tried, null, 1),
    );
    assert.ok(ability.reason.length > 10 && ability.advice.endsWith("."), "says why, and what to do");
  });
}

test("a server without log-probs of its own words is judged by the order of words", async (t) => {
  const ability = await probed(t, { shape: "echo", defect: "noGenerated" });
  // The toy model knows no English: a sentence is no likelier than its words shuffled, which is what the check is for.
  assert.ok(ability.state === "no");
  assert.ok(
    ability.tried.some((one) => one.fault === "unordered"),
    JSON.stringify(ability.tried),
  );
});

test("llama.cpp token by token is never chosen unasked", async (t) => {
  const unasked = await probed(t, { shape: "llamaCpp" });
  assert.equal(unasked.state, "no");
  const asked = await probed(t, { shape: "llamaCpp" }, { slow: true });
  assert.ok(asked.state === "ok" && asked.method === "llamaCppForced");
});

test("a server that only samples (the shapes of the sampling tests) is refused", async (t) => {
  const { server } = await opened(t);
  const config = parseEndpointConfig({ name: "s", model: "fake-model", baseUrls: [server.url] }, "test");
  const ability = await probeScoring(config, { apiKey: null }, never);
  assert.equal(ability.state, "no");
});

test("nothing is said of a server that is not there, or lets nobody in", async (t) => {
  const gone = parseEndpointConfig({ name: "g", model: "m", baseUrls: ["http://127.0.0.1:9/v1"] }, "test");
  assert.equal((await probeScoring(gone, { apiKey: null }, never)).state, "unknown");
  const { server } = await opened(t, { key: "secret" });
  const config = parseEndpointConfig({ name: "s", model: "fake-model", baseUrls: [server.url] }, "test");
  const ability = await probeScoring(config, { apiKey: "wrong" }, never);
  assert.ok(ability.state === "unknown" && !ability.reason.includes("wrong"));
});

test("a probe can be cancelled", async (t) => {
  const { config } = await served(t, { shape: "vllm" });
  await assert.rejects(probeScoring(config, { apiKey: null }, AbortSignal.abort()), { code: "cancelled" });
});

test("two servers share a tokenizer when they give the same ids", async (t) => {
  const [a, b] = [await served(t, { shape: "vllm" }), await served(t, { shape: "sglang" })];
  const same = await sameTokenizer([a.config, b.config], { apiKey: null }, never);
  assert.equal(same.state, "same");
  const { config } = await served(t, { shape: "echo" });
  const unknown = await sameTokenizer([a.config, config], { apiKey: null }, never);
  assert.equal(unknown.state, "unknown");
});

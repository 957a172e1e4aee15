// Token ids end to end: asked for, read from a stream, kept in the run's log, and scored untouched by another model.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { decodeSample, encodeSample } from "../../src/core/dataset/formats/runLog.ts";
import type { GenerateRequest, Generation } from "../../src/core/run/generate.ts";
import { finishedSample } from "../../src/core/run/outcome.ts";
import { openDemoModel } from "../../src/demo/demoModel.ts";
import { DemoServer } from "../../src/demo/server/demoServer.ts";
import { chatPiece } from "../../src/endpoints/chat.ts";
import { completionPiece } from "../../src/endpoints/completions.ts";
import { parseEndpointConfig } from "../../src/endpoints/config.ts";
import { openEndpoint } from "../../src/endpoints/endpoint.ts";
import { probeEndpoint } from "../../src/endpoints/probe.ts";
import { ReplyReader, type PieceOf } from "../../src/endpoints/reply.ts";
import { openScorer } from "../../src/endpoints/score/openScorer.ts";
import { probeScoring } from "../../src/endpoints/score/probeScoring.ts";
import { kernelModule } from "../demo/randomModel.ts";
import { root } from "../paths.ts";
import { never } from "./opened.ts";

const token = "token";
const prompt = "Numbers: 2 4 7 7\nTarget: 36\n";
const failed = (error: unknown): void => assert.fail(String(error));
let server: DemoServer;
let url = "";
const configOf = (model: string) => parseEndpointConfig({ name: model, model, baseUrls: [url] }, "test");

before(async () => {
  const module = kernelModule();
  const open = (name: string) => openDemoModel(join(root, "media/demo", name), name, module);
  server = new DemoServer({ names: ["base", "rl-270"], open, token, port: 0, onFailure: failed });
  url = `http://127.0.0.1:${await server.listen()}/v1`;
});
after(() => server.close());

const request = (input: GenerateRequest["input"], stop: readonly string[] = []): GenerateRequest => ({
  input,
  seed: 5,
  temperature: 1,
  topP: 1,
  maxTokens: 48,
  stop,
  extraBody: {},
  stickyKey: "p",
});

async function sampled(one: GenerateRequest, tokenIds = true): Promise<Generation> {
  const endpoint = openEndpoint(configOf("rl-270"), { apiKey: token, tokenIds });
  try {
    return await endpoint.generate(one, never);
  } finally {
    endpoint.close();
  }
}

const completions = { api: "completions", prompt } as const;
const chat = { api: "chat", messages: [{ role: "user", content: prompt }] } as const;

test("ids come with a streamed sample where they are asked for, of completions and of chats", async () => {
  const [plain, ids, said] = await Promise.all([
    sampled(request(completions), false),
    sampled(request(completions)),
    sampled(request(chat)),
  ]);
  assert.ok(!("tokenIds" in plain));
  assert.equal(ids.text, plain.text);
  assert.deepEqual(said.tokenIds, ids.tokenIds, "the demo's template adds nothing");
  assert.equal(ids.tokenIds?.prompt.length, ids.usage?.promptTokens);
  assert.equal(ids.tokenIds?.trace.length, ids.usage?.completionTokens);
});

test("they are kept in the run's log, and only there where they are known", async () => {
  const generation = await sampled(request(completions));
  const problem = { key: "k", id: "1", index: 0, question: "q", gold: null, line: null };
  const judged = { verdict: null, verifier: null };
  const sample = finishedSample({ problem, index: 0, seed: 5 }, generation, judged);
  const line = encodeSample(sample);
  assert.deepEqual(decodeSample(JSON.parse(line)), sample);
  const { tokenIds: _, ...without } = sample;
  assert.ok(!("ids" in JSON.parse(encodeSample(without))));
  assert.deepEqual(decodeSample(JSON.parse(encodeSample(without))), without);
  const spoilt = { ...JSON.parse(line), ids: { prompt: [1], trace: [1, "2"] } };
  assert.throws(() => decodeSample(spoilt), { message: /^ids\.trace\[1\]: expected integer, got string/ });
});

test("another model scores them as they are: the sampled tokens, whatever its own tokeniser would make of the text", async () => {
  const { text, tokenIds } = await sampled(request(completions));
  assert.ok(tokenIds);
  const example = { prompt, text };
  const ability = await probeScoring(configOf("base"), { apiKey: token, top: 5, example }, never);
  assert.ok(ability.state === "ok" && ability.takesIds);
  const clock = { now: () => 0, sleep: () => Promise.resolve() };
  const scorer = openScorer(configOf("base"), ability, { apiKey: token, clock, random: () => 0.5 });
  const settings = { context: completions, top: 5, tooLong: "refuse" } as const;
  try {
    const byIds = await scorer.score({ ...settings, text, ids: tokenIds }, never);
    assert.equal(byIds.scorer.tokenisation, "ids");
    assert.deepEqual([...byIds.tokens.ids], tokenIds.trace);
    const byText = await scorer.score({ ...settings, text, ids: null }, never);
    assert.equal(byText.scorer.tokenisation, "text");
    assert.match(byText.scorer.notes.join(), /Re-tokenised/);
    // A stop string is cut off the text, its tokens are among the ids.
    const cut = await sampled(request(completions, ["Answer"]));
    assert.ok(cut.tokenIds && !cut.text.includes("Answer"));
    const stopped = await scorer.score({ ...settings, text: cut.text, ids: cut.tokenIds }, never);
    assert.equal(stopped.scorer.alignment, "exact");
    assert.equal(stopped.text, cut.text);
    assert.match(stopped.scorer.notes.join(), /after the text's end/);
  } finally {
    scorer.close();
  }
});

test("the probe says whether a server gives ids", async () => {
  const { tokenIds } = await probeEndpoint(configOf("base"), { apiKey: token }, never);
  assert.deepEqual(tokenIds, { state: "ok", reason: "of prompt and sample" });
});

function read(pieceOf: PieceOf, events: readonly unknown[]): Generation {
  const reader = new ReplyReader(pieceOf, "text/event-stream");
  const lines = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
  reader.push(new TextEncoder().encode(`${lines}data: [DONE]\n\n`));
  return reader.end();
}
const event = (text: string, more: object, finish: string | null = null) => ({
  choices: [{ index: 0, text, finish_reason: finish, ...more }],
});

test("no id is lost where events repeat each other", () => {
  const again = Array.from({ length: 50 }, () => event(" ha", { token_ids: [7] }));
  const first = event("Well", { token_ids: [1], prompt_token_ids: [3, 4] });
  const { text, tokenIds } = read(completionPiece, [first, ...again, event("", { token_ids: [2] }, "stop")]);
  assert.equal(text, `Well${" ha".repeat(50)}`);
  assert.deepEqual(tokenIds, { prompt: [3, 4], trace: [1, ...again.map(() => 7), 2] });
});

test("ids with a gap are none", () => {
  const whole = event("Well", { token_ids: [1], prompt_token_ids: [3] });
  const end = event("", {}, "stop");
  assert.deepEqual(read(completionPiece, [whole, end]).tokenIds, { prompt: [3], trace: [1] });
  assert.ok(!("tokenIds" in read(completionPiece, [whole, event(" and", {}), end])), "text without ids");
  const noPrompt = event("Well", { token_ids: [1] });
  assert.ok(!("tokenIds" in read(completionPiece, [noPrompt, end])));
  const beside = { prompt_token_ids: [3], choices: [{ index: 0, delta: { content: "a" }, token_ids: [1] }] };
  const closing = { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
  assert.deepEqual(read(chatPiece, [beside, closing]).tokenIds, { prompt: [3], trace: [1] });
});

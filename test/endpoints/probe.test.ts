import assert from "node:assert/strict";
import { test } from "node:test";
import { probeEndpoint } from "../../src/endpoints/probe.ts";
import type { Capabilities } from "../../src/endpoints/capabilities.ts";
import type { Quirks } from "../fakes/server/engine.ts";
import type { ServerOptions } from "../fakes/server/server.ts";
import { configOf, eventually, never, serverOf } from "./opened.ts";
import type { TestContext } from "node:test";

async function probed(t: TestContext, options: Partial<ServerOptions> = {}): Promise<Capabilities> {
  const server = await serverOf(t, options);
  return probeEndpoint(
    configOf({ baseUrls: [server.url] }),
    { apiKey: options.key ?? null, now: () => 1_000 },
    never,
  );
}

/** A property of the fake's own: texts differ by seed on every prompt. */
const answer: ServerOptions["answer"] = (_, seed) => ({
  text: `words of seed ${seed}`,
  finishReason: "stop",
});

test("a vLLM-like server can do everything", async (t) => {
  const server = await serverOf(t, { answer, key: "abcdef" });
  const found = await probeEndpoint(
    configOf({ baseUrls: [server.url] }),
    { apiKey: "abcdef", now: () => 1_000 },
    never,
  );
  assert.deepEqual(found, {
    at: 1_000,
    models: { state: "ok", reason: "serves fake-model", ids: ["fake-model"] },
    maxModelLength: { state: "ok", reason: "32,768 tokens", tokens: 32_768 },
    completions: { state: "ok", reason: "answers" },
    chat: { state: "ok", reason: "answers" },
    n: { state: "ok", reason: "two choices in one request" },
    seed: { state: "ok", reason: "same seed, same text; another seed, another text" },
    logProbs: { state: "ok", reason: "with the top 20", top: 20 },
    tokenIds: { state: "no", reason: "asked for token ids, got none" },
    server: "vllm 0.11.0",
  });
  assert.ok(server.log.length <= 12, `${server.log.length} requests`);
  assert.ok(
    server.log.every(({ body }) => (body.max_tokens ?? 0) <= 16),
    "cheap",
  );
});

const differences: readonly [string, Quirks, Partial<Record<keyof Capabilities, RegExp>>][] = [
  [
    "n and seed ignored",
    { ignoresNAndSeed: true },
    {
      n: /^no: asked for 2 choices, got 1/,
      seed: /^no: other seeds gave the same text: samples may be copies/,
    },
  ],
  ["seed ignored", { ignoresSeed: true }, { seed: /^no: the same seed gave two texts/, n: /^ok/ }],
  [
    "n refused",
    { rejectsN: true },
    { n: /^no: .*answered 400: Only one completion choice is allowed/, seed: /^ok/ },
  ],
  [
    "no completions",
    { completions: false },
    { completions: /^no: .*404/, chat: /^ok/, n: /^ok/, seed: /^ok/, logProbs: /^ok: with the top 20/ },
  ],
  ["no chat", { chat: false }, { completions: /^ok/, chat: /^no: .*404/, seed: /^ok/ }],
  [
    "neither",
    { chat: false, completions: false },
    {
      models: /^ok/,
      completions: /^no/,
      chat: /^no/,
      n: /^unknown: no text came back/,
      seed: /^unknown/,
      logProbs: /^unknown/,
    },
  ],
  ["log-probs ignored", { ignoresLogProbs: true }, { logProbs: /^no: asked for log-probs, got none/ }],
  ["five log-probs at most", { maxLogProbs: 5 }, { logProbs: /^ok: with the top 5/ }],
  ["no log-probs", { maxLogProbs: 0 }, { logProbs: /^no: .*greater than max allowed: 0/ }],
  [
    "no list of models",
    { models: false },
    { models: /^unknown: .*404/, maxModelLength: /^unknown/, completions: /^ok/ },
  ],
  [
    "another model",
    { models: ["a", "b", "c", "d"] },
    { models: /^no: lists a, b, c, and 1 more, not fake-model/ },
  ],
  [
    "no context length",
    { hidesMaxModelLength: true },
    { maxModelLength: /^unknown: the server does not say/ },
  ],
];

for (const [name, quirks, expected] of differences)
  test(`probe: ${name}`, async (t) => {
    const found = await probed(t, { answer, quirks });
    for (const [field, pattern] of Object.entries(expected)) {
      const finding = found[field as "n"];
      assert.match(`${finding.state}: ${finding.reason}`, pattern, field);
    }
  });

test("a bad server is described, not thrown", async (t) => {
  for (const options of [
    { faults: () => ({ kind: "reset" }) },
    { faults: () => ({ kind: "status", status: 500, shape: "html" }) },
    { faults: () => ({ kind: "malformed" }) },
    { faults: () => ({ kind: "strangeJson", body: "[1,2]" }) },
    { quirks: { redirectTo: "http://other.invalid/" } },
  ] as const satisfies Partial<ServerOptions>[]) {
    const found = await probed(t, options);
    for (const finding of [found.completions, found.chat, found.n, found.seed, found.logProbs]) {
      assert.notEqual(finding.state, "ok", JSON.stringify(options));
      assert.notEqual(finding.reason, "");
    }
  }
});

test("a wrong key and a server that is not there leave everything unknown, with the reason", async (t) => {
  const locked = await serverOf(t, { key: "right-key" });
  const gone = await serverOf(t);
  await gone.close();
  for (const [url, reason] of [
    [locked.url, /401/],
    [gone.url, /nothing listens there/],
  ] as const) {
    const found = await probeEndpoint(configOf({ baseUrls: [url] }), { apiKey: "wrong-key" }, never);
    for (const finding of [found.models, found.completions, found.chat]) {
      assert.equal(finding.state, "unknown");
      assert.match(finding.reason, reason);
    }
  }
});

test("one of two base URLs is away", async (t) => {
  const [up, away] = [await serverOf(t), await serverOf(t)];
  await away.close();
  const found = await probeEndpoint(configOf({ baseUrls: [up.url, away.url] }), { apiKey: null }, never);
  assert.deepEqual(
    [found.models.state, found.models.reason],
    ["unknown", "1 of 2 base URLs did not list models"],
  );
  assert.equal(found.completions.state, "ok");
});

test("a probe can be cancelled", async (t) => {
  const server = await serverOf(t, { faults: () => ({ kind: "hang" }) });
  const controller = new AbortController();
  const pending = probeEndpoint(configOf({ baseUrls: [server.url] }), { apiKey: null }, controller.signal);
  await eventually(() => server.log.some(({ index }) => index >= 0), "a question");
  controller.abort();
  const found = await pending;
  assert.deepEqual([found.completions.state, found.completions.reason], ["unknown", "cancelled"]);
  await eventually(() => server.sockets.open === 0, "the sockets' end");
});

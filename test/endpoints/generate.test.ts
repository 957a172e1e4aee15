import assert from "node:assert/strict";
import { test } from "node:test";
import { chat, completion, configOf, endpointOf, never, opened, rows, serverOf } from "./opened.ts";

const solution = (seed: number): string => rows[0]?.code[seed % 8] ?? "";
const tokens = (text: string): number => text.split(/\s+/).length;

test("completions: text, reason and usage of a streamed reply", async (t) => {
  const { endpoint, server } = await opened(t);
  const generation = await endpoint.generate(completion(3), never);
  assert.deepEqual(generation, {
    text: solution(3),
    reasoning: null,
    finishReason: "stop",
    usage: {
      promptTokens: tokens(`Solve: ${rows[0]?.question}`),
      completionTokens: tokens(solution(3)),
      reasoningTokens: null,
    },
  });
  assert.equal(server.log[0]?.path, "/v1/completions");
});

test("chat: text, reason and usage of a streamed reply", async (t) => {
  const { endpoint, server } = await opened(t);
  const generation = await endpoint.generate(chat(5), never);
  assert.equal(generation.text, solution(5));
  assert.equal(generation.finishReason, "stop");
  assert.equal(generation.usage?.completionTokens, tokens(solution(5)));
  assert.equal(server.log[0]?.path, "/v1/chat/completions");
});

test("the body says what was asked, and nothing is sent of the client's own", async (t) => {
  const config = {
    stop: ["</s>"],
    extraBody: { top_k: 40, seed: 99 },
    stickyHeader: "X-Session-Id",
    headers: { "X-Team": "red" },
  };
  const { endpoint, server } = await opened(t, {}, { ...config, apiKey: "test-key-1" });
  const request = completion(7, { stop: ["\n\nQ:"], extraBody: { min_p: 0.1 }, stickyKey: "Größe 1" });
  await endpoint.generate(request, never);
  const logged = server.log[0];
  assert.deepEqual(logged?.body, {
    top_k: 40,
    min_p: 0.1,
    model: "fake-model",
    prompt: `Solve: ${rows[0]?.question}`,
    n: 1,
    seed: 7,
    temperature: 0.6,
    top_p: 0.95,
    max_tokens: 1_000,
    stop: ["\n\nQ:", "</s>"],
    stream: true,
    stream_options: { include_usage: true },
  });
  assert.deepEqual(Object.keys(logged?.headers ?? {}).sort(), [
    "accept",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "user-agent",
    "x-session-id",
    "x-team",
  ]);
  assert.equal(logged?.headers["x-session-id"], "Gr%C3%B6%C3%9Fe%201");
  assert.equal(logged?.headers.authorization, "Bearer test-key-1");
});

test("no key: no Authorization, also where the environment holds one for openai", async (t) => {
  const before = { ...process.env };
  t.after(() => {
    for (const name of ["OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_CUSTOM_HEADERS"])
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
  });
  Object.assign(process.env, {
    OPENAI_API_KEY: "env-key",
    OPENAI_ORG_ID: "env-org",
    OPENAI_CUSTOM_HEADERS: "X-Leak: env",
  });
  const { endpoint, server } = await opened(t);
  await endpoint.generate(chat(1), never);
  assert.equal(server.log[0]?.headers.authorization, undefined);
  assert.doesNotMatch(JSON.stringify(server.log[0]?.headers), /env/);
});

test("max_completion_tokens in extraBody takes the place of max_tokens", async (t) => {
  const { endpoint, server } = await opened(t, {}, { extraBody: { max_completion_tokens: 5 } });
  const generation = await endpoint.generate(chat(1), never);
  assert.equal(generation.finishReason, "length");
  assert.equal(server.log[0]?.body.max_tokens, undefined);
});

test("max_tokens cuts with reason length, stop with reason stop", async (t) => {
  const { endpoint } = await opened(t);
  const cut = await endpoint.generate(completion(1, { maxTokens: 4 }), never);
  assert.deepEqual(
    [cut.text, cut.finishReason, cut.usage?.completionTokens],
    [solution(1).match(/^(\s*\S+){4}/)?.[0], "length", 4],
  );
  const stopped = await endpoint.generate(completion(1, { stop: ["After"] }), never);
  assert.deepEqual([stopped.text, stopped.finishReason], [solution(1).split("After")[0], "stop"]);
});

for (const reasoningField of ["reasoning", "reasoning_content"] as const) {
  for (const neverStreams of [false, true]) {
    test(`${reasoningField} ${neverStreams ? "in one JSON body" : "streamed"} is kept beside the text`, async (t) => {
      const answer = () => ({
        text: "It is 4.",
        finishReason: "stop",
        reasoning: "Two and two \u{1F914} make four.",
      });
      const { endpoint } = await opened(t, { answer, quirks: { reasoningField, neverStreams } });
      assert.deepEqual(await endpoint.generate(chat(1), never), {
        text: "It is 4.",
        reasoning: "Two and two \u{1F914} make four.",
        finishReason: "stop",
        usage: { promptTokens: tokens(rows[0]?.question ?? ""), completionTokens: 9, reasoningTokens: 6 },
      });
    });
  }
}

test("a server that answers with one JSON body although asked to stream", async (t) => {
  const { endpoint } = await opened(t, { quirks: { neverStreams: true } });
  const generation = await endpoint.generate(completion(2), never);
  assert.deepEqual([generation.text, generation.finishReason], [solution(2), "stop"]);
  assert.equal(generation.usage?.completionTokens, tokens(solution(2)));
});

test("every character arrives whole", async (t) => {
  const text = "数学 \u{1F600} é ".repeat(40);
  const { endpoint } = await opened(t, { answer: () => ({ text, finishReason: "stop" }), tokensPerEvent: 1 });
  assert.equal((await endpoint.generate(completion(1), never)).text, text);
});

test("[DONE] without a reason gives null, an empty text is a text", async (t) => {
  const { endpoint, server } = await opened(t, { faults: [{ kind: "noReason" }] });
  const generation = await endpoint.generate(completion(1), never);
  assert.deepEqual([generation.text, generation.finishReason], [solution(1), null]);
  server.setFaults(undefined);
  const empty = await opened(t, { answer: () => ({ text: "", finishReason: "stop" }) });
  assert.deepEqual((await empty.endpoint.generate(chat(1), never)).text, "");
});

test("a key goes to its own origin only", async (t) => {
  const [a, b] = [await serverOf(t), await serverOf(t)];
  const both = { baseUrls: [a.url, b.url] };
  const plain = endpointOf(t, both, "key-of-the-first");
  const each = endpointOf(t, both, (origin) => `key-of-${new URL(origin).port}`);
  for (let p = 0; p < 16; p += 1) {
    await plain.generate(completion(1, { stickyKey: `p${p}` }), never);
    await each.generate(completion(2, { stickyKey: `p${p}` }), never);
  }
  const keysOf = (log: typeof a.log): unknown[] =>
    [...new Set(log.map((request) => `${request.body.seed} ${request.headers.authorization}`))].sort();
  assert.deepEqual(keysOf(a.log), ["1 Bearer key-of-the-first", `2 Bearer key-of-${new URL(a.url).port}`]);
  assert.deepEqual(keysOf(b.log), ["1 undefined", `2 Bearer key-of-${new URL(b.url).port}`]);
  assert.equal(plain.origin, new URL(a.url).origin);
});

test("samples of one problem stay on one server, problems are spread, a dead server is passed over", async (t) => {
  const [a, b, c] = [await serverOf(t), await serverOf(t), await serverOf(t)];
  const endpoint = endpointOf(t, { baseUrls: [a.url, b.url, c.url] });
  const sweep = async (): Promise<void> => {
    for (let p = 0; p < 30; p += 1)
      for (let seed = 0; seed < 2; seed += 1)
        await endpoint.generate(completion(seed, { stickyKey: `problem ${p}` }), never);
  };
  await sweep();
  const counts = [a, b, c].map((server) => server.log.length);
  assert.equal(
    counts.reduce((sum, count) => sum + count),
    60,
  );
  assert.ok(
    counts.every((count) => count >= 8 && count % 2 === 0),
    `spread ${counts.join(", ")}`,
  );
  await b.close();
  await sweep();
  assert.equal(a.log.length + c.log.length, 60 - (counts[1] ?? 0) + 60);
});

test("a base URL's query and trailing slash", async (t) => {
  const server = await serverOf(t);
  const endpoint = endpointOf(t, { baseUrls: [`${server.url}/?api-version=1`] });
  assert.equal((await endpoint.generate(chat(1), never)).text, solution(1));
  assert.equal(server.log[0]?.path, "/v1/chat/completions");
});

test("an endpoint makes no request before it is used", async (t) => {
  const { server } = await opened(t);
  assert.equal(server.sockets.peak, 0);
  assert.equal(configOf({ baseUrls: [server.url] }).api, "auto");
});

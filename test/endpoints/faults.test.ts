import assert from "node:assert/strict";
import { test } from "node:test";
import type { EndpointErrorCode } from "../../src/core/run/generate.ts";
import type { Fault } from "../fakes/server/faults.ts";
import { chat, completion, endpointOf, eventually, failureOf, never, opened, serverOf } from "./opened.ts";

interface Case {
  readonly name: string;
  readonly fault: Fault;
  readonly code: EndpointErrorCode;
  readonly retryable: boolean;
  readonly status?: number;
  readonly retryAfterMs?: number;
  readonly says: RegExp;
}

const status = (code: number, more: Partial<Extract<Fault, { kind: "status" }>> = {}): Fault => ({
  kind: "status",
  status: code,
  ...more,
});

const cases: readonly Case[] = [
  {
    name: "429 with Retry-After 1",
    fault: status(429, { headers: { "retry-after": "1" }, message: "slow down" }),
    code: "rateLimited",
    retryable: true,
    status: 429,
    retryAfterMs: 1_000,
    says: /429: slow down/,
  },
  {
    name: "429 with Retry-After 120",
    fault: status(429, { headers: { "retry-after": "120" } }),
    code: "rateLimited",
    retryable: true,
    status: 429,
    retryAfterMs: 120_000,
    says: /429/,
  },
  {
    name: "503 with retry-after-ms",
    fault: status(503, { headers: { "retry-after-ms": "1500", "retry-after": "9" } }),
    code: "server",
    retryable: true,
    status: 503,
    retryAfterMs: 1_500,
    says: /503/,
  },
  {
    name: "500 in vLLM's form",
    fault: status(500, { message: "EngineCore died" }),
    code: "server",
    retryable: true,
    status: 500,
    says: /500: EngineCore died$/,
  },
  {
    name: "500 in OpenAI's form",
    fault: status(500, { message: "try again", shape: "openai" }),
    code: "server",
    retryable: true,
    status: 500,
    says: /500: try again$/,
  },
  {
    name: "502 with a proxy's page",
    fault: status(502, { message: "x".repeat(9), shape: "html" }),
    code: "server",
    retryable: true,
    status: 502,
    says: /502: an HTML page "502"$/,
  },
  { name: "408", fault: status(408), code: "server", retryable: true, status: 408, says: /408/ },
  { name: "409", fault: status(409), code: "server", retryable: true, status: 409, says: /409/ },
  { name: "425", fault: status(425), code: "server", retryable: true, status: 425, says: /425/ },
  {
    name: "400 with a message",
    fault: status(400, { message: "top_k must be -1 or at least 1" }),
    code: "badRequest",
    retryable: false,
    status: 400,
    says: /400: top_k must be/,
  },
  {
    name: "422",
    fault: status(422, { message: "extra inputs are not permitted", shape: "openai" }),
    code: "badRequest",
    retryable: false,
    status: 422,
    says: /422: extra inputs/,
  },
  {
    name: "401",
    fault: status(401, { message: "Unauthorized" }),
    code: "unauthorized",
    retryable: false,
    status: 401,
    says: /401: Unauthorized/,
  },
  {
    name: "403",
    fault: status(403, { shape: "plain", message: "forbidden" }),
    code: "unauthorized",
    retryable: false,
    status: 403,
    says: /403: forbidden/,
  },
  {
    name: "404",
    fault: status(404, { message: "The model `x` does not exist." }),
    code: "notFound",
    retryable: false,
    status: 404,
    says: /404: The model `x` does not exist\.$/,
  },
  {
    name: "400 of max_tokens",
    fault: status(400, { message: "max_tokens is too large: 99999" }),
    code: "contextLength",
    retryable: false,
    status: 400,
    says: /max_tokens is too large/,
  },
  {
    name: "400 that does not know max_tokens",
    fault: status(400, { message: "Unsupported parameter: 'max_tokens'" }),
    code: "badRequest",
    retryable: false,
    status: 400,
    says: /Unsupported/,
  },
  {
    name: "a connection reset before the reply",
    fault: { kind: "reset" },
    code: "connection",
    retryable: true,
    says: /closed the connection \(ECONNRESET\)/,
  },
  {
    name: "a cut stream",
    fault: { kind: "cut", afterEvents: 1 },
    code: "cutStream",
    retryable: true,
    says: /broke off/,
  },
  {
    name: "a stream that ends without reason or [DONE]",
    fault: { kind: "cutQuietly", afterEvents: 1 },
    code: "cutStream",
    retryable: true,
    says: /broke off/,
  },
  {
    name: "an empty stream",
    fault: { kind: "cutQuietly", afterEvents: 0 },
    code: "cutStream",
    retryable: true,
    says: /broke off/,
  },
  {
    name: "malformed JSON in the stream",
    fault: { kind: "malformed" },
    code: "malformed",
    retryable: true,
    says: /expected JSON/,
  },
  {
    name: "a stream of other JSON",
    fault: { kind: "strangeJson", body: `{"hello":1}` },
    code: "malformed",
    retryable: true,
    says: /expected choices, got hello/,
  },
  {
    name: "a text that is a number",
    fault: { kind: "strangeJson", body: `{"choices":[{"text":5,"delta":{"content":5}}]}` },
    code: "malformed",
    retryable: true,
    says: /expected string, got number/,
  },
  {
    name: "an error object inside the stream",
    fault: { kind: "errorEvent", afterEvents: 1, message: "out of memory" },
    code: "server",
    retryable: true,
    status: 500,
    says: /500: out of memory/,
  },
  {
    name: "an error object with a status of its own",
    fault: { kind: "errorEvent", afterEvents: 1, message: "bad", code: 400 },
    code: "badRequest",
    retryable: false,
    status: 400,
    says: /400: bad/,
  },
];

for (const { name, fault, code, retryable, says, ...facts } of cases)
  for (const [api, request] of [
    ["completions", completion(1)],
    ["chat", chat(1)],
  ] as const)
    test(`${name}: ${code} (${api})`, async (t) => {
      const { endpoint, server } = await opened(t, { faults: [fault] });
      const error = await failureOf(endpoint.generate(request, never));
      const { status = null, retryAfterMs = null } = facts;
      assert.deepEqual(
        {
          code: error.code,
          retryable: error.retryable,
          status: error.status,
          retryAfterMs: error.retryAfterMs,
        },
        { code, retryable, status, retryAfterMs },
      );
      assert.match(error.message, says);
      assert.match(error.message, /^http:\/\/127\.0\.0\.1:\d+\/v1\//, "says where");
      assert.equal(server.log.length, 1, "nothing is tried again at this layer");
      // The endpoint is none the worse for it.
      assert.equal((await endpoint.generate(request, never)).finishReason, "stop");
    });

for (const fault of [
  { kind: "malformed" },
  { kind: "strangeJson", body: "<html>hi</html>" },
  { kind: "strangeJson", body: `{"choices":[]}` },
] as const)
  test(`without a stream: ${JSON.stringify(fault)} is malformed`, async (t) => {
    const { endpoint } = await opened(t, { faults: [fault], quirks: { neverStreams: true } });
    const error = await failureOf(endpoint.generate(chat(1), never));
    assert.deepEqual([error.code, error.retryable], ["malformed", true]);
  });

test("a JSON body cut by the connection is a cut stream", async (t) => {
  const { endpoint } = await opened(t, {
    faults: [{ kind: "cut", afterEvents: 0 }],
    quirks: { neverStreams: true },
  });
  assert.equal((await failureOf(endpoint.generate(chat(1), never))).code, "cutStream");
});

test("a prompt too long for the model fails this sample alone", async (t) => {
  const { endpoint } = await opened(t, { maxModelLength: 500 });
  const error = await failureOf(endpoint.generate(completion(1), never));
  assert.deepEqual([error.code, error.retryable, error.status], ["contextLength", false, 400]);
  assert.match(error.message, /maximum context length is 500 tokens/);
});

test("connection refused", async (t) => {
  const server = await serverOf(t);
  await server.close();
  const error = await failureOf(endpointOf(t, { baseUrls: [server.url] }).generate(chat(1), never));
  assert.deepEqual([error.code, error.retryable, error.status], ["connection", true, null]);
  assert.match(error.message, /nothing listens there \(ECONNREFUSED\)/);
});

test("a host that does not exist", async (t) => {
  const error = await failureOf(
    endpointOf(t, { baseUrls: ["http://no-such-host.invalid/v1"] }).generate(chat(1), never),
  );
  assert.equal(error.code, "connection");
});

test("https to a server that speaks http", async (t) => {
  const server = await serverOf(t);
  const endpoint = endpointOf(t, { baseUrls: [server.url.replace("http:", "https:")] });
  const error = await failureOf(endpoint.generate(chat(1), never));
  assert.deepEqual([error.code, error.retryable], ["connection", false]);
});

test("a base URL without /v1 is hinted at", async (t) => {
  const server = await serverOf(t);
  const endpoint = endpointOf(t, { baseUrls: [server.url.replace("/v1", "")] });
  const error = await failureOf(endpoint.generate(chat(1), never));
  assert.equal(error.code, "notFound");
  assert.match(error.message, /ends in \/v1/);
});

test("a redirect to another origin is not followed", async (t) => {
  const other = await serverOf(t);
  const { endpoint } = await opened(
    t,
    { quirks: { redirectTo: `${other.url}/chat/completions?token=abc` } },
    { apiKey: "k-12345" },
  );
  const error = await failureOf(endpoint.generate(chat(1), never));
  assert.deepEqual([error.code, error.retryable, error.status], ["badRequest", false, 302]);
  assert.match(error.message, /redirects to http:\/\/127\.0\.0\.1:\d+\/v1\/chat\/completions: not followed/);
  assert.equal(other.log.length, 0);
});

for (const [name, fault] of [
  ["a server that never answers", { kind: "hang" }],
  ["a stream silent from its start", { kind: "silent", afterEvents: 0 }],
  ["a stream that falls silent", { kind: "silent", afterEvents: 2 }],
] as const)
  test(`${name} ends as timeout and its socket is closed`, async (t) => {
    const { endpoint, server } = await opened(t, { faults: [fault] }, { idleTimeoutMs: 120 });
    const start = performance.now();
    const error = await failureOf(endpoint.generate(chat(1), never));
    assert.deepEqual([error.code, error.retryable], ["timeout", true]);
    assert.match(error.message, /sent nothing for 0\.12 s/);
    assert.ok(performance.now() - start >= 100, "not before its time");
    await eventually(() => server.log[0]?.aborted === true, "the server seeing the closed socket");
  });

test("a slow stream is no silent one: only the time without a byte counts", async (t) => {
  const slow = await opened(
    t,
    { latency: { medianMs: 120, sigma: 0.01, seed: 1 } },
    { idleTimeoutMs: 2_000 },
  );
  assert.equal((await slow.endpoint.generate(chat(1), never)).finishReason, "stop");
});

test("waiting for a free socket is not the server's silence", async (t) => {
  // The last one waits 2.1 s for the socket, longer than the limit, and is answered far within it, also on a busy machine.
  const settings = { idleTimeoutMs: 1_800, maxConcurrency: 1 };
  const { endpoint } = await opened(t, { latency: { medianMs: 300, sigma: 0.01, seed: 1 } }, settings);
  const all = await Promise.all(Array.from({ length: 8 }, (_, seed) => endpoint.generate(chat(seed), never)));
  assert.equal(all.length, 8);
});

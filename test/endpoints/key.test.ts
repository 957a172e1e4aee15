import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { parseEndpointConfig } from "../../src/endpoints/config.ts";
import { probeEndpoint } from "../../src/endpoints/probe.ts";
import { createRedact } from "../../src/endpoints/redact.ts";
import type { Fault } from "../fakes/server/faults.ts";
import { chat, completion, configOf, endpointOf, failureOf, never, serverOf } from "./opened.ts";

const key = "unique-key-7f3a91c2-&/ü?".replace("ü", "u");
const headerSecret = "header-secret-55aa";
const querySecret = "query secret/66bb";
const password = "pass-word-77cc";
const secrets = [
  key,
  headerSecret,
  querySecret,
  password,
  encodeURIComponent(key),
  encodeURIComponent(querySecret),
];

/** Everything a log, a notification or a crash report could show of an error. */
function assertClean(error: Error): void {
  const shown = [
    String(error),
    error.message,
    error.stack,
    inspect(error, { depth: 20, showHidden: true }),
    JSON.stringify(error),
  ];
  for (const text of shown)
    for (const secret of [...secrets, key.slice(0, 12)])
      assert.ok(!text?.includes(secret), `${secret} stands in ${text}`);
}

const echo = `Incorrect API key provided: ${key}. You sent Authorization: Bearer ${key} and X-Secret ${headerSecret} to http://h/v1?code=${encodeURIComponent(querySecret)}, user:${password}`;

const faults: Readonly<Record<string, Fault>> = {
  "401 in vLLM's form": { kind: "status", status: 401, message: echo },
  "401 in OpenAI's form": { kind: "status", status: 401, message: echo, shape: "openai" },
  "403 as a page": { kind: "status", status: 403, message: echo, shape: "html" },
  "400 as text": { kind: "status", status: 400, message: `${"x".repeat(280)}${echo}`, shape: "plain" },
  "500 with the start of the key": { kind: "status", status: 500, message: `bad key ${key.slice(0, 14)}***` },
  "429 with the key in a header": {
    kind: "status",
    status: 429,
    headers: { "x-echo": key, "retry-after": key },
  },
  "a redirect that carries the key": {
    kind: "status",
    status: 302,
    headers: { location: `http://other.invalid/?k=${encodeURIComponent(key)}` },
  },
  "an error inside the stream": { kind: "errorEvent", afterEvents: 1, message: echo },
  "JSON of the key": { kind: "strangeJson", body: JSON.stringify({ [key]: key, echo }) },
  "JSON that is none": { kind: "strangeJson", body: echo },
  "a cut stream": { kind: "cut", afterEvents: 1 },
  "a reset": { kind: "reset" },
  "a silent stream": { kind: "silent", afterEvents: 1 },
};

for (const [name, fault] of Object.entries(faults))
  test(`the key is in nothing that is thrown: ${name}`, async (t) => {
    const server = await serverOf(t, { faults: [fault, fault] });
    const url = `${server.url.replace("http://", `http://user:${password}@`)}?code=${encodeURIComponent(querySecret)}`;
    const endpoint = endpointOf(
      t,
      { baseUrls: [url], headers: { "X-Secret": headerSecret }, idleTimeoutMs: 80 },
      key,
    );
    for (const request of [completion(1), chat(1)])
      assertClean(await failureOf(endpoint.generate(request, never)));
    assert.equal(server.log[0]?.headers.authorization, `Bearer ${key}`, "the server had it");
    assert.equal(server.log[0]?.headers["x-secret"], headerSecret);
  });

test("nor when nothing listens, nor when the key itself cannot be sent", async (t) => {
  const server = await serverOf(t);
  const refused = endpointOf(
    t,
    { baseUrls: [`http://user:${password}@127.0.0.1:1/v1?code=${querySecret}`] },
    key,
  );
  assertClean(await failureOf(refused.generate(chat(1), never)));
  const unsendable = endpointOf(t, { baseUrls: [server.url] }, `${key}\u{1F511}`);
  const error = await failureOf(unsendable.generate(chat(1), never));
  assertClean(error);
  assert.deepEqual([error.code, error.retryable], ["badRequest", false]);
});

test("a key pasted with a line end is sent without it", async (t) => {
  const server = await serverOf(t, { key });
  await endpointOf(t, { baseUrls: [server.url] }, ` ${key}\n`).generate(chat(1), never);
  assert.equal(server.log.length, 1);
});

test("the key is in nothing that a probe finds", async (t) => {
  const server = await serverOf(t, { faults: () => ({ kind: "status", status: 400, message: echo }) });
  const config = configOf({
    baseUrls: [server.url],
    headers: { "X-Secret": headerSecret, Cookie: `a=${querySecret}; b=${password}` },
  });
  const found = JSON.stringify(await probeEndpoint(config, { apiKey: key }, never));
  for (const secret of [key, key.slice(0, 12), headerSecret]) assert.ok(!found.includes(secret), found);
});

test("redaction keeps the rest of a message", () => {
  const config = parseEndpointConfig({ baseUrls: "http://h/v1?key=abcdef", model: "m" }, "e");
  const redact = createRedact(config, ["k1", "secret-key"]);
  assert.equal(
    redact(
      "k1 failed at https://u:p@h.example/v1/x?key=1#y with secret-key, Bearer abc.def and sk-abc***xyz",
    ),
    "k1 failed at https://h.example/v1/x with [redacted], Bearer [redacted] and [redacted]",
  );
});

test("a configuration's message does not repeat a URL", () => {
  const bad = { baseUrls: [`htp://user:${password}@host`], model: "m" };
  assert.throws(
    () => parseEndpointConfig(bad, "e"),
    (error: Error) => !inspect(error).includes(password),
  );
});

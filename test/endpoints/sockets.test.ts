import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultIdleTimeoutMs } from "../../src/endpoints/config.ts";
import { createNodeFetch } from "../../src/endpoints/nodeFetch.ts";
import { Transport } from "../../src/endpoints/transport.ts";
import { chat, completion, eventually, failureOf, never, opened, serverOf } from "./opened.ts";

const slowly = { medianMs: 20, sigma: 0.3, seed: 4 };

test("300 requests at once use at most maxConcurrency sockets, again and again the same", async (t) => {
  const { endpoint, server } = await opened(t, { latency: slowly }, { maxConcurrency: 16 });
  const all = await Promise.all(
    Array.from({ length: 300 }, (_, i) => endpoint.generate(completion(i), never)),
  );
  assert.equal(all.length, 300);
  assert.ok(all.every((generation) => generation.finishReason === "stop"));
  assert.equal(server.sockets.peak, 16);
  await endpoint.generate(chat(1), never);
  assert.equal(server.sockets.peak, 16);
});

for (const [name, fault] of [
  ["before the reply", { kind: "hang" }],
  ["inside the stream", { kind: "silent", afterEvents: 2 }],
] as const)
  test(`abort ${name} closes the socket and is code cancelled`, async (t) => {
    const { endpoint, server } = await opened(t, { faults: [fault] });
    const controller = new AbortController();
    const pending = failureOf(endpoint.generate(chat(1), controller.signal));
    await eventually(() => server.log.length === 1, "the request");
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(server.log[0]?.aborted, false);
    controller.abort();
    const error = await pending;
    assert.deepEqual([error.code, error.retryable], ["cancelled", false]);
    await eventually(() => server.log[0]?.aborted === true, "the server seeing the abort");
    await eventually(() => server.sockets.open === 0, "the socket's end");
  });

test("an aborted signal sends nothing", async (t) => {
  const { endpoint, server } = await opened(t);
  assert.equal((await failureOf(endpoint.generate(chat(1), AbortSignal.abort()))).code, "cancelled");
  assert.equal(server.sockets.peak, 0);
});

test("cancelling while requests wait for a socket leaves none behind", async (t) => {
  const { endpoint, server } = await opened(t, { faults: () => ({ kind: "hang" }) }, { maxConcurrency: 2 });
  const controller = new AbortController();
  const all = Array.from({ length: 10 }, (_, i) => failureOf(endpoint.generate(chat(i), controller.signal)));
  await eventually(() => server.log.length === 2, "two requests");
  controller.abort();
  assert.deepEqual([...new Set((await Promise.all(all)).map((error) => error.code))], ["cancelled"]);
  // The agent may have opened sockets for those that waited; idle ones end after 4 s, before uvicorn's 5 s.
  await eventually(() => server.sockets.open === 0, "the sockets' end", 4_900);
  assert.equal(server.log.length, 2, "those that waited were never sent");
});

test("closing an endpoint cancels what is in flight", async (t) => {
  const { endpoint, server } = await opened(t, { faults: [{ kind: "hang" }] });
  const pending = failureOf(endpoint.generate(chat(1), never));
  await eventually(() => server.log.length === 1, "the request");
  endpoint.close();
  assert.equal((await pending).code, "cancelled");
  assert.equal((await failureOf(endpoint.generate(chat(1), never))).code, "cancelled");
});

test("a reply that stays open after [DONE] is complete at once and loses its socket", async (t) => {
  const { endpoint, server } = await opened(
    t,
    { faults: [{ kind: "silent", afterEvents: 1_000 }] },
    { idleTimeoutMs: 60_000 },
  );
  assert.equal((await endpoint.generate(chat(1), never)).finishReason, "stop");
  assert.equal(server.sockets.open, 1, "did not wait for the end");
  await eventually(() => server.sockets.open === 0, "the socket's end");
});

test("no warning of a leak with one signal for hundreds of requests", async (t) => {
  const warnings: string[] = [];
  const listen = (warning: Error): void => void warnings.push(warning.name);
  process.on("warning", listen);
  t.after(() => process.off("warning", listen));
  const { endpoint } = await opened(t, { latency: slowly });
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 200 }, (_, i) => endpoint.generate(completion(i), signal)));
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(warnings, []);
});

test("without a setting a stream may be silent for ten minutes", () =>
  assert.equal(defaultIdleTimeoutMs, 600_000));

test("nodeFetch as a plain fetch: headers, text, JSON, web stream, early end of reading", async (t) => {
  const server = await serverOf(t);
  const transport = new Transport({ maxSockets: 4, idleTimeoutMs: 5_000 });
  t.after(() => transport.close());
  const fetch = createNodeFetch(transport);
  const models = await fetch(`${server.url}/models`);
  assert.deepEqual(
    [models.status, models.ok, models.headers.get("Content-Type")],
    [200, true, "application/json"],
  );
  assert.equal(((await models.json()) as { object: string }).object, "list");
  const body = JSON.stringify({ model: "fake-model", prompt: "hi", stream: true, max_tokens: 9 });
  const init = { method: "POST", headers: new Headers({ "Content-Type": "application/json" }), body };
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of (await fetch(new URL(`${server.url}/completions`), init)).body ?? [])
    text += decoder.decode(chunk);
  assert.match(text, /\[DONE\]\n\n$/);
  assert.equal(server.sockets.peak, 1, "one socket was kept and used again");
  const left = await fetch(`${server.url}/completions`, init);
  await left.body?.cancel();
  await assert.rejects(async () => fetch(new Request(server.url)), TypeError);
  await assert.rejects(fetch(`${server.url}/models`, { signal: AbortSignal.abort() }), {
    name: "AbortError",
  });
});

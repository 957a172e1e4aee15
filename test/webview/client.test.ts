import assert from "node:assert/strict";
import { test } from "node:test";
import type { ToHost, ToWebview } from "../../src/protocol/rpc.ts";
import { createClient, RequestError } from "../../webview/shared/client.ts";

interface Toy {
  readonly requests: {
    readonly double: { readonly params: { readonly value: number }; readonly result: number };
  };
  readonly events: { readonly tick: number };
}

function wired() {
  const target = new EventTarget();
  const sent: ToHost[] = [];
  const client = createClient<Toy>({ postMessage: (message) => sent.push(message) }, target);
  const receive = (data: ToWebview | string | null): boolean =>
    target.dispatchEvent(new MessageEvent("message", { data }));
  return { client, sent, receive, leave: () => target.dispatchEvent(new Event("pagehide")) };
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "resolved",
    (error: unknown) => (error instanceof RequestError ? error.code : "another error"),
  );

test("replies reach their own request, whatever the order", async () => {
  const { client, sent, receive } = wired();
  const [one, two] = [client.call("double", { value: 1 }), client.call("double", { value: 2 })];
  const ids = sent.map((message) => message.id);
  receive({ type: "reply", id: ids[1] ?? 0, ok: true, result: 4 });
  receive({ type: "reply", id: ids[0] ?? 0, ok: true, result: 2 });
  assert.deepEqual(await Promise.all([one, two]), [2, 4]);
});

test("a failure rejects with the host's code and words", async () => {
  const { client, receive } = wired();
  const call = client.call("double", { value: 1 });
  receive({ type: "reply", id: 1, ok: false, failure: { code: "gone", message: "The run is gone." } });
  await assert.rejects(
    call,
    (error: unknown) =>
      error instanceof RequestError && error.code === "gone" && error.message === "The run is gone.",
  );
});

test("an abort crosses the wire once and rejects at once; a late reply is nobody's", async () => {
  const { client, sent, receive } = wired();
  const stop = new AbortController();
  const call = codeOf(client.call("double", { value: 1 }, stop.signal));
  stop.abort();
  stop.abort();
  assert.equal(await call, "cancelled");
  assert.deepEqual(sent.slice(1), [{ type: "cancel", id: 1 }]);
  receive({ type: "reply", id: 1, ok: true, result: 2 });
});

test("an abort after the reply sends nothing, one before it asks nothing", async () => {
  const { client, sent, receive } = wired();
  const stop = new AbortController();
  const call = client.call("double", { value: 1 }, stop.signal);
  receive({ type: "reply", id: 1, ok: true, result: 2 });
  assert.equal(await call, 2);
  stop.abort();
  assert.equal(await codeOf(client.call("double", { value: 1 }, stop.signal)), "cancelled");
  assert.equal(sent.length, 1);
});

test("leaving the page rejects what is pending", async () => {
  const { client, leave } = wired();
  const calls = [codeOf(client.call("double", { value: 1 })), codeOf(client.call("double", { value: 2 }))];
  leave();
  assert.deepEqual(await Promise.all(calls), ["closed", "closed"]);
});

test("events reach listeners until they stop, and foreign messages are ignored", () => {
  const { client, receive } = wired();
  const heard: number[] = [];
  const stop = client.on("tick", (value) => heard.push(value));
  receive({ type: "event", name: "tick", payload: 1 });
  receive("from a devtool");
  receive(null);
  stop();
  receive({ type: "event", name: "tick", payload: 2 });
  assert.deepEqual(heard, [1]);
});

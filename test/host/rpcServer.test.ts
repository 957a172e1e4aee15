import assert from "node:assert/strict";
import test from "node:test";
import type { ToWebview } from "../../src/protocol/rpc.ts";
import { LensError } from "../../src/core/errors.ts";
import { RpcServer, type MessageChannel } from "../../src/host/rpcServer.ts";
import { createClient } from "../../webview/shared/client.ts";

interface Echo {
  readonly requests: {
    readonly double: { readonly params: number; readonly result: number };
    readonly fail: { readonly params: null; readonly result: null };
    readonly wait: { readonly params: null; readonly result: null };
  };
  readonly events: { readonly tick: number };
}

function setUp(options: { visible?: boolean } = {}) {
  const sent: ToWebview[] = [];
  const failures: string[] = [];
  let receive: (message: unknown) => void = () => undefined;
  let aborted = 0;
  const channel: MessageChannel = {
    postMessage: (message) => Promise.resolve(sent.push(message) > 0),
    onDidReceiveMessage: (listener) => {
      receive = listener;
      return { dispose: () => (receive = () => undefined) };
    },
  };
  const server = new RpcServer<Echo>({
    channel,
    isVisible: () => options.visible ?? true,
    onFailure: (method, error) => failures.push(`${method}: ${(error as Error).message}`),
    handlers: {
      double: (value) => 2 * value,
      fail: () => {
        throw new LensError("stale", "The file changed.");
      },
      wait: (_params, signal) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener("abort", () => {
            aborted++;
            reject(new Error("stopped"));
          }),
        ),
    },
  });
  return { server, sent, failures, send: (message: unknown) => receive(message), aborted: () => aborted };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("a request is answered with its result", async () => {
  const { send, sent } = setUp();
  send({ type: "request", id: 7, method: "double", params: 21 });
  await settled();
  assert.deepEqual(sent, [{ type: "reply", id: 7, ok: true, result: 42 }]);
});

test("a handler that throws answers with code and message, and is logged", async () => {
  const { send, sent, failures } = setUp();
  send({ type: "request", id: 1, method: "fail", params: null });
  await settled();
  const failure = { code: "stale", message: "The file changed." };
  assert.deepEqual(sent, [{ type: "reply", id: 1, ok: false, failure }]);
  assert.deepEqual(failures, ["fail: The file changed."]);
});

test("an unknown method is a failure, also one that every object has", async () => {
  const { send, sent } = setUp();
  for (const method of ["nothing", "toString", "constructor"])
    send({ type: "request", id: 1, method, params: null });
  await settled();
  assert.deepEqual(
    sent.map((message) => message.type === "reply" && !message.ok && message.failure.code),
    ["unknownMethod", "unknownMethod", "unknownMethod"],
  );
});

test("cancel aborts the handler and settles the request, silently", async () => {
  const { send, sent, failures, aborted } = setUp();
  send({ type: "request", id: 3, method: "wait", params: null });
  send({ type: "cancel", id: 3 });
  await settled();
  assert.equal(aborted(), 1);
  assert.deepEqual(sent, [
    { type: "reply", id: 3, ok: false, failure: { code: "cancelled", message: "Cancelled." } },
  ]);
  assert.deepEqual(failures, []);
});

test("a hidden view gets no events", () => {
  const hidden = setUp({ visible: false });
  assert.equal(hidden.server.emit("tick", 1), false);
  assert.deepEqual(hidden.sent, []);
  const shown = setUp();
  assert.equal(shown.server.emit("tick", 1), true);
  assert.deepEqual(shown.sent, [{ type: "event", name: "tick", payload: 1 }]);
});

test("disposing aborts what runs and sends nothing any more", async () => {
  const { server, send, sent, aborted } = setUp();
  send({ type: "request", id: 3, method: "wait", params: null });
  server.dispose();
  await settled();
  assert.equal(aborted(), 1);
  assert.equal(server.emit("tick", 1), false);
  assert.deepEqual(sent, []);
});

test("what is no request is not answered", async () => {
  const { send, sent } = setUp();
  for (const message of [null, "x", {}, { type: "request", method: "double" }, { type: "request", id: 1 }])
    send(message);
  await settled();
  assert.deepEqual(sent, []);
});

test("the webview's client and this server understand each other", async () => {
  const target = new EventTarget();
  let toHost: (message: unknown) => void = () => undefined;
  const server = new RpcServer<Echo>({
    channel: {
      postMessage: (data) => Promise.resolve(target.dispatchEvent(new MessageEvent("message", { data }))),
      onDidReceiveMessage: (listener) => ((toHost = listener), { dispose: () => undefined }),
    },
    isVisible: () => true,
    onFailure: () => undefined,
    handlers: {
      double: (value) => 2 * value,
      fail: () => Promise.reject(new Error("no")),
      wait: () => new Promise(() => undefined),
    },
  });
  const client = createClient<Echo>({ postMessage: (message) => toHost(message) }, target);
  assert.equal(await client.call("double", 4), 8);
  await assert.rejects(client.call("fail", null), { code: "failed", message: "no" });
  const controller = new AbortController();
  const waiting = client.call("wait", null, controller.signal);
  controller.abort();
  await assert.rejects(waiting, { code: "cancelled" });
  const ticks: number[] = [];
  client.on("tick", (tick) => ticks.push(tick));
  server.emit("tick", 5);
  assert.deepEqual(ticks, [5]);
});

import assert from "node:assert/strict";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import { completion, endpointOf, eventually, failureOf, never } from "./opened.ts";

const body = `data: {"choices":[{"text":"4","finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`;
const reply = (headers = ""): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: ${body.length}\r\n${headers}\r\n${body}`;

/** A server that answers each request with what `say` gives, on sockets of its own. */
async function rawServer(
  t: TestContext,
  say: (socket: Socket, request: number) => void,
): Promise<{ readonly url: string; readonly sockets: Socket[] }> {
  const sockets: Socket[] = [];
  let requests = 0;
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    // A request's head and body arrive together: they are short, and written in one piece.
    socket.on("data", () => say(socket, requests++));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, sockets };
}

const textOf = async (endpoint: ReturnType<typeof endpointOf>, seed: number): Promise<string> =>
  (await endpoint.generate(completion(seed), never)).text;

test("a socket is used again, also where nobody says keep-alive", async (t) => {
  const { url, sockets } = await rawServer(t, (socket) => socket.write(reply()));
  const endpoint = endpointOf(t, { baseUrls: [url] });
  for (let seed = 0; seed < 5; seed += 1) assert.equal(await textOf(endpoint, seed), "4");
  assert.equal(sockets.length, 1);
});

for (const [says, headers] of [
  ["that it keeps idle sockets for a second", "connection: keep-alive\r\nkeep-alive: timeout=1\r\n"],
  ["connection: close", "connection: close\r\n"],
] as const)
  test(`a server that says ${says} gets a new socket with each request`, async (t) => {
    const { url, sockets } = await rawServer(t, (socket) => socket.write(reply(headers)));
    const endpoint = endpointOf(t, { baseUrls: [url] });
    for (let seed = 0; seed < 3; seed += 1) assert.equal(await textOf(endpoint, seed), "4");
    assert.equal(sockets.length, 3);
  });

test("what comes on an idle socket is not taken for the next reply", async (t) => {
  const stray = reply().replace('"4"', '"5"');
  const { url, sockets } = await rawServer(t, (socket, request) => {
    socket.write(reply());
    if (request === 0) setTimeout(() => socket.write(stray), 20);
  });
  const endpoint = endpointOf(t, { baseUrls: [url] });
  assert.equal(await textOf(endpoint, 0), "4");
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.equal(await textOf(endpoint, 1), "4");
  assert.equal(sockets.length, 2);
});

test("a server that ends an idle socket is asked on another one", async (t) => {
  const { url, sockets } = await rawServer(t, (socket) => socket.write(reply()));
  const endpoint = endpointOf(t, { baseUrls: [url] });
  assert.equal(await textOf(endpoint, 0), "4");
  sockets[0]?.resetAndDestroy();
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(await textOf(endpoint, 1), "4");
});

test("requests that waited for a socket get one when those before them fail", async (t) => {
  const { url, sockets } = await rawServer(t, (socket, request) => {
    if (request < 2) socket.resetAndDestroy();
    else socket.write(reply());
  });
  const endpoint = endpointOf(t, { baseUrls: [url], maxConcurrency: 1 });
  const [first, second, third] = [0, 1, 2].map((seed) => endpoint.generate(completion(seed), never));
  assert.equal((await failureOf(first ?? Promise.resolve())).code, "connection");
  assert.equal((await failureOf(second ?? Promise.resolve())).code, "connection");
  assert.equal((await third)?.text, "4");
  await eventually(() => sockets.filter((socket) => !socket.destroyed).length === 1, "one socket left");
});

import assert from "node:assert/strict";
import http, { Agent, type ClientRequest, type RequestOptions } from "node:http";
import { syncBuiltinESMExports } from "node:module";
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

/** As VS Code's: made anew for each request, without keep-alive, and the request goes on to the agent it was given. */
class ProxyAgent extends Agent {
  private readonly given: Adding;

  constructor(given: Adding) {
    super();
    this.given = given;
  }

  addRequest(request: ClientRequest, options: object): void {
    setImmediate(() => this.given.addRequest(request, options));
  }
}

interface Adding {
  addRequest(request: ClientRequest, options: object): void;
}

for (const host of ["127.0.0.1", "0.0.0.0"])
  test(`a proxy's agent before ours does not end the sockets to ${host}`, async (t) => {
    const { url, sockets } = await rawServer(t, (socket) => socket.write(reply()));
    const { request } = http;
    let proxied = 0;
    t.after(() => {
      http.request = request;
      syncBuiltinESMExports();
    });
    http.request = ((options: RequestOptions) => {
      proxied += 1;
      return request({ ...options, agent: new ProxyAgent(options.agent as unknown as Adding) });
    }) as typeof request;
    syncBuiltinESMExports();
    const endpoint = endpointOf(t, { baseUrls: [url.replace("127.0.0.1", host)] });
    for (let seed = 0; seed < 5; seed += 1) assert.equal(await textOf(endpoint, seed), "4");
    assert.equal(sockets.length, 1);
    assert.equal(proxied > 0, host !== "127.0.0.1", "this machine's own servers are asked without it");
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

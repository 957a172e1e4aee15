import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { parseEndpointConfig, type EndpointConfig } from "../../src/endpoints/config.ts";
import { openEndpoint, type ApiKey, type Endpoint } from "../../src/endpoints/endpoint.ts";
import { EndpointError, type GenerateRequest } from "../../src/core/run/generate.ts";
import { replayQwen, syntheticRows } from "../fakes/server/answers.ts";
import { startServer, type FakeServer, type ServerOptions } from "../fakes/server/server.ts";

export const rows = syntheticRows(20);
export const never = new AbortController().signal;

export interface Opened {
  readonly server: FakeServer;
  readonly endpoint: Endpoint;
}

/** A loopback server and an endpoint on it; both end with the test. */
export async function opened(
  t: TestContext,
  server: Partial<ServerOptions> = {},
  more: Partial<EndpointConfig> & { readonly apiKey?: ApiKey } = {},
): Promise<Opened> {
  const started = await serverOf(t, server);
  const { apiKey = null, ...fields } = more;
  return { server: started, endpoint: endpointOf(t, { baseUrls: [started.url], ...fields }, apiKey) };
}

export async function serverOf(t: TestContext, options: Partial<ServerOptions> = {}): Promise<FakeServer> {
  const server = await startServer({ answer: replayQwen(rows), ...options });
  t.after(() => server.close());
  return server;
}

export const configOf = (fields: Partial<EndpointConfig>): EndpointConfig =>
  parseEndpointConfig({ name: "test", model: "fake-model", ...fields }, "test");

export function endpointOf(t: TestContext, fields: Partial<EndpointConfig>, apiKey: ApiKey = null): Endpoint {
  const endpoint = openEndpoint(configOf(fields), { apiKey });
  t.after(() => endpoint.close());
  return endpoint;
}

const common = { temperature: 0.6, topP: 0.95, maxTokens: 1_000, stop: [], extraBody: {}, stickyKey: "p0" };

export function completion(seed: number, fields: Partial<GenerateRequest> = {}): GenerateRequest {
  const question = rows[0]?.question ?? "";
  return { input: { api: "completions", prompt: `Solve: ${question}` }, seed, ...common, ...fields };
}

export function chat(seed: number, fields: Partial<GenerateRequest> = {}): GenerateRequest {
  const content = rows[0]?.question ?? "";
  return { input: { api: "chat", messages: [{ role: "user", content }] }, seed, ...common, ...fields };
}

/** The EndpointError that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<EndpointError> {
  const error = await promise.then(
    () => assert.fail("expected a rejection"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof EndpointError, `expected an EndpointError, got ${String(error)}`);
  return error;
}

/** Waits for something that the server's side brings about. */
export async function eventually(holds: () => boolean, what: string, withinMs = 2_000): Promise<void> {
  for (const end = performance.now() + withinMs; performance.now() < end;) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`${what} did not come about`);
}

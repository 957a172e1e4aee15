import { setMaxListeners } from "node:events";
import type { CancelSignal } from "../core/ports.ts";
import {
  EndpointError,
  type GenerateRequest,
  type Generation,
  type Generator,
} from "../core/run/generate.ts";
import { Balance, type Backend } from "./balance.ts";
import { chatPiece, postChat } from "./chat.ts";
import { completionPiece, postCompletion } from "./completions.ts";
import { defaultIdleTimeoutMs, defaultMaxConcurrency, originOf, type EndpointConfig } from "./config.ts";
import { cancelled, failureOf } from "./failure.ts";
import { createNodeFetch } from "./nodeFetch.ts";
import { createRedact, type Redact } from "./redact.ts";
import { readReply } from "./reply.ts";
import { sharedBody } from "./requestBody.ts";
import { WireClient } from "./wireClient.ts";

/** The key of an origin, or `null`. A plain text belongs to the FIRST base URL's origin and is sent to no other. */
export type ApiKey = string | null | ((origin: string) => string | null);

export interface EndpointPorts {
  readonly apiKey: ApiKey;
  /** Default: `createNodeFetch`, bounded to `maxConcurrency` sockets per origin. */
  readonly fetch?: typeof globalThis.fetch;
}

/** An endpoint ready to write samples. */
export interface Endpoint extends Generator {
  /** Scheme, host and port of the first base URL: what keys and run files go by. */
  readonly origin: string;
  /** Ends all sockets; requests in flight end as `cancelled`. */
  close(): void;
}

/** Opens an endpoint; no request is made before `generate`, which rejects with `EndpointError`. */
export function openEndpoint(config: EndpointConfig, ports: EndpointPorts): Endpoint {
  const connection = connect(config, ports);
  const { clients, redact } = connection;
  const balance = new Balance(config.baseUrls);
  let closed = false;

  const attempt = async (
    backend: Backend,
    request: GenerateRequest,
    signal: CancelSignal,
  ): Promise<Generation> => {
    const client = clients.get(backend.url);
    if (client === undefined) throw new Error(`no client for ${backend.url}`);
    const bridge = abortSignalOf(signal);
    backend.inFlight += 1;
    try {
      return await generateWith(client, { config, request, signal: bridge.signal });
    } catch (error) {
      if (signal.aborted || closed) throw cancelled();
      throw failureOf(error, { url: `${client.shownUrl}${pathOf(request)}`, redact });
    } finally {
      bridge.release();
      backend.inFlight -= 1;
    }
  };

  const generate = async (request: GenerateRequest, signal: CancelSignal): Promise<Generation> => {
    const tried = new Set<Backend>();
    for (;;) {
      if (signal.aborted || closed) throw cancelled();
      const backend = balance.pick(request.stickyKey, tried);
      if (backend === null) throw new Error("every server was tried, yet none threw");
      try {
        const generation = await attempt(backend, request, signal);
        balance.answered(backend);
        return generation;
      } catch (error) {
        if (!(error instanceof EndpointError) || error.code !== "connection") throw error;
        balance.refused(backend);
        tried.add(backend);
        if (tried.size === balance.backends.length) throw error;
      }
    }
  };

  return {
    origin: originOf(config),
    generate,
    close: () => {
      closed = true;
      connection.close();
    },
  };
}

export interface Connection {
  /** By base URL. */
  readonly clients: ReadonlyMap<string, WireClient>;
  readonly redact: Redact;
  close(): void;
}

/** One client for each base URL, each with its own origin's key. */
export function connect(config: EndpointConfig, ports: EndpointPorts, idleTimeoutMs?: number): Connection {
  const node = createNodeFetch({
    maxSockets: config.maxConcurrency ?? defaultMaxConcurrency,
    idleTimeoutMs: idleTimeoutMs ?? config.idleTimeoutMs ?? defaultIdleTimeoutMs,
  });
  const fetch = ports.fetch ?? node.fetch;
  const keys = config.baseUrls.map((url) => keyFor(new URL(url).origin, config, ports.apiKey));
  const clients = new Map<string, WireClient>();
  for (const [i, baseUrl] of config.baseUrls.entries())
    clients.set(
      baseUrl,
      new WireClient({ baseUrl, apiKey: keys[i] ?? null, headers: config.headers ?? {}, fetch }),
    );
  return { clients, redact: createRedact(config, keys), close: () => node.close() };
}

function keyFor(origin: string, config: EndpointConfig, apiKey: ApiKey): string | null {
  const key = typeof apiKey === "function" ? apiKey(origin) : origin === originOf(config) ? apiKey : null;
  // A key pasted with its line end would be refused by HTTP itself.
  const trimmed = key?.trim() ?? "";
  return trimmed === "" ? null : trimmed;
}

const pathOf = (request: GenerateRequest): string =>
  request.input.api === "chat" ? "/chat/completions" : "/completions";

interface Call {
  readonly config: EndpointConfig;
  readonly request: GenerateRequest;
  readonly signal: AbortSignal;
}

async function generateWith(client: WireClient, { config, request, signal }: Call): Promise<Generation> {
  const shared = sharedBody(config, request);
  const { stickyHeader } = config;
  const options =
    stickyHeader === undefined
      ? { signal }
      : { signal, headers: { [stickyHeader]: headerValue(request.stickyKey) } };
  const { input } = request;
  if (input.api === "chat") {
    const response = await postChat(client, { messages: input.messages, shared }, options);
    return readReply(response, chatPiece);
  }
  const response = await postCompletion(client, { prompt: input.prompt, shared }, options);
  return readReply(response, completionPiece);
}

/** Problem keys may hold what a header must not; any stable ASCII form serves the router alike. */
const headerValue = (text: string): string => encodeURIComponent(text).slice(0, 256);

const nothing = (): void => undefined;

/** The caller's signal as the transport needs it; an AbortSignal already is one. */
function abortSignalOf(signal: CancelSignal): { readonly signal: AbortSignal; release(): void } {
  if (signal instanceof AbortSignal) {
    // One signal for all requests of a run is no leak of listeners.
    setMaxListeners(0, signal);
    return { signal, release: nothing };
  }
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  signal.addEventListener("abort", abort);
  return { signal: controller.signal, release: () => signal.removeEventListener("abort", abort) };
}

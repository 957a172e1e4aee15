import { setMaxListeners } from "node:events";
import type { CancelSignal } from "../core/ports.ts";
import {
  EndpointError,
  type GenerateRequest,
  type Generation,
  type Generator,
} from "../core/run/generate.ts";
import { Balance, type Backend } from "./balance.ts";
import { chatPiece } from "./chat.ts";
import { completionPiece } from "./completions.ts";
import { defaultIdleTimeoutMs, defaultMaxConcurrency, originOf, type EndpointConfig } from "./config.ts";
import { cancelled, failureOf } from "./failure.ts";
import { GenerationReceiver } from "./generationReceiver.ts";
import { createNodeFetch } from "./nodeFetch.ts";
import { createRedact, type Redact } from "./redact.ts";
import { type BodyOptions, RequestBodies } from "./requestBody.ts";
import { Transport } from "./transport.ts";
import { WireClient } from "./wireClient.ts";

/** The key of an origin, or `null`. A plain text belongs to the FIRST base URL's origin and is sent to no other. */
export type ApiKey = string | null | ((origin: string) => string | null);

export interface EndpointPorts {
  readonly apiKey: ApiKey;
}

/** An endpoint ready to write samples. */
export interface Endpoint extends Generator {
  /** Scheme, host and port of the first base URL: what keys and run files go by. */
  readonly origin: string;
  /** Ends all sockets; requests in flight end as `cancelled`. */
  close(): void;
}

/** Opens an endpoint; no request is made before `generate`, which rejects with `EndpointError`. */
export function openEndpoint(config: EndpointConfig, ports: EndpointPorts & BodyOptions): Endpoint {
  const connection = connect(config, ports);
  const balance = new Balance(config.baseUrls);
  const writer = new SampleWriter(config, connection, ports);
  let closed = false;

  const generate = async (request: GenerateRequest, signal: CancelSignal): Promise<Generation> => {
    // One signal for all requests of a run is no leak of listeners.
    if (signal instanceof AbortSignal) setMaxListeners(0, signal);
    let tried: ReadonlySet<Backend> = none;
    for (;;) {
      if (signal.aborted || closed) throw cancelled();
      const backend = balance.pick(request.stickyKey, tried);
      if (backend === null) throw new Error("every server was tried, yet none threw");
      backend.inFlight += 1;
      try {
        const generation = await writer.write(backend, request, signal);
        balance.answered(backend);
        return generation;
      } catch (error) {
        if (signal.aborted || closed) throw cancelled();
        const failure = writer.failureOf(error, backend, request);
        if (!(failure instanceof EndpointError) || failure.code !== "connection") throw failure;
        balance.refused(backend);
        tried = new Set([...tried, backend]);
        if (tried.size === balance.backends.length) throw failure;
      } finally {
        backend.inFlight -= 1;
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

const none: ReadonlySet<Backend> = new Set();

export interface Connection {
  readonly transport: Transport;
  /** By base URL. */
  readonly clients: ReadonlyMap<string, WireClient>;
  readonly redact: Redact;
  close(): void;
}

/** One client for each base URL, each with its own origin's key. */
export function connect(config: EndpointConfig, ports: EndpointPorts, idleTimeoutMs?: number): Connection {
  const transport = new Transport({
    maxSockets: config.maxConcurrency ?? defaultMaxConcurrency,
    idleTimeoutMs: idleTimeoutMs ?? config.idleTimeoutMs ?? defaultIdleTimeoutMs,
  });
  const fetch = createNodeFetch(transport);
  const headers = config.headers ?? {};
  const keys = config.baseUrls.map((url) => keyFor(new URL(url).origin, config, ports.apiKey));
  const clients = new Map<string, WireClient>();
  for (const [i, baseUrl] of config.baseUrls.entries())
    clients.set(baseUrl, new WireClient({ baseUrl, apiKey: keys[i] ?? null, headers, fetch }));
  return { transport, clients, redact: createRedact(config, keys), close: () => transport.close() };
}

function keyFor(origin: string, config: EndpointConfig, apiKey: ApiKey): string | null {
  const key = typeof apiKey === "function" ? apiKey(origin) : origin === originOf(config) ? apiKey : null;
  // A key pasted with its line end would be refused by HTTP itself.
  const trimmed = key?.trim() ?? "";
  return trimmed === "" ? null : trimmed;
}

/** Asks one server for one sample. */
class SampleWriter {
  private readonly config: EndpointConfig;
  private readonly connection: Connection;
  private readonly bodies: RequestBodies;

  constructor(config: EndpointConfig, connection: Connection, options: BodyOptions) {
    this.config = config;
    this.connection = connection;
    this.bodies = new RequestBodies(config, options);
  }

  /** Rejects with what `failureOf` understands. */
  write(backend: Backend, request: GenerateRequest, signal: CancelSignal): Promise<Generation> {
    const { href, headers } = this.clientOf(backend).requestLine(pathOf(request));
    const exchange = {
      href,
      method: "POST",
      headers: this.withSticky(headers, request),
      body: this.bodies.of(request),
      signal,
    };
    const pieceOf = request.input.api === "chat" ? chatPiece : completionPiece;
    return new Promise((resolve, reject) => {
      this.connection.transport.send(exchange, new GenerationReceiver(pieceOf, { resolve, reject }));
    });
  }

  failureOf(error: unknown, backend: Backend, request: GenerateRequest): unknown {
    const url = `${this.clientOf(backend).shownUrl}${pathOf(request)}`;
    return failureOf(error, { url, redact: this.connection.redact });
  }

  private clientOf({ url }: Backend): WireClient {
    const client = this.connection.clients.get(url);
    if (client === undefined) throw new Error(`no client for ${url}`);
    return client;
  }

  private withSticky(
    headers: Readonly<Record<string, string>>,
    { stickyKey }: GenerateRequest,
  ): Readonly<Record<string, string>> {
    const { stickyHeader } = this.config;
    return stickyHeader === undefined ? headers : { ...headers, [stickyHeader]: headerValue(stickyKey) };
  }
}

const pathOf = (request: GenerateRequest): string =>
  request.input.api === "chat" ? "/chat/completions" : "/completions";

/** Problem keys may hold what a header must not; any stable ASCII form serves the router alike. */
const headerValue = (text: string): string => encodeURIComponent(text).slice(0, 256);

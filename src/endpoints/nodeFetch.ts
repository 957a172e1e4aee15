import {
  Agent as HttpAgent,
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { urlToHttpOptions } from "node:url";
import { NodeResponse } from "./nodeResponse.ts";

export interface NodeFetchOptions {
  /** Sockets per origin; further requests wait for a free one. */
  readonly maxSockets: number;
  /** A request fails when no byte came or went for so long. Waiting for a free socket does not count. */
  readonly idleTimeoutMs: number;
}

export interface NodeFetch {
  readonly fetch: typeof globalThis.fetch;
  /** Ends every request, sent or waiting, and every socket. */
  close(): void;
}

/** Nothing arrived for `idleTimeoutMs`. */
export class IdleTimeoutError extends Error {
  readonly idleTimeoutMs: number;
  constructor(idleTimeoutMs: number) {
    super(`no byte for ${idleTimeoutMs} ms`);
    this.name = "IdleTimeoutError";
    this.idleTimeoutMs = idleTimeoutMs;
  }
}

/** uvicorn, under vLLM and SGLang, ends an idle connection after 5 s: ours must be gone before, or a request races its end. */
const freeSocketTimeoutMs = 4_000;
const longestTimerMs = 2 ** 31 - 1;
const maxRedirects = 5;
const mostTargets = 64;

/**
 * A `fetch` over node:http(s), for the `openai` client: keep-alive, bounded sockets, streamed bodies, abort closes the
 * socket. Unlike Node's own it has no hidden 5-minute limits on headers and body, and it does not go through undici
 * (importing that replaces the dispatcher of the whole extension host). A redirect is followed on the same origin only,
 * since the key travels with it; another origin's is handed back as the 3xx response that it is.
 * Takes http(s) URLs and bodies of text or bytes.
 */
export function createNodeFetch(options: NodeFetchOptions): NodeFetch {
  const { maxSockets } = options;
  const agentOptions = {
    keepAlive: true,
    maxSockets,
    maxFreeSockets: maxSockets,
    timeout: freeSocketTimeoutMs,
  };
  const agents = { http: new HttpAgent(agentOptions), https: new HttpsAgent(agentOptions) };
  const targetOf = createTargets();
  const live = new Set<ClientRequest>();
  const timeoutMs = Math.min(options.idleTimeoutMs, longestTimerMs);

  const send = (exchange: Exchange): Promise<NodeResponse> =>
    new Promise((resolve, reject) => {
      const { target, signal, body } = exchange;
      const headers = body === undefined ? exchange.headers : withLength(exchange.headers, body);
      const agent = target.secure ? agents.https : agents.http;
      const start = target.secure ? httpsRequest : httpRequest;
      const request = start({
        ...target.options,
        agent,
        method: exchange.method,
        headers,
        timeout: timeoutMs,
      });
      let response: NodeResponse | null = null;
      const fail = (error: Error): void => {
        response?.fail(error);
        reject(error);
        request.destroy(error);
      };
      const abort = (): void => fail(abortError(signal));
      signal?.addEventListener("abort", abort);
      request.once("timeout", () => fail(new IdleTimeoutError(options.idleTimeoutMs)));
      request.on("error", fail);
      live.add(request);
      request.once("close", () => {
        live.delete(request);
        signal?.removeEventListener("abort", abort);
      });
      request.once("response", (message: IncomingMessage) => {
        response = new NodeResponse(message, target.href);
        resolve(response);
      });
      request.end(body);
      if (signal?.aborted === true) abort();
    });

  const follow = async (exchange: Exchange, left = maxRedirects): Promise<NodeResponse> => {
    const response = await send(exchange);
    const next = redirected(targetOf, exchange, response);
    if (next === null || left === 0) return response;
    await response.text();
    return follow(next, left - 1);
  };

  return {
    fetch: (input, init) => follow(exchangeOf(targetOf, input, init)) as unknown as Promise<Response>,
    close: () => {
      for (const request of live) request.destroy(abortError(null));
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

interface Exchange {
  readonly target: Target;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  readonly signal: AbortSignal | null;
}

/** A URL taken apart once: every request of a run goes to one of very few. */
interface Target {
  readonly href: string;
  readonly origin: string;
  readonly secure: boolean;
  readonly options: RequestOptions;
}

function createTargets(): (href: string) => Target {
  const known = new Map<string, Target>();
  return (href) => {
    let target = known.get(href);
    if (target === undefined) {
      const url = new URL(href);
      target = {
        href,
        origin: url.origin,
        secure: url.protocol === "https:",
        options: optionsOf(url),
      };
      if (known.size >= mostTargets) known.clear();
      known.set(href, target);
    }
    return target;
  };
}

/** Only what a request needs: node:http copies every option it is given, with every request. */
function optionsOf(url: URL): RequestOptions {
  const { hostname, port, path, auth } = urlToHttpOptions(url);
  return { hostname, path, ...(port === undefined ? {} : { port }), ...(auth === undefined ? {} : { auth }) };
}

type TargetOf = (href: string) => Target;

function exchangeOf(
  targetOf: TargetOf,
  input: string | URL | Request,
  init: RequestInit | undefined,
): Exchange {
  if (typeof input !== "string" && !(input instanceof URL))
    throw new TypeError("nodeFetch takes a URL, not a Request");
  const body = init?.body ?? undefined;
  if (body !== undefined && typeof body !== "string" && !(body instanceof Uint8Array))
    throw new TypeError("nodeFetch takes a body of text or bytes");
  return {
    target: targetOf(String(input)),
    method: init?.method ?? "GET",
    headers: plainHeaders(init?.headers),
    body,
    signal: init?.signal ?? null,
  };
}

function plainHeaders(headers: RequestInit["headers"]): Readonly<Record<string, string>> {
  if (headers === undefined) return {};
  const plain = Object.getPrototypeOf(headers) === Object.prototype;
  return plain ? (headers as Record<string, string>) : Object.fromEntries(new Headers(headers));
}

const withLength = (
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array,
): Record<string, string> => ({
  ...headers,
  "content-length": String(Buffer.byteLength(body)),
});

/** The request that a redirect asks for, or `null` where it must not be followed. */
function redirected(targetOf: TargetOf, exchange: Exchange, response: NodeResponse): Exchange | null {
  if (response.status < 300 || response.status > 399) return null;
  const location = response.headers.get("location");
  if (location === null || !URL.canParse(location, exchange.target.href)) return null;
  const target = targetOf(new URL(location, exchange.target.href).href);
  if (target.origin !== exchange.target.origin) return null;
  // A POST that became a GET would answer something else than what was asked.
  const keepsBody = response.status === 307 || response.status === 308 || exchange.method === "GET";
  return keepsBody ? { ...exchange, target } : null;
}

const abortError = (signal: AbortSignal | null): Error =>
  signal?.reason instanceof Error
    ? signal.reason
    : new DOMException("This operation was aborted", "AbortError");

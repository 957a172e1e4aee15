import { ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { urlToHttpOptions } from "node:url";
import type { CancelSignal } from "../core/ports.ts";
import { IdleWatch, type Watched } from "./idleWatch.ts";
import { headerOf, SocketPool } from "./socketPool.ts";

export interface TransportOptions {
  /** Sockets per origin; further requests wait for a free one. */
  readonly maxSockets: number;
  /** A request fails when no byte came or went for so long. Waiting for a free socket does not count. */
  readonly idleTimeoutMs: number;
}

/** What is to be sent. */
export interface Exchange {
  /** An http(s) URL. */
  readonly href: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  readonly signal: CancelSignal | null;
}

/** Who gets the reply. `failed` may follow at any time and more than once: the first word holds. */
export interface Receiver {
  /** The head came; the body is the receiver's to read. `href`: where a redirect led. */
  head(message: IncomingMessage, href: string): void;
  /** The connection broke, the time is over, or the signal aborted. The socket is gone. */
  failed(error: Error): void;
  /** The connection is free or gone: nothing more will come. */
  closed?(): void;
  /** Asked now and then: has the receiver all of the reply, though the body is still open? Then it soon loses its connection. */
  served?(): boolean;
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

const maxRedirects = 5;
const mostTargets = 64;
/** A reply that is complete should end; a server that keeps it open loses the connection. */
const afterServedMs = 1_000;

/**
 * Requests over node:http(s): keep-alive, bounded sockets, abort closes the socket. No hidden limits on the time of
 * headers and body, and not through undici (importing that replaces the dispatcher of the whole extension host). A
 * redirect is followed on the same origin only, since the key travels with it; another origin's is handed back as it is.
 */
export class Transport {
  readonly idleTimeoutMs: number;
  private readonly maxSockets: number;
  private readonly targets = new Map<string, Target>();
  private readonly pools = new Map<string, SocketPool>();
  private readonly live = new Set<Live>();
  private starting: Live[] = [];
  readonly watch = new IdleWatch((nowMs) => this.sweep(nowMs));

  constructor(options: TransportOptions) {
    this.maxSockets = options.maxSockets;
    this.idleTimeoutMs = options.idleTimeoutMs;
  }

  send(exchange: Exchange, receiver: Receiver): void {
    const live = new Live(this, exchange, receiver);
    this.live.add(live);
    if (this.starting.length === 0) setImmediate(() => this.startAll());
    this.starting.push(live);
  }

  /**
   * What is to be sent in one turn of the event loop goes out together: written one by one between the answers that are
   * read, each request wakes the server anew, which costs a fifth of a request's processor time.
   */
  private startAll(): void {
    const { starting } = this;
    this.starting = [];
    for (const live of starting) live.begin();
  }

  /** Ends every request, sent or waiting, and every socket. */
  close(): void {
    for (const live of this.live) live.fail(abortError());
    for (const pool of this.pools.values()) pool.destroy();
  }

  /** For a request that has ended. */
  forget(live: Live): void {
    this.live.delete(live);
    this.watch.delete(live);
  }

  /** A URL taken apart once: every request of a run goes to one of very few. */
  targetOf(href: string): Target {
    let target = this.targets.get(href);
    if (target === undefined) {
      const url = new URL(href);
      target = {
        href,
        origin: url.origin,
        options: optionsOf(url),
        pool: this.poolOf(url),
        start: starterOf(url),
      };
      if (this.targets.size >= mostTargets) this.targets.clear();
      this.targets.set(href, target);
    }
    return target;
  }

  private poolOf(url: URL): SocketPool {
    let pool = this.pools.get(url.origin);
    if (pool === undefined)
      this.pools.set(url.origin, (pool = new SocketPool(url.protocol === "https:", this.maxSockets)));
    return pool;
  }

  private sweep(nowMs: number): boolean {
    let idle = 0;
    for (const pool of this.pools.values()) {
      pool.sweep(nowMs);
      idle += pool.idle;
    }
    return idle > 0;
  }
}

interface Target {
  readonly href: string;
  readonly origin: string;
  readonly options: RequestOptions;
  readonly pool: SocketPool;
  readonly start: (options: RequestOptions) => ClientRequest;
}

/**
 * In VS Code's extension host `http.request` asks for the proxy of every request and builds an agent for it: a fifth of
 * what sampling costs there. This machine's own servers have no proxy and are asked without it.
 */
function starterOf({ protocol, hostname }: URL): Target["start"] {
  if (protocol === "https:") return httpsRequest;
  const isLoopback = hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/u.test(hostname);
  return isLoopback ? (options) => new ClientRequest(options) : httpRequest;
}

/** Only what a request needs: node:http copies every option it is given, with every request. */
function optionsOf(url: URL): RequestOptions {
  const { protocol, hostname, port, path, auth } = urlToHttpOptions(url);
  return {
    protocol,
    hostname,
    path,
    ...(port === undefined ? {} : { port }),
    ...(auth === undefined ? {} : { auth }),
  };
}

/** A request under way. */
class Live implements Watched {
  private readonly transport: Transport;
  private readonly exchange: Exchange;
  private readonly receiver: Receiver;
  private request: ClientRequest | null = null;
  private message: IncomingMessage | null = null;
  private redirectsLeft = maxRedirects;
  private bytes = -1;
  private lastMs = 0;
  private servedMs = 0;
  private failure: Error | null = null;
  private readonly abort = (): void => this.fail(abortError(this.exchange.signal));

  constructor(transport: Transport, exchange: Exchange, receiver: Receiver) {
    this.transport = transport;
    this.exchange = exchange;
    this.receiver = receiver;
    exchange.signal?.addEventListener("abort", this.abort);
  }

  begin(): void {
    if (this.exchange.signal?.aborted === true) this.abort();
    if (this.failure !== null) return;
    try {
      this.start(this.transport.targetOf(this.exchange.href));
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private start(target: Target): void {
    const { method, headers, body } = this.exchange;
    const request = target.start({
      ...target.options,
      agent: target.pool.agent,
      method,
      headers: {
        // Said by node:http itself, but not where the editor has put a proxy's agent before ours.
        connection: "keep-alive",
        ...headers,
        ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
      },
    });
    this.request = request;
    this.bytes = -1;
    request.on("error", (error) => {
      if (request === this.request) this.fail(error);
    });
    request.on("response", (message) => this.answered(message, target));
    request.on("close", () => this.closed(request));
    this.transport.watch.add(this);
    request.end(body);
  }

  /** Tells the receiver and closes the socket. */
  fail(error: Error): void {
    if (this.failure !== null) return;
    this.failure = error;
    this.release();
    this.receiver.failed(error);
    this.message?.destroy(error);
    this.request?.destroy(error);
  }

  check(nowMs: number): void {
    const socket = this.request?.socket ?? null;
    if (socket === null) return;
    if (this.receiver.served?.() === true) {
      if (this.servedMs === 0) this.servedMs = nowMs;
      else if (nowMs - this.servedMs >= afterServedMs)
        this.fail(new Error("the server kept the reply open after its end"));
      return;
    }
    const bytes = socket.bytesRead + socket.bytesWritten;
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.lastMs = nowMs;
    } else if (nowMs - this.lastMs >= this.transport.idleTimeoutMs)
      this.fail(new IdleTimeoutError(this.transport.idleTimeoutMs));
  }

  private answered(message: IncomingMessage, target: Target): void {
    target.pool.heed(message);
    const next = this.redirected(message, target);
    if (next === null) {
      this.message = message;
      this.receiver.head(message, target.href);
      return;
    }
    this.redirectsLeft -= 1;
    this.start(next);
    message.resume();
  }

  /** The target that a redirect asks for, or `null` where it must not be followed. */
  private redirected(message: IncomingMessage, target: Target): Target | null {
    const { statusCode = 0 } = message;
    if (statusCode < 300 || statusCode > 399 || this.redirectsLeft === 0) return null;
    const location = headerOf(message, "location");
    if (location === null || !URL.canParse(location, target.href)) return null;
    const url = new URL(location, target.href);
    // A POST that became a GET would answer something else than what was asked.
    const keepsBody = statusCode === 307 || statusCode === 308 || this.exchange.method === "GET";
    return keepsBody && url.origin === target.origin ? this.transport.targetOf(url.href) : null;
  }

  private closed(request: ClientRequest): void {
    if (request !== this.request) return;
    this.release();
    this.receiver.closed?.();
  }

  private release(): void {
    this.exchange.signal?.removeEventListener("abort", this.abort);
    this.transport.forget(this);
  }
}

const abortError = (signal: CancelSignal | null = null): Error =>
  signal instanceof AbortSignal && signal.reason instanceof Error
    ? signal.reason
    : new DOMException("This operation was aborted", "AbortError");

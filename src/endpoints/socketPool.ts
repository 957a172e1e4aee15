import { Agent as HttpAgent, type ClientRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { Socket } from "node:net";

/** uvicorn, under vLLM and SGLang, ends an idle connection after 5 s: ours must be gone before, or a request races its end. */
const freeSocketTimeoutMs = 4_000;
/** Between our end of an idle connection and the time that a server announced for its own. */
const hintMarginMs = 1_000;

interface FreeSocket {
  readonly socket: Socket;
  readonly sinceMs: number;
  readonly bytesRead: number;
}

interface Waiting {
  readonly request: ClientRequest;
  readonly options: object;
}

/** The part of an agent that node:http calls, and that proxy agents call in its place. */
type Adder = (request: ClientRequest, options: object) => void;

/**
 * The kept-alive sockets of ONE origin. A node:http(s) agent makes them (TLS sessions, proxies and all); handing an idle
 * one to the next request goes around its bookkeeping by name, options and socket timers, which costs a quarter of a request.
 */
export class SocketPool {
  readonly agent: HttpAgent;
  private readonly maxSockets: number;
  private readonly create: Adder;
  /** The last one is used first. */
  private free: FreeSocket[] = [];
  private readonly waiting: Waiting[] = [];
  private open = 0;
  private freeTimeoutMs = freeSocketTimeoutMs;

  constructor(secure: boolean, maxSockets: number) {
    const agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
    const adding = agent as unknown as { addRequest: Adder };
    this.agent = agent;
    this.maxSockets = maxSockets;
    this.create = adding.addRequest.bind(agent);
    adding.addRequest = (request, options) => this.assign(request, options);
    const connect = agent.createConnection.bind(agent);
    agent.createConnection = (options, onCreate) => {
      const socket = connect(options, onCreate);
      if (socket instanceof Socket) this.opened(socket);
      return socket;
    };
    agent.removeAllListeners("free");
    agent.on("free", (socket: Socket) => this.release(socket));
  }

  get idle(): number {
    return this.free.length;
  }

  /** A server may say how long it keeps an idle connection (`Keep-Alive: timeout=5`). */
  heed(message: IncomingMessage): void {
    const hint = headerOf(message, "keep-alive");
    const seconds = hint === null ? undefined : /\btimeout=(\d+)/.exec(hint)?.[1];
    if (seconds === undefined) return;
    this.freeTimeoutMs = Math.min(freeSocketTimeoutMs, Math.max(0, Number(seconds) * 1_000 - hintMarginMs));
  }

  /** Ends the sockets that were idle for too long. */
  sweep(nowMs: number): void {
    const old = this.free.findLastIndex(({ sinceMs }) => nowMs - sinceMs >= this.freeTimeoutMs);
    for (const { socket } of this.free.splice(0, old + 1)) socket.destroy();
  }

  destroy(): void {
    this.agent.destroy();
  }

  private assign(request: ClientRequest, options: object): void {
    for (let last = this.free.pop(); last !== undefined; last = this.free.pop()) {
      const { socket, bytesRead } = last;
      // What came while nothing was asked would be taken for the next reply.
      if (socket.writable && socket.bytesRead === bytesRead) return hand(socket, request);
      socket.destroy();
    }
    if (this.open < this.maxSockets) this.create(request, options);
    else this.waiting.push({ request, options });
  }

  private opened(socket: Socket): void {
    this.open += 1;
    // An idle socket's error has no other listener.
    socket.on("error", nothing);
    socket.once("close", () => {
      this.open -= 1;
      const next = this.nextWaiting();
      if (next !== null) this.assign(next.request, next.options);
    });
  }

  private nextWaiting(): Waiting | null {
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift())
      if (!next.request.destroyed) return next;
    return null;
  }

  private release(socket: Socket): void {
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    const next = this.nextWaiting();
    if (next !== null) return hand(socket, next.request);
    if (this.freeTimeoutMs === 0) {
      socket.destroy();
      return;
    }
    socket.unref();
    this.free.push({ socket, sinceMs: performance.now(), bytesRead: socket.bytesRead });
  }
}

function hand(socket: Socket, request: ClientRequest): void {
  socket.ref();
  request.reusedSocket = true;
  request.onSocket(socket);
}

const nothing = (): void => undefined;

/** A header as it came, without the object of all headers that `message.headers` would build. */
export function headerOf(message: IncomingMessage, name: string): string | null {
  const { rawHeaders } = message;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const found = rawHeaders[at];
    if (found?.length === name.length && found.toLowerCase() === name) return rawHeaders[at + 1] ?? null;
  }
  return null;
}

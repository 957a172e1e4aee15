import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Engine, type EngineOptions } from "./engine.ts";
import { type Fault, sendFaultyStream, sendStatus } from "./faults.ts";
import { logNormal, type Latency } from "./latency.ts";
import { errorBody, jsonReply, sseEvents, type GenerationBody } from "./wire.ts";

export interface ServerOptions extends EngineOptions {
  /** The fault of the i-th generation request (0-based), or a function of the request. Default: none. */
  readonly faults?: readonly (Fault | null)[] | ((request: LoggedRequest) => Fault | null);
  /** Time from request to reply. Default: none at all. */
  readonly latency?: Latency;
  /** Then `Authorization: Bearer <key>` is demanded. */
  readonly key?: string;
  readonly port?: number;
  readonly tokensPerEvent?: number;
  /** Each event of a stream is an HTTP chunk of its own, as uvicorn sends them; else the whole stream is one. */
  readonly chunkPerEvent?: boolean;
  readonly errorShape?: "vllm" | "openai";
  /** Whether requests are kept for assertions. Default true; a bench turns it off. */
  readonly keepLog?: boolean;
}

export interface LoggedRequest {
  /** Among the generation requests, 0-based; -1 for others. */
  readonly index: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: GenerationBody & Readonly<Record<string, unknown>>;
  /** The client closed the connection before the reply was complete. */
  aborted: boolean;
  status: number | null;
}

export interface FakeServer {
  /** The base URL, ending in `/v1`. */
  readonly url: string;
  readonly log: readonly LoggedRequest[];
  /** Sockets open now, at most at one time, and all there ever were. */
  readonly sockets: { readonly open: number; readonly peak: number; readonly ever: number };
  setFaults(faults: ServerOptions["faults"]): void;
  /** Ends every connection and the server. */
  close(): Promise<void>;
}

/** A real HTTP server on the loopback with vLLM's wire shapes, whose model is the `answer` function. */
export async function startServer(options: ServerOptions): Promise<FakeServer> {
  const state = new FakeState(options);
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    request.on("end", () => state.respond(request, response, Buffer.concat(chunks).toString("utf8")));
  });
  server.keepAliveTimeout = 5_000; // uvicorn's
  server.on("connection", (socket: Socket) => state.count(socket));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", 1024, resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    log: state.log,
    sockets: state.sockets,
    setFaults: (faults) => (state.faults = faults),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        state.stop();
      }),
  };
}

class FakeState {
  readonly log: LoggedRequest[] = [];
  readonly sockets = { open: 0, peak: 0, ever: 0 };
  faults: ServerOptions["faults"];
  private readonly options: ServerOptions;
  private readonly engine: Engine;
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly latencyMs: () => number;
  private requests = 0;

  constructor(options: ServerOptions) {
    this.options = options;
    this.faults = options.faults;
    this.engine = new Engine(options);
    this.latencyMs = options.latency === undefined ? () => 0 : logNormal(options.latency);
  }

  count(socket: Socket): void {
    this.sockets.open += 1;
    this.sockets.ever += 1;
    this.sockets.peak = Math.max(this.sockets.peak, this.sockets.open);
    socket.once("close", () => (this.sockets.open -= 1));
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  respond(request: IncomingMessage, response: ServerResponse, text: string): void {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    const chat = path === "/v1/chat/completions";
    const generates = (chat || path === "/v1/completions") && request.method === "POST";
    const body = generates ? parseBody(text) : {};
    const entry = this.enter(request, response, { path, generates, body: body ?? {} });
    const { redirectTo } = this.options.quirks ?? {};
    if (redirectTo !== undefined) return void response.writeHead(302, { location: redirectTo }).end();
    if (!this.allowed(request)) return this.refuse(response, 401, "Unauthorized");
    if (!generates) return this.answerOther(response, path);
    if (body === null) return this.refuse(response, 400, "JSON decode error");
    const latencyMs = this.latencyMs();
    if (latencyMs <= 0) return this.generate(response, entry, chat);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (!entry.aborted) this.generate(response, entry, chat);
    }, latencyMs);
    this.timers.add(timer);
  }

  private enter(
    request: IncomingMessage,
    response: ServerResponse,
    facts: { readonly path: string; readonly generates: boolean; readonly body: LoggedRequest["body"] },
  ): LoggedRequest {
    const entry: LoggedRequest = {
      index: facts.generates ? this.requests++ : -1,
      method: request.method ?? "",
      path: facts.path,
      headers: request.headers,
      body: facts.body,
      aborted: false,
      status: null,
    };
    response.once("close", () => {
      entry.aborted = !response.writableFinished;
      entry.status = response.headersSent ? response.statusCode : null;
    });
    if (this.options.keepLog !== false) this.log.push(entry);
    return entry;
  }

  private allowed(request: IncomingMessage): boolean {
    return this.options.key === undefined || request.headers.authorization === `Bearer ${this.options.key}`;
  }

  private refuse(response: ServerResponse, status: number, message: string): void {
    const body = errorBody(this.options.errorShape ?? "vllm", status, message);
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  }

  private answerOther(response: ServerResponse, path: string): void {
    const { models, hidesMaxModelLength } = this.options.quirks ?? {};
    const json = (value: unknown): void =>
      void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (path === "/health") return void response.writeHead(200).end();
    if (path === "/version") return json({ version: "0.11.0" });
    if (path !== "/v1/models" || models === false) return this.refuse(response, 404, "Not Found");
    const length = hidesMaxModelLength === true ? {} : { max_model_len: this.engine.maxModelLength };
    const data = (models ?? [this.engine.model]).map((id) => ({
      id,
      object: "model",
      created: 0,
      owned_by: "vllm",
      root: id,
      parent: null,
      ...length,
    }));
    json({ object: "list", data });
  }

  private faultOf(entry: LoggedRequest): Fault | null {
    if (this.faults === undefined) return null;
    return typeof this.faults === "function" ? this.faults(entry) : (this.faults[entry.index] ?? null);
  }

  private generate(response: ServerResponse, entry: LoggedRequest, chat: boolean): void {
    const fault = this.faultOf(entry);
    if (fault?.kind === "hang") return;
    if (fault?.kind === "reset") return void response.socket?.resetAndDestroy();
    if (fault?.kind === "status") return sendStatus(response, fault);
    const refusal = this.engine.refusalOf(entry.body, chat);
    if (refusal !== null) return this.refuse(response, ...refusal);
    const reply = this.engine.replyOf(entry, chat);
    if (entry.body.stream === true && this.options.quirks?.neverStreams !== true) {
      const withUsage = entry.body.stream_options?.include_usage === true;
      const events = sseEvents(reply, this.options.tokensPerEvent ?? 8, withUsage);
      response.writeHead(200, {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-cache",
      });
      if (fault !== null) return sendFaultyStream(response, events, fault);
      if (this.options.chunkPerEvent !== true) return void response.end(events.join(""));
      for (const event of events) response.write(event);
      return void response.end();
    }
    response.writeHead(200, { "content-type": "application/json" });
    if (fault === null) return void response.end(jsonReply(reply));
    if (fault.kind === "malformed") return void response.end(jsonReply(reply).slice(0, 60));
    if (fault.kind === "strangeJson") return void response.end(fault.body);
    if (fault.kind === "cut")
      return void response.write(jsonReply(reply).slice(0, 60), () => response.destroy());
    throw new Error(`no ${fault.kind} without a stream`);
  }
}

function parseBody(text: string): LoggedRequest["body"] | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as LoggedRequest["body"]) : null;
  } catch {
    return null;
  }
}

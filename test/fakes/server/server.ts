import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Answerer } from "./answers.ts";
import { type Fault, sendFaultyStream, sendStatus } from "./faults.ts";
import { logNormal, type Latency } from "./latency.ts";
import {
  choiceOf,
  errorBody,
  jsonReply,
  promptOf,
  sseEvents,
  tokenize,
  type GenerationBody,
  type Reply,
} from "./wire.ts";

export interface ServerOptions {
  readonly answer: Answerer;
  /** The fault of the i-th generation request (0-based), or a function of the request. Default: none. */
  readonly faults?: readonly (Fault | null)[] | ((request: LoggedRequest) => Fault | null);
  /** Time from request to reply. Default: none at all. */
  readonly latency?: Latency;
  /** Then `Authorization: Bearer <key>` is demanded. */
  readonly key?: string;
  readonly port?: number;
  readonly model?: string;
  readonly maxModelLength?: number;
  readonly tokensPerEvent?: number;
  readonly errorShape?: "vllm" | "openai";
  /** Whether requests are kept for assertions. Default true; a bench turns it off. */
  readonly keepLog?: boolean;
  readonly quirks?: Quirks;
}

/** How a server may differ from vLLM. */
export interface Quirks {
  readonly completions?: false;
  readonly chat?: false;
  /** `models: false`: no list of models; a list: these ids. */
  readonly models?: false | readonly string[];
  /** One choice and the same text whatever was asked. */
  readonly ignoresNAndSeed?: boolean;
  /** Another text each time, whatever the seed. */
  readonly ignoresSeed?: boolean;
  readonly rejectsN?: boolean;
  /** Accepts the field, returns `null`. */
  readonly ignoresLogProbs?: boolean;
  readonly maxLogProbs?: number;
  /** Answers with one JSON body although a stream was asked. */
  readonly neverStreams?: boolean;
  readonly reasoningField?: "reasoning" | "reasoning_content";
  readonly hidesMaxModelLength?: boolean;
  /** Every reply is this redirect. */
  readonly redirectTo?: string;
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
  /** Sockets open now, and at most at one time. */
  readonly sockets: { readonly open: number; readonly peak: number };
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
  readonly sockets = { open: 0, peak: 0 };
  faults: ServerOptions["faults"];
  private readonly options: ServerOptions;
  private readonly model: string;
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly latencyMs: () => number;
  private requests = 0;
  private unseeded = 0;

  constructor(options: ServerOptions) {
    this.options = options;
    this.faults = options.faults;
    this.model = options.model ?? "fake-model";
    this.latencyMs = options.latency === undefined ? () => 0 : logNormal(options.latency);
  }

  count(socket: Socket): void {
    this.sockets.open += 1;
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
    const length = hidesMaxModelLength === true ? {} : { max_model_len: this.maxModelLength };
    const data = (models ?? [this.model]).map((id) => ({
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

  private get maxModelLength(): number {
    return this.options.maxModelLength ?? 32_768;
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
    const refusal = this.refusalOf(entry.body, chat);
    if (refusal !== null) return this.refuse(response, ...refusal);
    const reply = this.replyOf(entry, chat);
    if (entry.body.stream === true && this.options.quirks?.neverStreams !== true) {
      const withUsage = entry.body.stream_options?.include_usage === true;
      const events = sseEvents(reply, this.options.tokensPerEvent ?? 8, withUsage);
      response.writeHead(200, {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-cache",
      });
      return fault === null ? void response.end(events.join("")) : sendFaultyStream(response, events, fault);
    }
    response.writeHead(200, { "content-type": "application/json" });
    if (fault === null) return void response.end(jsonReply(reply));
    if (fault.kind === "malformed") return void response.end(jsonReply(reply).slice(0, 60));
    if (fault.kind === "strangeJson") return void response.end(fault.body);
    if (fault.kind === "cut")
      return void response.write(jsonReply(reply).slice(0, 60), () => response.destroy());
    throw new Error(`no ${fault.kind} without a stream`);
  }

  /** What vLLM would say no to: status and message. */
  private refusalOf(body: GenerationBody, chat: boolean): [number, string] | null {
    const quirks = this.options.quirks ?? {};
    if ((chat ? quirks.chat : quirks.completions) === false) return [404, "Not Found"];
    if (body.model !== this.model) return [404, `The model \`${body.model}\` does not exist.`];
    if (chat ? !Array.isArray(body.messages) : typeof body.prompt !== "string")
      return [400, `Field required: ${chat ? "messages" : "prompt"}`];
    if ((body.n ?? 1) > 1 && body.temperature === 0)
      return [400, `n must be 1 when using greedy sampling, got ${body.n}.`];
    if ((body.n ?? 1) > 1 && quirks.rejectsN === true) return [400, "Only one completion choice is allowed"];
    const most = quirks.maxLogProbs ?? 20;
    const top = topLogProbs(body, chat);
    if (top !== null && top > most)
      return [400, `Requested sample logprobs of ${top}, which is greater than max allowed: ${most}`];
    const promptTokens = tokenize(promptOf(body)).length;
    const asked = body.max_completion_tokens ?? body.max_tokens ?? 16;
    if (promptTokens + asked <= this.maxModelLength) return null;
    return [
      400,
      `This model's maximum context length is ${this.maxModelLength} tokens. However, you requested ${promptTokens + asked} tokens (${promptTokens} in the messages, ${asked} in the completion). Please reduce the length of the messages or completion.`,
    ];
  }

  private replyOf(entry: LoggedRequest, chat: boolean): Reply {
    const { body } = entry;
    const { ignoresNAndSeed, ignoresSeed, ignoresLogProbs, reasoningField } = this.options.quirks ?? {};
    const prompt = promptOf(body);
    const seed =
      ignoresNAndSeed === true ? 0 : ignoresSeed === true ? this.unseeded++ : (body.seed ?? this.unseeded++);
    const count = ignoresNAndSeed === true ? 1 : (body.n ?? 1);
    // vLLM gives the children of one request the seeds s, s + 1, ...
    const choices = Array.from({ length: count }, (_, i) =>
      choiceOf(this.options.answer(prompt, seed + i), body, i),
    );
    return {
      chat,
      model: this.model,
      created: 1_700_000_000,
      id: `${chat ? "chatcmpl" : "cmpl"}-${entry.index}`,
      choices,
      promptTokens: tokenize(prompt).length,
      reasoningField: reasoningField ?? "reasoning",
      topLogProbs: ignoresLogProbs === true ? null : topLogProbs(body, chat),
    };
  }
}

function topLogProbs(body: GenerationBody, chat: boolean): number | null {
  if (chat) return body.logprobs === true ? (body.top_logprobs ?? 0) : null;
  return typeof body.logprobs === "number" ? body.logprobs : null;
}

function parseBody(text: string): LoggedRequest["body"] | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as LoggedRequest["body"]) : null;
  } catch {
    return null;
  }
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { DemoModel } from "../demoModel.ts";
import { Engine } from "../engine.ts";
import { Access } from "./access.ts";
import { BodyFields, invalid } from "./bodyFields.ts";
import { generate, sendJson } from "./generate.ts";
import { chatPromptOf, chatRequest, completionRequest } from "./generationRequest.ts";
import { readBody } from "./readBody.ts";
import { Refusal } from "./refusal.ts";

export interface DemoServerOptions {
  /** Names in the order of the list of models. */
  readonly names: readonly string[];
  /** Reads a model when it is first asked for. */
  readonly open: (name: string) => DemoModel;
  readonly token: string;
  /** 0: any free one. */
  readonly port: number;
  /** A bug: the server has stopped sampling. */
  readonly onFailure: (error: unknown) => void;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}
type Route = (exchange: Exchange) => void | Promise<void>;

/** The demo models behind an OpenAI-compatible server on this machine, in the shapes of vLLM. */
export class DemoServer {
  private readonly options: DemoServerOptions;
  private readonly access: Access;
  private readonly engine: Engine;
  private readonly models = new Map<string, DemoModel>();
  private readonly server: Server;
  private readonly created = Math.floor(Date.now() / 1000);
  private readonly routes: Readonly<Record<string, Route>> = {
    "GET /v1/models": ({ response }) => sendJson(response, 200, this.list()),
    "POST /v1/completions": (exchange) => this.generation(exchange, completionRequest),
    "POST /v1/chat/completions": (exchange) => this.generation(exchange, chatRequest),
    "POST /tokenize": (exchange) => this.tokenize(exchange),
    "POST /detokenize": (exchange) => this.detokenize(exchange),
  };

  constructor(options: DemoServerOptions) {
    this.options = options;
    this.access = new Access(options.token);
    this.engine = new Engine(options.onFailure);
    this.server = createServer((request, response) => void this.answer({ request, response }));
    // Longer than clients keep idle sockets: they close first, and no request meets a closing one.
    this.server.keepAliveTimeout = 75_000;
  }

  /** @returns the port */
  async listen(): Promise<number> {
    await new Promise<void>((done, fail) => {
      this.server.once("error", fail);
      // A run opens its connections all at once, and this thread may be in the middle of a batch.
      this.server.listen({ port: this.options.port, host: "127.0.0.1", backlog: 4096 }, done);
    });
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.engine.stop();
    const closed = new Promise<void>((done) => this.server.close(() => done()));
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(exchange: Exchange): Promise<void> {
    const { request, response } = exchange;
    response.on("error", () => undefined);
    try {
      const path = (request.url ?? "/").split("?")[0]!;
      const health = path === "/health" && request.method === "GET";
      const refusal = this.access.refusalOf(request);
      if (refusal !== null && !(health && refusal.status === 401))
        return sendJson(response, refusal.status, refusal.body);
      if (health) return void response.writeHead(200, { "content-length": 0 }).end();
      await this.routeOf(request.method ?? "", path)(exchange);
    } catch (error) {
      this.refuse(response, error);
    }
  }

  private routeOf(method: string, path: string): Route {
    const route = Object.hasOwn(this.routes, `${method} ${path}`)
      ? this.routes[`${method} ${path}`]
      : undefined;
    if (route !== undefined) return route;
    const other = Object.keys(this.routes).some((key) => key.endsWith(` ${path}`));
    if (other) return ({ response }) => sendJson(response, 405, { detail: "Method Not Allowed" });
    return ({ response }) => sendJson(response, 404, { detail: "Not Found" });
  }

  private refuse(response: ServerResponse, error: unknown): void {
    if (error instanceof Refusal) return sendJson(response, error.status, error.body);
    // The client went while it was speaking.
    if (response.destroyed || (error as NodeJS.ErrnoException).code === "ECONNRESET") return;
    this.options.onFailure(error);
    sendJson(response, 500, new Refusal(500, "Internal server error").body);
  }

  private async generation({ request, response }: Exchange, read: typeof completionRequest): Promise<void> {
    const asked = read(await readBody(request), (name) => this.find(name));
    if (!response.destroyed) generate(asked, this.engine, response);
  }

  private find(name: string): DemoModel {
    if (!this.options.names.includes(name))
      throw new Refusal(404, `The model \`${name}\` does not exist.`, { param: "model" });
    const known = this.models.get(name);
    if (known !== undefined) return known;
    const opened = this.options.open(name);
    this.models.set(name, opened);
    return opened;
  }

  private list(): object {
    const data = this.options.names.map((name) => ({
      id: name,
      object: "model",
      created: this.created,
      owned_by: "rollout-lens",
      root: name,
      parent: null,
      max_model_len: this.find(name).maxModelLength,
    }));
    return { object: "list", data };
  }

  /** The model of a request that may leave it out where there is but one. */
  private modelIn(fields: BodyFields): DemoModel {
    return this.find(fields.text("model") ?? this.options.names[0] ?? "");
  }

  private async tokenize({ request, response }: Exchange): Promise<void> {
    const fields = new BodyFields(await readBody(request));
    const { tokenizer, maxModelLength } = this.modelIn(fields);
    const chat = fields.value("messages") !== undefined;
    const text = chat ? chatPromptOf(fields) : fields.text("prompt");
    if (text === undefined) throw invalid("prompt", "Field required");
    const tokens = tokenizer.encode(text);
    const strings = fields.flag("return_token_strs") ? tokens.map((id) => tokenizer.stringOf(id)) : null;
    sendJson(response, 200, {
      count: tokens.length,
      max_model_len: maxModelLength,
      tokens,
      token_strs: strings,
    });
  }

  private async detokenize({ request, response }: Exchange): Promise<void> {
    const fields = new BodyFields(await readBody(request));
    const { tokenizer } = this.modelIn(fields);
    if (fields.value("tokens") === undefined) throw invalid("tokens", "Field required");
    const tokens = fields.wholes("tokens");
    sendJson(response, 200, { prompt: tokenizer.decode(tokens, { skipSpecial: false }) });
  }
}

import { OpenAI } from "openai";
import { withoutQuery } from "./redact.ts";

type Built = Awaited<ReturnType<OpenAI["buildRequest"]>>;
type Options = Parameters<OpenAI["buildRequest"]>[0];

export interface WireClientOptions {
  readonly baseUrl: string;
  readonly apiKey: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: typeof globalThis.fetch;
}

/** Limits on time are `nodeFetch`'s; the client's own would count the whole generation. */
const neverMs = 2 ** 31 - 1;

/**
 * The `openai` client with its request line and headers made once instead of with each request. Measured at
 * concurrency 64, that and reading the body without a web stream take its cost from 0.5 ms to 0.25 ms a request.
 * What it does not send is also a reason: the client's platform headers, and keys, organisation and custom headers
 * that it takes from OPENAI_* variables and that are no business of the configured server.
 */
export class WireClient extends OpenAI {
  private readonly prefix: string;
  private readonly query: string;
  private readonly fixedHeaders: Readonly<Record<string, string>>;
  private readonly transport: typeof globalThis.fetch;

  constructor(options: WireClientOptions) {
    super({
      baseURL: options.baseUrl,
      apiKey: options.apiKey ?? "EMPTY",
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      maxRetries: 0,
      timeout: neverMs,
      fetch: options.fetch,
      logLevel: "off",
    });
    const url = new URL(options.baseUrl);
    this.query = url.search;
    this.prefix = (url.href.split(/[?#]/)[0] ?? "").replace(/\/+$/, "");
    this.transport = options.fetch;
    this.fixedHeaders = {
      accept: "text/event-stream, application/json",
      "content-type": "application/json",
      "user-agent": "rollout-lens",
      ...(options.apiKey === null ? null : { authorization: `Bearer ${options.apiKey}` }),
      ...lowerCased(options.headers),
    };
  }

  /** The base URL as messages may show it. */
  get shownUrl(): string {
    return withoutQuery(this.prefix);
  }

  override buildRequest(options: Options): Promise<Built> {
    const headers = { ...this.fixedHeaders, ...(options.headers as Record<string, string> | undefined) };
    const init = {
      method: options.method,
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
    };
    const url = /^https?:/.test(options.path) ? options.path : this.prefix + options.path + this.query;
    return Promise.resolve({ req: init as unknown as Built["req"], url, timeout: neverMs });
  }

  override fetchWithTimeout(url: string, init: RequestInit | undefined): Promise<Response> {
    return this.transport(url, init);
  }
}

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

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

/** Limits on time are the transport's; the client's own would count the whole generation. */
const neverMs = 2 ** 31 - 1;

/**
 * The `openai` client with its request line and headers made once instead of with each request. It asks what a probe
 * asks; requests for samples take their request line from here and go to the transport themselves, for a client's promises,
 * copies and web objects cost as much processor time as all the rest of a request.
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

  /** Where a path below the base URL is, and the headers that go there, the key's among them. */
  requestLine(path: string): { readonly href: string; readonly headers: Readonly<Record<string, string>> } {
    const href = /^https?:/.test(path) ? path : this.prefix + path + this.query;
    return { href, headers: this.fixedHeaders };
  }

  override buildRequest(options: Options): Promise<Built> {
    const { href, headers } = this.requestLine(options.path);
    const init = {
      method: options.method,
      headers: { ...headers, ...(options.headers as Record<string, string> | undefined) },
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
    };
    return Promise.resolve({ req: init as unknown as Built["req"], url: href, timeout: neverMs });
  }

  override fetchWithTimeout(url: string, init: RequestInit | undefined): Promise<Response> {
    return this.transport(url, init);
  }
}

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

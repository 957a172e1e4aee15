import type { CancelSignal } from "../../core/ports.ts";
import type { EndpointConfig } from "../config.ts";
import { connect, type EndpointPorts } from "../endpoint.ts";
import { cancelled, failureOf, MalformedReply } from "../failure.ts";
import type { WireClient } from "../wireClient.ts";

/** Plain JSON requests to the servers of one endpoint; each goes to the one with the fewest under way. */
export class ScoreWire {
  readonly model: string;
  private readonly connection: ReturnType<typeof connect>;
  private readonly busy: Map<WireClient, number>;
  private closed = false;

  constructor(config: EndpointConfig, ports: EndpointPorts, idleTimeoutMs?: number) {
    this.model = config.model;
    this.connection = connect(config, ports, idleTimeoutMs);
    this.busy = new Map([...this.connection.clients.values()].map((client) => [client, 0]));
  }

  close(): void {
    this.closed = true;
    this.connection.close();
  }

  /**
   * @param path below the base URL, or with two slashes below the server's root (`//tokenize`): where vendor routes are
   * @returns the reply's JSON; rejects with EndpointError
   */
  post(path: string, body: Readonly<Record<string, unknown>>, signal: CancelSignal): Promise<unknown> {
    return this.ask(path, signal, (client, href, options) =>
      client.post(href, { ...options, body }).asResponse(),
    );
  }

  get(path: string, signal: CancelSignal): Promise<unknown> {
    return this.ask(path, signal, (client, href, options) => client.get(href, options).asResponse());
  }

  private async ask(
    path: string,
    signal: CancelSignal,
    send: (client: WireClient, href: string, options: { readonly signal: AbortSignal }) => Promise<Response>,
  ): Promise<unknown> {
    if (signal.aborted || this.closed) throw cancelled();
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    signal.addEventListener("abort", abort);
    const [client, count] = [...this.busy].sort((a, b) => a[1] - b[1])[0] as [WireClient, number];
    this.busy.set(client, count + 1);
    const href = path.startsWith("//") ? rootOf(client) + path.slice(1) : path;
    try {
      const response = await send(client, href, { signal: controller.signal });
      return parseReply(await response.text());
    } catch (error) {
      if (signal.aborted || this.closed) throw cancelled();
      const url = href === path ? client.shownUrl + path : href;
      throw failureOf(error, { url, redact: this.connection.redact });
    } finally {
      this.busy.set(client, (this.busy.get(client) ?? 1) - 1);
      signal.removeEventListener("abort", abort);
    }
  }
}

/** vLLM's, SGLang's, TGI's and llama.cpp's own routes lie beside `/v1`, not below it. */
function rootOf(client: WireClient): string {
  return client
    .requestLine("")
    .href.split(/[?#]/)[0]!
    .replace(/\/v\d+\/?$/, "");
}

/** Some servers write what JSON does not have: -Infinity stays a floor, NaN and Infinity are no numbers. */
function parseReply(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (/^\s*</.test(text)) throw new MalformedReply("expected JSON, got an HTML page");
  }
  try {
    const plain = text.replace(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g, (match) =>
      match.startsWith('"') ? match : match === "-Infinity" ? "-1e9" : "null",
    );
    return JSON.parse(plain);
  } catch {
    throw new MalformedReply("expected JSON, got something else");
  }
}

import { NodeResponse } from "./nodeResponse.ts";
import type { Transport } from "./transport.ts";

/** A `fetch` over the transport, for the `openai` client. Takes http(s) URLs and bodies of text or bytes. */
export function createNodeFetch(transport: Transport): typeof globalThis.fetch {
  return (input, init) =>
    new Promise((resolve, reject) => {
      if (typeof input !== "string" && !(input instanceof URL))
        throw new TypeError("nodeFetch takes a URL, not a Request");
      const body = init?.body ?? undefined;
      if (body !== undefined && typeof body !== "string" && !(body instanceof Uint8Array))
        throw new TypeError("nodeFetch takes a body of text or bytes");
      const method = init?.method ?? "GET";
      const exchange = {
        href: String(input),
        method,
        headers: plainHeaders(init?.headers),
        body,
        signal: init?.signal ?? null,
      };
      let response: NodeResponse | null = null;
      transport.send(exchange, {
        head(message, href) {
          response = new NodeResponse(message, href);
          resolve(response as unknown as Response);
        },
        failed(error) {
          response?.fail(error);
          reject(error);
        },
      });
    });
}

function plainHeaders(headers: RequestInit["headers"]): Readonly<Record<string, string>> {
  if (headers === undefined) return {};
  const plain = Object.getPrototypeOf(headers) === Object.prototype;
  return plain ? (headers as Record<string, string>) : Object.fromEntries(new Headers(headers));
}

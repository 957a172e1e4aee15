import type { ServerResponse } from "node:http";
import { errorBody } from "./wire.ts";

/** What goes wrong with one generation request. */
export type Fault =
  /** An error reply. `html`: a proxy's page; `plain`: text. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly message?: string;
      readonly shape?: "vllm" | "openai" | "html" | "plain";
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection is destroyed after so many events. */
  | { readonly kind: "cut"; readonly afterEvents: number }
  /** The reply ends properly on the wire, but after so many events, with no reason and no `[DONE]`. */
  | { readonly kind: "cutQuietly"; readonly afterEvents: number }
  /** `[DONE]` arrives, but no finish_reason did. */
  | { readonly kind: "noReason" }
  /** Status 200 with broken JSON, in the stream or as the body. */
  | { readonly kind: "malformed" }
  /** Status 200, JSON, but not what the API promises. */
  | { readonly kind: "strangeJson"; readonly body: string }
  /** An error object inside the stream after so many events, as vLLM sends when its engine fails. */
  | {
      readonly kind: "errorEvent";
      readonly afterEvents: number;
      readonly message: string;
      readonly code?: number;
    }
  /** So many events, then nothing; the socket stays open. */
  | { readonly kind: "silent"; readonly afterEvents: number }
  /** The request is read and never answered. */
  | { readonly kind: "hang" }
  /** The connection is reset before any reply. */
  | { readonly kind: "reset" };

/** Answers with an error page or error object. */
export function sendStatus(response: ServerResponse, fault: Extract<Fault, { kind: "status" }>): void {
  const { status, message = "injected", shape = "vllm" } = fault;
  const [type, body] =
    shape === "html"
      ? [
          "text/html",
          `<!doctype html><html><head><title>${status}</title></head><body><h1>${message}</h1></body></html>`,
        ]
      : shape === "plain"
        ? ["text/plain", message]
        : ["application/json", errorBody(shape, status, message)];
  response.writeHead(status, { "content-type": type, ...fault.headers }).end(body);
}

/** Sends the events of a stream as the fault has it. */
export function sendFaultyStream(response: ServerResponse, events: readonly string[], fault: Fault): void {
  const first = (count: number): void => void response.write(events.slice(0, count).join(""));
  switch (fault.kind) {
    case "cut":
      response.write(
        events.slice(0, fault.afterEvents).join("") + (events[fault.afterEvents] ?? "").slice(0, 20),
        () => response.destroy(),
      );
      return;
    case "cutQuietly":
      first(fault.afterEvents);
      response.end();
      return;
    case "noReason":
      response.end(
        events.map((event) => event.replace(/"finish_reason":"[a-z_]+"/, `"finish_reason":null`)).join(""),
      );
      return;
    case "malformed":
      first(1);
      response.end(`data: {"id":"x","choices":[{"index":0,"te\n\n${events.slice(2).join("")}`);
      return;
    case "strangeJson":
      response.end(`data: ${fault.body}\n\ndata: [DONE]\n\n`);
      return;
    case "errorEvent":
      first(fault.afterEvents);
      response.end(`data: ${errorBody("openai", fault.code ?? 500, fault.message)}\n\ndata: [DONE]\n\n`);
      return;
    case "silent":
      if (fault.afterEvents > 0) first(fault.afterEvents);
      else response.flushHeaders();
      return;
    case "status":
    case "hang":
    case "reset":
      throw new Error(`not a fault of a stream: ${fault.kind}`);
  }
}

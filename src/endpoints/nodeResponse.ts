import type { IncomingMessage } from "node:http";

/** Body chunks that may wait unread before the socket is paused. */
const highWaterMark = 16;

/**
 * The part of a fetch `Response` that the `openai` client uses, over a node:http message. The global `Response` would
 * cost more than the request itself at high concurrency. The body is a web ReadableStream, made when first asked for.
 */
export class NodeResponse {
  readonly status: number;
  readonly statusText: string;
  readonly ok: boolean;
  readonly url: string;
  readonly redirected = false;
  readonly type = "basic";
  private readonly message: IncomingMessage;
  private failure: Error | null = null;
  private lazyBody: ReadableStream<Uint8Array> | null = null;
  private lazyHeaders: Headers | null = null;

  constructor(message: IncomingMessage, url: URL) {
    this.message = message;
    this.status = message.statusCode ?? 0;
    this.statusText = message.statusMessage ?? "";
    this.ok = this.status >= 200 && this.status <= 299;
    this.url = url.href;
    // Without a listener an early end of the connection would be an uncaught error.
    message.on("error", (error: Error) => (this.failure ??= error));
  }

  get headers(): Headers {
    return (this.lazyHeaders ??= headersOf(this.message));
  }

  get body(): ReadableStream<Uint8Array> {
    return (this.lazyBody ??= this.stream());
  }

  get bodyUsed(): boolean {
    return this.lazyBody?.locked === true;
  }

  /** Ends the body with this error rather than with the reset that follows from closing the socket. */
  fail(error: Error): void {
    this.failure ??= error;
    this.message.destroy(error);
  }

  async text(): Promise<string> {
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of this.body) text += decoder.decode(chunk, { stream: true });
    return text + decoder.decode();
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text()) as unknown;
  }

  private stream(): ReadableStream<Uint8Array> {
    const { message } = this;
    let settled = false;
    const settle = (end: () => void): void => {
      if (!settled) end();
      settled = true;
    };
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          const fail = (error: Error): void => settle(() => controller.error(this.failure ?? error));
          if (this.failure !== null) return fail(this.failure);
          message.on("data", (chunk: Uint8Array) => {
            controller.enqueue(chunk);
            if ((controller.desiredSize ?? 0) <= 0) message.pause();
          });
          message.once("end", () => settle(() => controller.close()));
          message.on("error", fail);
          message.once("close", () => fail(new Error("the connection closed before the end of the reply")));
        },
        pull: () => void message.resume(),
        cancel: () => {
          settled = true;
          message.destroy();
        },
      },
      { highWaterMark },
    );
  }
}

function headersOf(message: IncomingMessage): Headers {
  const headers = new Headers();
  const raw = message.rawHeaders;
  for (let i = 0; i + 1 < raw.length; i += 2) headers.append(raw[i] ?? "", raw[i + 1] ?? "");
  return headers;
}

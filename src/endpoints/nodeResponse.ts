import type { IncomingMessage } from "node:http";

/** Body chunks that may wait unread before the socket is paused. */
const highWaterMark = 16;

/**
 * The part of a fetch `Response` that the `openai` client uses, over a node:http message. The global `Response`,
 * `Headers` and a web stream would cost more than the request itself; they are made only when asked for.
 */
export class NodeResponse {
  readonly status: number;
  readonly statusText: string;
  readonly ok: boolean;
  readonly url: string;
  readonly headers: NodeHeaders;
  readonly redirected = false;
  readonly type = "basic";
  private readonly message: IncomingMessage;
  private failure: Error | null = null;
  private lazyBody: ReadableStream<Uint8Array> | null = null;
  private readStarted = false;

  constructor(message: IncomingMessage, url: string) {
    this.message = message;
    this.status = message.statusCode ?? 0;
    this.statusText = message.statusMessage ?? "";
    this.ok = this.status >= 200 && this.status <= 299;
    this.url = url;
    this.headers = new NodeHeaders(message);
    // Without a listener an early end of the connection would be an uncaught error.
    message.on("error", (error: Error) => (this.failure ??= error));
  }

  get body(): ReadableStream<Uint8Array> {
    return (this.lazyBody ??= this.stream());
  }

  get bodyUsed(): boolean {
    return this.readStarted;
  }

  /** Ends the body with this error rather than with the reset that follows from closing the socket. */
  fail(error: Error): void {
    this.failure ??= error;
    this.message.destroy(error);
  }

  /**
   * Hands every chunk over as it arrives, without a web stream between: half the cost of `for await` over `body`.
   * Resolves at the end of the body; rejects when the connection broke before it or `onChunk` threw.
   */
  read(onChunk: (chunk: Uint8Array) => void): Promise<void> {
    const { message } = this;
    this.readStarted = true;
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => reject(this.failure ?? error);
      if (this.failure !== null) return fail(this.failure);
      message.on("data", (chunk: Uint8Array) => {
        try {
          onChunk(chunk);
        } catch (error) {
          this.fail(error instanceof Error ? error : new Error(String(error)));
          fail(this.failure ?? new Error(String(error)));
        }
      });
      message.once("end", resolve);
      message.on("error", fail);
      message.once("close", () => {
        // The usual close comes after the end, when this promise is settled; the error is not built for it.
        if (!message.readableEnded) fail(new Error("the connection closed before the end of the reply"));
      });
    });
  }

  async text(): Promise<string> {
    const decoder = new TextDecoder();
    let text = "";
    await this.read((chunk) => {
      text += decoder.decode(chunk, { stream: true });
    });
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
          const onChunk = (chunk: Uint8Array): void => {
            controller.enqueue(chunk);
            if ((controller.desiredSize ?? 0) <= 0) message.pause();
          };
          this.read(onChunk).then(
            () => settle(() => controller.close()),
            (error: unknown) => settle(() => controller.error(error)),
          );
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

/** Read-only response headers by lower-case name, straight from the message. */
class NodeHeaders {
  private readonly message: IncomingMessage;
  constructor(message: IncomingMessage) {
    this.message = message;
  }

  get(name: string): string | null {
    const value = this.message.headers[name.toLowerCase()];
    return value === undefined ? null : Array.isArray(value) ? value.join(", ") : value;
  }

  has(name: string): boolean {
    return this.get(name) !== null;
  }

  *entries(): Generator<[string, string]> {
    for (const name of Object.keys(this.message.headers)) yield [name, this.get(name) ?? ""];
  }

  [Symbol.iterator](): Generator<[string, string]> {
    return this.entries();
  }

  forEach(visit: (value: string, name: string) => void): void {
    for (const [name, value] of this.entries()) visit(value, name);
  }
}

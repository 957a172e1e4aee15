import type { Contract, Failure, Handlers, ToHost, ToWebview } from "../protocol/rpc.ts";

/** The part of a `vscode.Webview` that messages need. */
export interface MessageChannel {
  postMessage(message: ToWebview): PromiseLike<boolean>;
  onDidReceiveMessage(listener: (message: unknown) => void): { dispose(): void };
}

export interface RpcServerOptions<C extends Contract> {
  readonly channel: MessageChannel;
  readonly handlers: Handlers<C>;
  /** A hidden view gets no events: it asks for everything when it is shown again. */
  readonly isVisible: () => boolean;
  /** Called for every request that failed, to be logged; cancelled ones are silent. */
  readonly onFailure: (method: string, error: unknown) => void;
}

/** Answers one webview. Every request settles: with its result, or with a failure that has a code and a message. */
export class RpcServer<C extends Contract> {
  private readonly options: RpcServerOptions<C>;
  private readonly running = new Map<number, AbortController>();
  private readonly listener: { dispose(): void };
  private disposed = false;

  constructor(options: RpcServerOptions<C>) {
    this.options = options;
    this.listener = options.channel.onDidReceiveMessage((message) => this.receive(message));
  }

  /** `false` when it was not sent because the view is hidden or gone. */
  emit<E extends keyof C["events"] & string>(name: E, payload: C["events"][E]): boolean {
    if (this.disposed || !this.options.isVisible()) return false;
    this.post({ type: "event", name, payload });
    return true;
  }

  dispose(): void {
    this.disposed = true;
    this.listener.dispose();
    for (const controller of this.running.values()) controller.abort();
    this.running.clear();
  }

  private receive(value: unknown): void {
    const message = asToHost(value);
    if (message === null) return;
    if (message.type === "cancel") this.running.get(message.id)?.abort();
    else void this.answer(message);
  }

  private async answer({ id, method, params }: Extract<ToHost, { type: "request" }>): Promise<void> {
    const controller = new AbortController();
    this.running.set(id, controller);
    try {
      const handler = this.handlerOf(method);
      const result = await handler(params as never, controller.signal);
      this.post({ type: "reply", id, ok: true, result });
    } catch (error) {
      if (!controller.signal.aborted) this.options.onFailure(method, error);
      const failure = controller.signal.aborted ? cancelled : failureOf(error);
      this.post({ type: "reply", id, ok: false, failure });
    } finally {
      this.running.delete(id);
    }
  }

  private handlerOf(method: string): (params: never, signal: AbortSignal) => unknown {
    const { handlers } = this.options;
    // Own names only: `toString` is not a request.
    if (!Object.hasOwn(handlers, method)) throw new UnknownMethod(method);
    return handlers[method as keyof typeof handlers];
  }

  private post(message: ToWebview): void {
    if (this.disposed) return;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a webview's channel has one end only
    void this.options.channel.postMessage(message).then(undefined, (error: unknown) => {
      // The view went away between the answer and the message.
      if (!this.disposed) this.options.onFailure("postMessage", error);
    });
  }
}

class UnknownMethod extends Error {
  readonly code = "unknownMethod";
  constructor(method: string) {
    super(`There is no request "${method}".`);
  }
}

const cancelled: Failure = { code: "cancelled", message: "Cancelled." };

function failureOf(error: unknown): Failure {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
  return {
    code: typeof code === "string" ? code : "failed",
    message: error instanceof Error ? error.message : String(error),
  };
}

function asToHost(value: unknown): ToHost | null {
  if (typeof value !== "object" || value === null) return null;
  const message = value as Partial<Record<string, unknown>>;
  if (typeof message["id"] !== "number") return null;
  if (message["type"] === "cancel") return { type: "cancel", id: message["id"] };
  if (message["type"] !== "request" || typeof message["method"] !== "string") return null;
  return { type: "request", id: message["id"], method: message["method"], params: message["params"] };
}

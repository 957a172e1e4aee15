// The webview's end of the wire: typed requests that always settle, and events.
import type { AbortSignalLike, Contract, Params, Result, ToHost, ToWebview } from "../../src/protocol/rpc.ts";

/** What `acquireVsCodeApi()` gives, as far as it is used here. */
export interface HostPort {
  postMessage(message: ToHost): void;
}

/** A failure the host answered with, or `closed` when the page went away before an answer came. */
export class RequestError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = "RequestError";
    this.code = code;
  }
}

export interface Client<C extends Contract> {
  /** Rejects with RequestError; code `cancelled` after an abort, `closed` when the page is left. */
  call<M extends keyof C["requests"] & string>(
    method: M,
    params: Params<C, M>,
    signal?: AbortSignalLike,
  ): Promise<Result<C, M>>;
  /** Returns the function that stops listening. */
  on<E extends keyof C["events"] & string>(name: E, listener: (payload: C["events"][E]) => void): () => void;
  /** Rejects everything that waits; called when the page is left. */
  close(): void;
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: RequestError) => void;
}

/** `target` is where messages of the host and `pagehide` arrive: the window. */
export function createClient<C extends Contract>(port: HostPort, target: EventTarget): Client<C> {
  const pending = new Map<number, Pending>();
  const listeners = new Map<string, Set<(payload: never) => void>>();
  let lastId = 0;

  const settle = (id: number): Pending | undefined => {
    const waiting = pending.get(id);
    pending.delete(id);
    return waiting;
  };
  const receive = (message: ToWebview): void => {
    if (message.type === "event") {
      for (const listener of listeners.get(message.name) ?? []) listener(message.payload as never);
      return;
    }
    const waiting = settle(message.id);
    if (message.ok) waiting?.resolve(message.result);
    else waiting?.reject(new RequestError(message.failure.code, message.failure.message));
  };
  const close = (): void => {
    for (const id of pending.keys()) settle(id)?.reject(new RequestError("closed", "The page was left."));
  };
  target.addEventListener("message", (event) => {
    const data = (event as MessageEvent<unknown>).data;
    if (isToWebview(data)) receive(data);
  });
  target.addEventListener("pagehide", close);

  return {
    call: (method, params, signal) =>
      new Promise((resolve, reject) => {
        const cancelled = (): RequestError => new RequestError("cancelled", "Cancelled.");
        if (signal?.aborted) return reject(cancelled());
        const id = ++lastId;
        const abort = (): void => {
          if (!pending.has(id)) return;
          port.postMessage({ type: "cancel", id });
          settle(id)?.reject(cancelled());
        };
        const done = (): void => signal?.removeEventListener("abort", abort);
        pending.set(id, {
          resolve: (result) => (done(), resolve(result)),
          reject: (error) => (done(), reject(error)),
        });
        signal?.addEventListener("abort", abort);
        port.postMessage({ type: "request", id, method, params });
      }),
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => void set.delete(listener);
    },
    close,
  };
}

function isToWebview(data: unknown): data is ToWebview {
  if (typeof data !== "object" || data === null || !("type" in data)) return false;
  return data.type === "reply" || data.type === "event";
}

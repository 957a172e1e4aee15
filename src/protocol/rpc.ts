// The wire between the host and one webview. Types only, and the few names both sides need.

/** A webview's contract: what it may ask, and what the host tells it. Requests are verbs, events nouns of state. */
export interface Contract {
  readonly requests: Readonly<Record<string, { readonly params: unknown; readonly result: unknown }>>;
  readonly events: Readonly<Record<string, unknown>>;
}

export type Params<C extends Contract, M extends keyof C["requests"]> = C["requests"][M]["params"];
export type Result<C extends Contract, M extends keyof C["requests"]> = C["requests"][M]["result"];

/** The host's side: every request of the contract has a handler, else it does not compile. */
export type Handlers<C extends Contract> = {
  readonly [M in keyof C["requests"]]: (
    params: Params<C, M>,
    signal: AbortSignalLike,
  ) => Result<C, M> | Promise<Result<C, M>>;
};

export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

export interface Failure {
  readonly code: string;
  readonly message: string;
}

export type ToHost =
  | { readonly type: "request"; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly type: "cancel"; readonly id: number };

export type ToWebview =
  | { readonly type: "reply"; readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly type: "reply"; readonly id: number; readonly ok: false; readonly failure: Failure }
  | { readonly type: "event"; readonly name: string; readonly payload: unknown };

import type { Generator } from "../core/run/generate.ts";
import { type EndpointConfig } from "./config.ts";

export { parseEndpointConfig, type EndpointConfig } from "./config.ts";

/** The key of an origin, or `null`. A plain text belongs to the FIRST base URL's origin and is sent to no other. */
export type ApiKey = string | null | ((origin: string) => string | null);

export interface EndpointPorts {
  readonly apiKey: ApiKey;
  /** Default: `createNodeFetch`, bounded to `maxConcurrency` sockets per origin. */
  readonly fetch?: typeof globalThis.fetch;
}

/** An endpoint ready to write samples. */
export interface Endpoint extends Generator {
  /** Scheme, host and port of the first base URL: what keys and run files go by. */
  readonly origin: string;
  /** Ends idle sockets; requests in flight are cancelled. */
  close(): void;
}

/** Opens an endpoint; no request is made before `generate`. `generate` rejects with `EndpointError` only. */
export declare function openEndpoint(config: EndpointConfig, ports: EndpointPorts): Endpoint;

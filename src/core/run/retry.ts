import type { Random } from "../ports.ts";
import type { EndpointError } from "./generate.ts";

/** When a request is tried again. One policy for all endpoints. */
export interface RetryPolicy {
  /** Requests for one sample, the first included. */
  readonly maxTries: number;
  /** From the first request of a sample to the start of its last one. */
  readonly maxTotalMs: number;
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
  /** The longest `Retry-After` that is waited for; a longer one stops the run. */
  readonly maxRetryAfterMs: number;
}

/** Bridges the restart of a server by hand. */
export const defaultRetryPolicy: RetryPolicy = {
  maxTries: 8,
  maxTotalMs: 60 * 60_000,
  minDelayMs: 1000,
  maxDelayMs: 60_000,
  maxRetryAfterMs: 10 * 60_000,
};

/**
 * Milliseconds before try `tries + 1`: what the server asked for, else uniform between the least delay and a ceiling
 * that doubles with each try (full jitter: Brooker, "Exponential Backoff And Jitter", AWS 2015).
 * @param tries requests made so far, from 1
 */
export function retryDelayMs(
  error: EndpointError,
  tries: number,
  random: Random,
  policy: RetryPolicy = defaultRetryPolicy,
): number {
  if (error.retryAfterMs !== null) return Math.max(0, error.retryAfterMs);
  const ceiling = Math.min(policy.maxDelayMs, policy.minDelayMs * 2 ** tries);
  return policy.minDelayMs + random() * (ceiling - policy.minDelayMs);
}

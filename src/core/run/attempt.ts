import type { CancelSignal, Clock, Random } from "../ports.ts";
import type { StopCode } from "./events.ts";
import type { EndpointGate } from "./gate.ts";
import { EndpointError, type GenerateRequest, type Generation, type Generator } from "./generate.ts";
import { type RetryPolicy, retryDelayMs } from "./retry.ts";

export interface AttemptPorts {
  readonly generator: Generator;
  readonly gate: EndpointGate;
  readonly clock: Clock;
  readonly random: Random;
  readonly retry: RetryPolicy;
  /** Longest outage that is sat out. */
  readonly maxDownMs: number;
  /** Called when waiting for the next try begins. */
  readonly onWait: (error: EndpointError, untilMs: number) => void;
}

export type Attempted =
  | { readonly kind: "generated"; readonly generation: Generation }
  /** This sample alone is given up. */
  | { readonly kind: "failed"; readonly error: EndpointError }
  /** No request to this endpoint can succeed now. */
  | { readonly kind: "stop"; readonly code: StopCode; readonly error: EndpointError }
  | { readonly kind: "cancelled" };

/** Asks for one sample until it is there, cannot be had, or the limits on tries and time are reached. */
export async function attemptSample(
  request: GenerateRequest,
  ports: AttemptPorts,
  signal: CancelSignal,
): Promise<Attempted> {
  const { gate, clock, retry } = ports;
  const startedMs = clock.now();
  let tries = 0;
  for (;;) {
    if (!gate.free) await gate.enter(signal);
    if (signal.aborted) return { kind: "cancelled" };
    const outcome = await requestOnce(request, ports, signal);
    if (!(outcome instanceof EndpointError)) return { kind: "generated", generation: outcome };
    if (outcome.code === "cancelled" || signal.aborted) return { kind: "cancelled" };
    const code = stopCodeOf(outcome, ports);
    if (code !== null) return { kind: "stop", code, error: outcome };
    // While the breaker is open the outage limit counts, not the tries of the sample that makes the trial.
    if (!(outcome.code === "connection" && gate.open)) tries += 1;
    if (!outcome.retryable || tries >= retry.maxTries) return { kind: "failed", error: outcome };
    const delayMs =
      outcome.code === "connection" && gate.open ? 0 : retryDelayMs(outcome, tries, ports.random, retry);
    const untilMs = clock.now() + delayMs;
    if (untilMs - startedMs > retry.maxTotalMs) return { kind: "failed", error: outcome };
    if (outcome.retryAfterMs !== null) gate.holdUntil(untilMs);
    ports.onWait(outcome, untilMs);
    await clock.sleep(delayMs, signal);
  }
}

async function requestOnce(
  request: GenerateRequest,
  { generator, gate }: AttemptPorts,
  signal: CancelSignal,
): Promise<Generation | EndpointError> {
  try {
    const generation = await generator.generate(request, signal);
    gate.reached();
    return generation;
  } catch (error) {
    if (!(error instanceof EndpointError)) throw error;
    if (error.code === "connection") gate.unreached();
    else if (error.code !== "cancelled") gate.reached();
    return error;
  }
}

function stopCodeOf(error: EndpointError, { gate, retry, maxDownMs }: AttemptPorts): StopCode | null {
  if (error.code === "unauthorized" || error.code === "notFound") return error.code;
  if (error.code === "connection" && gate.downMs > maxDownMs) return "unreachable";
  return (error.retryAfterMs ?? 0) > retry.maxRetryAfterMs ? "rateLimited" : null;
}

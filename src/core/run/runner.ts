import type { CancelSignal, Clock, Random } from "../ports.ts";
import type { Verifier } from "../verify/verifier.ts";
import type { RunEvent } from "./events.ts";
import type { Generator } from "./generate.ts";
import type { PauseSwitch } from "./pause.ts";
import type { RunPlan } from "./plan.ts";
import type { RunLog } from "./store.ts";

export interface RunPorts {
  readonly generator: Generator;
  readonly verifier: Verifier;
  /** From `createRun` or `openRun`; the caller closes it after the last event. */
  readonly log: RunLog;
  readonly clock: Clock;
  /** For retry jitter. */
  readonly random: Random;
  /** Requests in flight. Default 64. */
  readonly concurrency?: number;
  /** While it is paused no new request starts; those in flight end and are kept. */
  readonly pause?: PauseSwitch;
}

/**
 * Samples what the log has not yet, in problem-major order, and yields what happens; ends with `stopped` or `done`.
 * Leaving the loop early cancels the requests in flight. Throws for bugs only.
 */
export declare function runPlan(
  plan: RunPlan,
  ports: RunPorts,
  signal: CancelSignal,
): AsyncGenerator<RunEvent, void, void>;

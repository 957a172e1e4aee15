// The built-in verifiers in a thread of their own. A batch of items goes in, the verdicts of its first ones come out: as
// many as fit in a short time, so that none waits long. `progress` says at any time how many of the batch are judged.
import { parentPort, workerData } from "node:worker_threads";
import type { Verdict } from "../core/model.ts";
import type { MathItem } from "../core/verify/math/mathVerifier.ts";
import { verifierOf } from "../core/verify/verifiers.ts";
import type { VerifierSpec } from "../core/verify/verifierSpec.ts";

export interface VerifyWorkerData {
  readonly spec: VerifierSpec;
  /** One number: items of the batch that are judged. */
  readonly progress: Int32Array;
}

export interface VerifyBatch {
  readonly items: readonly MathItem[];
}

/** Of the first items of the batch; the others are sent again. */
export interface VerifyReply {
  readonly verdicts: readonly Verdict[];
}

/** A batch ends early after so long. */
const batchMs = 15;

const { spec, progress } = workerData as VerifyWorkerData;
const verifier = verifierOf(spec);

async function judge({ items }: VerifyBatch): Promise<void> {
  const verdicts: Verdict[] = [];
  const startedMs = performance.now();
  for (const item of items) {
    const verdict = verifier.verify(item);
    verdicts.push(verdict instanceof Promise ? await verdict : verdict);
    Atomics.store(progress, 0, verdicts.length);
    if (performance.now() - startedMs > batchMs) break;
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of worker_threads has none
  parentPort?.postMessage({ verdicts } satisfies VerifyReply);
}

parentPort?.on("message", (batch: VerifyBatch) => void judge(batch));
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of worker_threads has none
parentPort?.postMessage("ready");

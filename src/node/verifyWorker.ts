// The math verifier in a thread of its own: `{ id, item }` in, `{ id, verdict }` out, in order. Started by `workerVerifier`.
import { parentPort, workerData } from "node:worker_threads";
import type { Verdict } from "../core/model.ts";
import { mathVerifier } from "../core/verify/math/mathVerifier.ts";
import type { MathOptions } from "../core/verify/math/options.ts";
import type { VerifyItem } from "../core/verify/verifier.ts";

export interface VerifyRequest {
  readonly id: number;
  readonly item: VerifyItem;
}

export interface VerifyReply {
  readonly id: number;
  readonly verdict: Verdict;
}

const verifier = mathVerifier((workerData as { readonly options: Partial<MathOptions> }).options);

parentPort?.on("message", ({ id, item }: VerifyRequest) => {
  void (async () => {
    const verdict = await verifier.verify(item);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of worker_threads has none
    parentPort?.postMessage({ id, verdict } satisfies VerifyReply);
  })();
});
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of worker_threads has none
parentPort?.postMessage("ready");

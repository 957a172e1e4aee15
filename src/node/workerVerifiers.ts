import type { Verifier } from "../core/verify/verifier.ts";
import { defaultVerifier, verifierId, verifierSpec } from "../core/verify/verifierSpec.ts";
import { verifyWorkerNear, WorkerVerifier } from "./workerVerifier.ts";

/** The built-in verifiers of a window by their ids, each in a worker that starts with its first item. */
export class WorkerVerifiers {
  readonly #workerFile: string;
  readonly #verifiers = new Map<string, WorkerVerifier>();

  /** `folder`: where the bundles lie. */
  constructor(folder: string) {
    this.#workerFile = verifyWorkerNear(folder);
  }

  /** The verifier a run's plan names; the default one where none is named, or one that is no longer here. */
  get(id?: string): Verifier {
    const spec = (id === undefined ? null : verifierSpec(id)) ?? defaultVerifier;
    const known = this.#verifiers.get(verifierId(spec));
    if (known !== undefined) return known;
    const verifier = new WorkerVerifier({ workerFile: this.#workerFile, spec });
    this.#verifiers.set(verifier.id, verifier);
    return verifier;
  }

  /** Ends the workers; what still waits is rejected with `cancelled`. */
  async close(): Promise<void> {
    await Promise.all([...this.#verifiers.values()].map((verifier) => verifier.close()));
  }
}

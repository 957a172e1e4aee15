import { Worker } from "node:worker_threads";
import { LensError } from "../core/errors.ts";
import type { Verdict } from "../core/model.ts";
import type { CancelSignal } from "../core/ports.ts";
import { mathVerifier } from "../core/verify/math/mathVerifier.ts";
import type { MathOptions } from "../core/verify/math/options.ts";
import type { Verifier, VerifyItem } from "../core/verify/verifier.ts";
import type { VerifyReply } from "./verifyWorker.ts";

export interface WorkerVerifierOptions {
  /** The built `verifyWorker.mjs`, beside the bundle that starts it; in tests the TypeScript file. */
  readonly workerFile: string | URL;
  readonly options?: Partial<MathOptions>;
  /** How long one item may take; the time a worker needs to start is not counted. */
  readonly deadlineMs?: number;
  readonly heapMegabytes?: number;
}

interface Job {
  readonly item: VerifyItem;
  readonly settle: (verdict: Verdict) => void;
  readonly fail: (error: LensError) => void;
  readonly detach: () => void;
}

const startLimitMs = 15_000;

/**
 * The math verifier off this thread, one item at a time in the order they came. An item past its deadline or its memory
 * ends with its worker: it alone is `undecided`, the next one gets a new worker. Aborting rejects with `cancelled`.
 */
export class WorkerVerifier implements Verifier {
  readonly id: string;
  readonly #options: Required<WorkerVerifierOptions>;
  readonly #waiting: Job[] = [];
  #current: Job | null = null;
  #worker: Worker | null = null;
  #timer: NodeJS.Timeout | undefined;
  #sent = 0;
  #closed = false;

  constructor({ workerFile, options = {}, deadlineMs = 1000, heapMegabytes = 256 }: WorkerVerifierOptions) {
    this.#options = { workerFile, options, deadlineMs, heapMegabytes };
    this.id = mathVerifier(options).id;
  }

  verify(item: VerifyItem, signal?: CancelSignal): Promise<Verdict> {
    if (this.#closed || signal?.aborted === true) return Promise.reject(cancelled());
    return new Promise((settle, fail) => {
      const onAbort = (): void => this.#drop(job);
      const job: Job = { item, settle, fail, detach: () => signal?.removeEventListener("abort", onAbort) };
      signal?.addEventListener("abort", onAbort);
      this.#waiting.push(job);
      this.#advance();
    });
  }

  /** Ends the worker; what still waits is rejected with `cancelled`. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of [...this.#waiting.splice(0), ...(this.#current === null ? [] : [this.#current])])
      reject(job);
    this.#current = null;
    await this.#end();
  }

  #drop(job: Job): void {
    const at = this.#waiting.indexOf(job);
    if (at >= 0) this.#waiting.splice(at, 1);
    reject(job);
  }

  #advance(): void {
    if (this.#current !== null || this.#closed) return;
    const job = this.#waiting.shift();
    if (job === undefined) {
      this.#worker?.unref();
      return;
    }
    this.#current = job;
    if (this.#worker === null) this.#start();
    else this.#send(this.#worker, job);
  }

  #start(): void {
    const { workerFile, options, heapMegabytes } = this.#options;
    const worker = new Worker(workerFile, {
      workerData: { options },
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, stackSizeMb: 4 },
    });
    this.#worker = worker;
    worker.on("message", (message: VerifyReply | "ready") => this.#receive(worker, message));
    worker.on("error", (error: Error & { code?: string }) => this.#lost(worker, error.code ?? error.message));
    worker.on("exit", () => this.#lost(worker, "ended by itself"));
    this.#timer = setTimeout(() => this.#lost(worker, "did not start"), startLimitMs);
  }

  #send(worker: Worker, job: Job): void {
    worker.ref();
    this.#sent += 1;
    this.#timer = setTimeout(() => this.#lost(worker, "time limit"), this.#options.deadlineMs);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of worker_threads has none
    worker.postMessage({ id: this.#sent, item: job.item });
  }

  #receive(worker: Worker, message: VerifyReply | "ready"): void {
    if (worker !== this.#worker) return;
    clearTimeout(this.#timer);
    if (message === "ready") {
      if (this.#current !== null) this.#send(worker, this.#current);
    } else if (message.id === this.#sent) this.#finish(message.verdict);
  }

  /** The worker is gone or has to go: its item is undecided, the next one starts another. */
  #lost(worker: Worker, cause: string): void {
    if (worker !== this.#worker) return;
    void this.#end();
    if (cause === "time limit") this.#finish(undecided(cause));
    else if (cause === "ERR_WORKER_OUT_OF_MEMORY") this.#finish(undecided("memory limit"));
    else this.#finish({ kind: "error", reason: `the verifier stopped: ${cause}` });
  }

  #finish(verdict: Verdict): void {
    const job = this.#current;
    this.#current = null;
    job?.detach();
    job?.settle(verdict);
    this.#advance();
  }

  async #end(): Promise<void> {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }
}

const undecided = (reason: string): Verdict => ({ kind: "undecided", reason, extracted: null });
const cancelled = (): LensError => new LensError("cancelled", "Verifying was cancelled.");

function reject(job: Job): void {
  job.detach();
  job.fail(cancelled());
}

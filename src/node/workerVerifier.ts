import { existsSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { LensError } from "../core/errors.ts";
import type { Verdict } from "../core/model.ts";
import type { CancelSignal } from "../core/ports.ts";
import type { MathItem } from "../core/verify/math/mathVerifier.ts";
import type { Verifier } from "../core/verify/verifier.ts";
import { defaultVerifier, verifierId, type VerifierSpec } from "../core/verify/verifierSpec.ts";
import type { VerifyBatch, VerifyReply, VerifyWorkerData } from "./verifyWorker.ts";

export interface WorkerVerifierOptions {
  /** See `verifyWorkerNear`. */
  readonly workerFile: string | URL;
  /** Default `math@1:standard`. */
  readonly spec?: VerifierSpec;
  /** How long one item may take; the time a worker needs to start is not counted. */
  readonly deadlineMs?: number;
  readonly heapMegabytes?: number;
}

interface Job {
  readonly item: MathItem;
  readonly settle: (verdict: Verdict) => void;
  readonly fail: (error: LensError) => void;
  readonly detach: () => void;
}

const startLimitMs = 15_000;
/** Of one message to the worker. */
const maxBatch = { items: 256, chars: 4_000_000 };
/** So many are not kept waiting for more, and the others only so long. */
const fullBatch = 32;
const gatherMs = 4;
/** A batch ends itself after 15 ms, so an item under way has had its own time when that much more is over. */
const graceMs = 20;

/** The worker beside the bundle that runs (`dist`), or its source where Node runs the sources. */
export function verifyWorkerNear(folder: string): string {
  const built = [join(folder, "verifyWorker.mjs"), join(folder, "..", "verifyWorker.mjs")];
  return built.find((file) => existsSync(file)) ?? join(folder, "..", "node", "verifyWorker.ts");
}

/**
 * A built-in verifier off this thread; verdicts come in the order asked for. What waits goes over in batches. An item past
 * its deadline or its memory ends the worker: it alone is `undecided`, the others go to a new one. Aborting rejects with `cancelled`.
 */
export class WorkerVerifier implements Verifier {
  readonly id: string;
  readonly #options: Required<WorkerVerifierOptions>;
  #waiting: Job[] = [];
  /** With the worker, or waiting for it to start. */
  #batch: readonly Job[] = [];
  #worker: Worker | null = null;
  #progress = new Int32Array(new SharedArrayBuffer(4));
  /** The worker at hand has said that it is ready. */
  #settled = false;
  readonly #onSettled: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #gathering = false;
  /** Items of the last message. */
  #lastCount = 0;

  constructor({
    workerFile,
    spec = defaultVerifier,
    deadlineMs = 1000,
    heapMegabytes = 256,
  }: WorkerVerifierOptions) {
    this.#options = { workerFile, spec, deadlineMs, heapMegabytes };
    this.id = verifierId(spec);
  }

  verify(item: MathItem, signal?: CancelSignal): Promise<Verdict> {
    if (this.#closed || signal?.aborted === true) return Promise.reject(cancelled());
    return new Promise((settle, fail) => {
      const onAbort = (): void => this.#drop(job);
      const job: Job = { item, settle, fail, detach: () => signal?.removeEventListener("abort", onAbort) };
      signal?.addEventListener("abort", onAbort);
      this.#waiting.push(job);
      this.#gather();
    });
  }

  /** Starts the worker before there is an item; resolves when it is ready, or cannot be (which its items will tell). */
  start(): Promise<void> {
    if (this.#closed || (this.#worker !== null && this.#settled)) return Promise.resolve();
    if (this.#worker === null) this.#start();
    return new Promise((done) => this.#onSettled.push(done));
  }

  /** Ends the worker; what still waits is rejected with `cancelled`. */
  async close(): Promise<void> {
    this.#closed = true;
    const left = [...this.#batch, ...this.#waiting];
    this.#batch = this.#waiting = [];
    left.forEach(reject);
    this.#settle();
    await this.#end();
  }

  #drop(job: Job): void {
    this.#waiting = this.#waiting.filter((other) => other !== job);
    reject(job);
  }

  /**
   * A message costs more than an item: what comes in one turn of the event loop goes over as one, and where answers come
   * in numbers, those of a few milliseconds.
   */
  #gather(): void {
    if (this.#batch.length > 0) return;
    if (this.#waiting.length >= fullBatch) return this.#advance();
    if (this.#gathering) return;
    this.#gathering = true;
    const send = (): void => {
      this.#gathering = false;
      this.#advance();
    };
    if (this.#lastCount > 1) setTimeout(send, gatherMs);
    else setImmediate(send);
  }

  #advance(): void {
    if (this.#batch.length > 0 || this.#closed) return;
    const count = batchLength(this.#waiting);
    if (count === 0) {
      this.#worker?.unref();
      return;
    }
    this.#lastCount = count;
    this.#batch = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    if (this.#worker === null) this.#start();
    else if (this.#settled) this.#send(this.#worker);
  }

  #start(): void {
    const { workerFile, spec, heapMegabytes } = this.#options;
    this.#progress = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(workerFile, {
      workerData: { spec, progress: this.#progress } satisfies VerifyWorkerData,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, stackSizeMb: 4 },
    });
    this.#worker = worker;
    this.#settled = false;
    worker.on("message", (message: VerifyReply | "ready") => this.#receive(worker, message));
    worker.on("error", (error: Error & { code?: string }) => this.#lost(worker, error.code ?? error.message));
    worker.on("exit", () => this.#lost(worker, "ended by itself"));
    this.#timer = setTimeout(() => this.#lost(worker, "did not start"), startLimitMs);
  }

  #send(worker: Worker): void {
    worker.ref();
    Atomics.store(this.#progress, 0, 0);
    this.#watch(worker);
    const items = this.#batch.map(({ item }) => item);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of worker_threads has none
    worker.postMessage({ items } satisfies VerifyBatch);
  }

  /** Timers come before messages: where this thread was held up, the reply may lie there already. */
  #watch(worker: Worker): void {
    const batch = this.#batch;
    this.#timer = setTimeout(
      () =>
        setImmediate(() => {
          if (worker !== this.#worker || batch !== this.#batch) return;
          if (Atomics.load(this.#progress, 0) >= batch.length) this.#watch(worker);
          else this.#lost(worker, "time limit");
        }),
      this.#options.deadlineMs + graceMs,
    );
  }

  #receive(worker: Worker, message: VerifyReply | "ready"): void {
    if (worker !== this.#worker) return;
    clearTimeout(this.#timer);
    if (message !== "ready") return this.#finish(message.verdicts);
    this.#settle();
    if (this.#batch.length > 0) this.#send(worker);
    else worker.unref();
  }

  #settle(): void {
    this.#settled = true;
    for (const done of this.#onSettled.splice(0)) done();
  }

  /** The worker is gone or has to go. The item it was at is judged by that; all others are sent to the next one. */
  #lost(worker: Worker, cause: string): void {
    if (worker !== this.#worker) return;
    void this.#end();
    this.#settle();
    const at = Math.min(Atomics.load(this.#progress, 0), this.#batch.length - 1);
    const culprit = this.#batch[at];
    this.#waiting = [...this.#batch.filter((job) => job !== culprit), ...this.#waiting];
    this.#batch = [];
    culprit?.detach();
    culprit?.settle(lossVerdict(cause));
    this.#advance();
  }

  /** Verdicts of the first items of the batch. */
  #finish(verdicts: readonly Verdict[]): void {
    const batch = this.#batch;
    this.#batch = [];
    if (verdicts.length < batch.length) this.#waiting = [...batch.slice(verdicts.length), ...this.#waiting];
    verdicts.forEach((verdict, at) => {
      batch[at]?.detach();
      batch[at]?.settle(verdict);
    });
    this.#gather();
  }

  async #end(): Promise<void> {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }
}

/** At least one where any waits. */
function batchLength(waiting: readonly Job[]): number {
  let chars = 0;
  for (const [at, { item }] of waiting.entries()) {
    chars += item.response.length + item.gold.length + item.question.length;
    if (at === maxBatch.items || (at > 0 && chars > maxBatch.chars)) return at;
  }
  return waiting.length;
}

function lossVerdict(cause: string): Verdict {
  if (cause === "time limit") return { kind: "undecided", reason: cause, extracted: null };
  if (cause === "ERR_WORKER_OUT_OF_MEMORY")
    return { kind: "undecided", reason: "memory limit", extracted: null };
  return { kind: "error", reason: `the verifier stopped: ${cause}` };
}

const cancelled = (): LensError => new LensError("cancelled", "Verifying was cancelled.");

function reject(job: Job): void {
  job.detach();
  job.fail(cancelled());
}

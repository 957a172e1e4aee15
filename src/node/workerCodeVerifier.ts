import { existsSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { LensError } from "../core/errors.ts";
import type { Verdict } from "../core/model.ts";
import type { CancelSignal } from "../core/ports.ts";
import { codeVerifierId } from "../core/verify/code/codeVerifierId.ts";
import type { Verifier, VerifyItem } from "../core/verify/verifier.ts";
import type { CodeEngineWish, CodeVerifyReply, CodeVerifyRequest } from "./codeVerifyWorker.ts";

export interface WorkerCodeVerifierOptions {
  /** See `codeVerifyWorkerNear`. */
  readonly workerFile: string;
  readonly wish: CodeEngineWish;
  /** Interpreters take some 500 MB each: without an item for so long they are ended. */
  readonly idleMs?: number;
  /** The engine does not start, or tests cannot be read; once for each reason until a program is judged. */
  readonly onFailure?: (failure: { readonly code: string; readonly message: string }) => void;
}

interface Job {
  readonly settle: (verdict: Verdict) => void;
  readonly fail: (error: LensError) => void;
  readonly detach: () => void;
}

const heapMegabytes = 2048;

/** The worker beside the bundle that runs (`dist`), or its source where Node runs the sources. */
export function codeVerifyWorkerNear(folder: string): string {
  const built = [join(folder, "codeVerifyWorker.mjs"), join(folder, "..", "codeVerifyWorker.mjs")];
  return built.find((file) => existsSync(file)) ?? join(folder, "..", "node", "codeVerifyWorker.ts");
}

/**
 * The code verifier off this thread, with its pool of interpreters, which start with the first item and end when none
 * comes for a minute. Aborting and `close` reject with `cancelled`.
 */
export class WorkerCodeVerifier implements Verifier {
  readonly id: string;
  readonly #options: WorkerCodeVerifierOptions;
  readonly #jobs = new Map<number, Job>();
  #worker: Worker | null = null;
  #ending: Promise<void> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;
  #last = 0;
  #told = new Set<string>();
  #closed = false;

  constructor(options: WorkerCodeVerifierOptions) {
    this.#options = options;
    this.id = codeVerifierId(options.wish.engine, options.wish.limitSeconds);
  }

  verify({ gold, response }: VerifyItem, signal?: CancelSignal): Promise<Verdict> {
    if (this.#closed || signal?.aborted === true) return Promise.reject(cancelled());
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#start());
    const id = (this.#last += 1);
    return new Promise((settle, fail) => {
      const onAbort = (): void => {
        if (worker === this.#worker) send(worker, { kind: "cancel", id });
      };
      this.#jobs.set(id, { settle, fail, detach: () => signal?.removeEventListener("abort", onAbort) });
      signal?.addEventListener("abort", onAbort);
      worker.ref();
      send(worker, { kind: "verify", id, gold, response });
    });
  }

  /** Ends the sandbox's processes; what still waits is rejected with `cancelled`. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    const left = [...this.#jobs.values()];
    this.#jobs.clear();
    for (const { detach, fail } of left) {
      detach();
      fail(cancelled());
    }
    await this.#end();
  }

  #start(): Worker {
    const worker = new Worker(this.#options.workerFile, {
      workerData: this.#options.wish,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    });
    let cause = "ended by itself";
    worker.on("message", (reply: CodeVerifyReply) => this.#receive(reply));
    worker.on("error", (error: Error & { code?: string }) => (cause = error.code ?? error.message));
    worker.on("exit", () => this.#lost(worker, cause));
    return worker;
  }

  #receive(reply: CodeVerifyReply): void {
    if (reply.kind === "failed") {
      if (this.#told.size < this.#told.add(reply.message).size) this.#options.onFailure?.(reply);
      return;
    }
    const job = this.#jobs.get(reply.id);
    this.#jobs.delete(reply.id);
    job?.detach();
    if (reply.verdict === null) job?.fail(cancelled());
    else job?.settle(reply.verdict);
    if (reply.verdict !== null && reply.verdict.kind !== "error") this.#told.clear();
    if (this.#jobs.size > 0) return;
    this.#worker?.unref();
    this.#idle = setTimeout(() => void this.#end(), this.#options.idleMs ?? 60_000);
    this.#idle.unref();
  }

  /** The thread died (memory, as a rule): what was with it is nobody's wrong answer. The next item starts another. */
  #lost(worker: Worker, cause: string): void {
    if (worker !== this.#worker) return;
    this.#worker = null;
    const left = [...this.#jobs.values()];
    this.#jobs.clear();
    for (const { detach, settle } of left) {
      detach();
      settle({ kind: "error", reason: `the code verifier stopped: ${cause}` });
    }
  }

  /** In order, so that no process of the sandbox outlives its thread. */
  #end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    if (worker !== null) {
      // Whoever waits for the end is kept alive until then.
      worker.ref();
      const ended = new Promise<void>((done) => worker.once("exit", () => done()));
      send(worker, { kind: "close" });
      this.#ending = Promise.all([this.#ending, ended]).then(() => undefined);
    }
    return this.#ending;
  }
}

function send(worker: Worker, request: CodeVerifyRequest): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of worker_threads has none
  worker.postMessage(request);
}

const cancelled = (): LensError => new LensError("cancelled", "Verifying was cancelled.");

import { randomBytes } from "node:crypto";
import { Worker } from "node:worker_threads";
import { LensError } from "../core/errors.ts";
import { modelNames, type DemoFiles } from "./demoFiles.ts";
import type { DemoWorkerData, DemoWorkerMessage } from "./demoWorker.ts";

export interface RunningDemoServer {
  /** With `/v1` at its end. */
  readonly url: string;
  readonly token: string;
  readonly models: readonly string[];
  close(): Promise<void>;
}

export interface StartDemoOptions {
  readonly files: DemoFiles;
  /** Default: any free one. */
  readonly port?: number;
  /** Default: all there are. */
  readonly models?: readonly string[];
  /** The server ended by itself. Not called before it listens, nor after `close`. */
  readonly onLost: (message: string) => void;
}

/**
 * Starts the demo models in a thread of their own, behind a server on 127.0.0.1 that wants a token made for this start.
 * @throws LensError `noDemoModels`, or `demoServer` when it cannot start
 */
export async function startDemoServer(options: StartDemoOptions): Promise<RunningDemoServer> {
  const { files, port = 0, models = modelNames(files.models), onLost } = options;
  if (models.length === 0)
    throw new LensError("noDemoModels", `No demo models were found in ${files.models}.`);
  const token = randomBytes(24).toString("base64url");
  const worker = new Worker(files.worker, {
    workerData: {
      models: files.models,
      names: models,
      kernels: files.kernels,
      token,
      port,
    } satisfies DemoWorkerData,
    env: {},
    name: "demo models",
  });
  let closed = false;
  const lost = (message: string): void => {
    if (closed) return;
    closed = true;
    onLost(message);
    void worker.terminate();
  };
  const bound = await listening(worker);
  worker.on("message", (message: DemoWorkerMessage) => message.kind === "failed" && lost(message.message));
  worker.on("error", (error: Error) => lost(error.message));
  worker.on("exit", () => lost("the thread ended"));
  return {
    url: `http://127.0.0.1:${bound}/v1`,
    token,
    models,
    close: async () => {
      closed = true;
      await worker.terminate();
    },
  };
}

function listening(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (message: string): void => {
      void worker.terminate();
      reject(new LensError("demoServer", `The demo models could not be started: ${message}`));
    };
    worker.once("error", (error: Error) => fail(error.message));
    worker.once("exit", () => fail("the thread ended"));
    worker.once("message", (message: DemoWorkerMessage) => {
      worker.removeAllListeners();
      if (message.kind === "listening") resolve(message.port);
      else fail(message.message);
    });
  });
}

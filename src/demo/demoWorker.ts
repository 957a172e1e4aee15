// The demo server in a thread of its own. It says where it listens; it ends with the thread.
import { readFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { openDemoModel } from "./demoModel.ts";
import { compileKernels } from "./kernels.ts";
import { DemoServer } from "./server/demoServer.ts";

export interface DemoWorkerData {
  /** Folder that holds a folder of each name. */
  readonly models: string;
  readonly names: readonly string[];
  readonly kernels: string;
  readonly token: string;
  readonly port: number;
}

export type DemoWorkerMessage =
  | { readonly kind: "listening"; readonly port: number }
  /** The server does not sample any more. */
  | { readonly kind: "failed"; readonly message: string };

const { models, names, kernels, token, port } = workerData as DemoWorkerData;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of worker_threads has none
const say = (message: DemoWorkerMessage): void => parentPort?.postMessage(message);
const wordsOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

// Where a thread has a priority of its own (elsewhere this would be the whole extension host's): the models take what the
// windows leave. With all cores sampling, a window's first panel came up to a minute late.
if (process.platform === "linux") setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);

try {
  const module = compileKernels(readFileSync(kernels));
  const server = new DemoServer({
    names,
    token,
    port,
    open: (name) => openDemoModel(join(models, name), name, module),
    onFailure: (error) => say({ kind: "failed", message: wordsOf(error) }),
  });
  say({ kind: "listening", port: await server.listen() });
} catch (error) {
  say({ kind: "failed", message: wordsOf(error) });
}

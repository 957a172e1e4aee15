import { createContext, constants, Script } from "node:vm";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import {
  bell,
  type CandidateLine,
  type FromInterpreter,
  type InterpreterData,
  type ToInterpreter,
} from "./interpreterData.ts";

/** What realm.js gives back: functions of the context that take and return primitives. */
interface Realm {
  run(text: string): unknown;
  drain(): void;
  snapshot(): Uint8Array;
}

interface RealmHost {
  now(): number;
  randomWord(): number;
  later(): void;
  ask: ((request: string, ms: number) => string) | undefined;
  ready(): void;
  failed(reason: unknown): void;
  /** Only during the boot, when nothing but Pyodide's own code has run. */
  fill(name: string, bytes: Uint8Array): void;
}

export const runtimeName = "pyodide.asm.js";

const entries = {
  candidate: "import candidate\nlambda text, ask: candidate.handle(text)",
  checker: "import checker\nchecker.judge",
  snapshot: "",
};

/** One Python interpreter in this thread; messages as in interpreterData.ts. */
export function runInterpreter(): void {
  const data = workerData as InterpreterData;
  const port = parentPort!;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of worker threads, not a window
  const say = (message: FromInterpreter) => port.postMessage(message);
  // Errors are not looked at: they may be the program's own objects.
  process.on("uncaughtException", () => process.exit(70));
  process.on("unhandledRejection", () => {});
  let line: CandidateLine | null = null;
  const realm = bootRealm(data, {
    now: () => performance.now(),
    randomWord: () => crypto.getRandomValues(new Uint32Array(1))[0]!,
    later: () => void setTimeout(() => quietly(() => realm.drain()), 0),
    ask: data.role === "checker" ? (request, ms) => askCandidate(line, request, ms) : undefined,
    ready: () =>
      say(data.role === "snapshot" ? { kind: "snapshot", bytes: realm.snapshot() } : { kind: "ready" }),
    failed: (reason) => say({ kind: "failed", reason: String(reason) }),
    fill: (name, bytes) =>
      bytes.set(new Uint8Array(name === "stdlib" ? data.stdlib : (data.snapshot ?? data.stdlib))),
  });
  parentPort!.on("message", (message: ToInterpreter) => {
    line = message;
    if (message.kind === "line") answer(message, realm);
    else say({ kind: "judged", answer: textOf(quietly(() => realm.run(message.plan))) });
  });
}

/** A context without any Node global, and Pyodide booting in it. */
function bootRealm(data: InterpreterData, host: RealmHost): Realm {
  const context = createContext(constants.DONT_CONTEXTIFY, {
    codeGeneration: { strings: false, wasm: true },
  });
  const evaluate = (source: string, filename: string): unknown =>
    new Script(source, { filename }).runInContext(context);
  const boot = evaluate(data.realm, "realm.js") as (...given: unknown[]) => Realm;
  const cachedData = Buffer.from(data.runtimeCache);
  new Script(data.runtime, { filename: runtimeName, cachedData }).runInContext(context);
  const inner = evaluate("WebAssembly.Module.prototype", "module.js") as object;
  Object.setPrototypeOf(data.wasm, inner);
  const options = {
    role: data.role,
    abiVersion: data.abiVersion,
    limits: data.limits,
    sizes: { stdlib: data.stdlib.byteLength, snapshot: data.snapshot?.byteLength ?? 0 },
    makeSnapshot: data.role === "snapshot",
    warmUp: data.warmUp,
    entry: data.snapshot === null ? `${data.warmUp}\n${entries[data.role]}` : entries[data.role],
  };
  const realm = boot(host, JSON.stringify(options), data.wasm, () => evaluate(data.loader, "pyodide.js"));
  return realm;
}

/** The candidate's thread: one request at a time, each answered with a text and a ring of the bell. */
function answer({ port, flag }: CandidateLine, realm: Realm): void {
  port.on("message", (request: string) => {
    port.postMessage(textOf(quietly(() => realm.run(request))));
    Atomics.store(flag, 0, bell.replied);
    Atomics.notify(flag, 0);
  });
}

/** What is thrown out of the context is not looked at. */
function quietly(work: () => unknown): unknown {
  try {
    return work();
  } catch {
    return "Xfatal error";
  }
}

const textOf = (reply: unknown): string => (typeof reply === "string" ? reply : "Xno reply");

/** The checker's thread stands still until the candidate has answered. */
function askCandidate(line: CandidateLine | null, request: string, ms: number): string {
  if (line === null) return "Xno candidate";
  const { port, flag } = line;
  if (Atomics.compareExchange(flag, 0, bell.replied, bell.quiet) === bell.gone) return "Xended";
  port.postMessage(request);
  if (Atomics.wait(flag, 0, bell.quiet, ms) === "timed-out") return "T";
  if (Atomics.load(flag, 0) === bell.gone) return "Xended";
  return textOf(receiveMessageOnPort(port)?.message);
}

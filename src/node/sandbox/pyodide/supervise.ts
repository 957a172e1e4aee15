import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Script } from "node:vm";
import { MessageChannel, Worker } from "node:worker_threads";
import {
  bell,
  type FromInterpreter,
  type InterpreterData,
  type SandboxLimits,
  type ToInterpreter,
} from "./interpreterData.ts";
import { runtimeName } from "./interpreter.ts";
import { pythonModules } from "../pythonModules.ts";

/** The single argument of the process, as JSON. */
export interface SandboxArguments {
  readonly pyodide: string;
  readonly sources: string;
  readonly snapshot: string | null;
  readonly limits: SandboxLimits;
  /** `snapshot`: writes the bytes of a fresh interpreter's memory to stdout and ends. */
  readonly mode: "serve" | "snapshot";
}

/** Lines on stdin. */
export interface JudgeRequest {
  readonly id: number;
  readonly plan: string;
}

/** Lines on stdout. `answer` is as an interpreter gives it: "R" + outcome, or "X" + reason. */
export type SandboxLine =
  | { readonly kind: "ready" }
  | { readonly kind: "judged"; readonly id: number; readonly answer: string; readonly rssBytes: number }
  | { readonly kind: "broken"; readonly reason: string };

type Material = Omit<InterpreterData, "role">;

const rssIntervalMs = 100;

/** The process's main thread. It never runs Python, so it answers at once whatever a program does. */
export async function serveJudgements(): Promise<void> {
  const config = JSON.parse(process.argv[2]!) as SandboxArguments;
  const material = await readMaterial(config);
  if (config.mode === "snapshot") return writeSnapshot(material);
  const bench = new Bench(material);
  await bench.open();
  tell({ kind: "ready" });
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, plan } = JSON.parse(line) as JudgeRequest;
    const answer = await bench.judge(plan);
    tell({ kind: "judged", id, answer, rssBytes: rss() });
  }
  process.exit(0);
}

const tell = (line: SandboxLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

function rss(): number {
  try {
    return process.memoryUsage.rss();
  } catch {
    return 0; // no /proc in here
  }
}

async function readMaterial({ pyodide, sources, snapshot, limits }: SandboxArguments): Promise<Material> {
  const text = (path: string) => readFileSync(path, "utf8");
  const runtime = runtimeScript(text(join(pyodide, "pyodide.asm.mjs")));
  const lock = JSON.parse(text(join(pyodide, "pyodide-lock.json"))) as { info: { abi_version: string } };
  return {
    loader: withoutImports(text(join(pyodide, "pyodide.js"))),
    runtime,
    runtimeCache: new Script(runtime, { filename: runtimeName }).createCachedData(),
    realm: text(join(sources, "realm.js")),
    warmUp: warmUpSource((name) => text(join(sources, `${name}.py`))),
    wasm: await wasm.compile(readFileSync(join(pyodide, "pyodide.asm.wasm"))),
    stdlib: shared(readFileSync(join(pyodide, "python_stdlib.zip"))),
    snapshot: snapshot === null ? null : shared(readFileSync(snapshot)),
    abiVersion: lock.info.abi_version,
    limits,
  };
}

/** The library's types for Node do not name it. */
const wasm = (
  globalThis as unknown as { readonly WebAssembly: { compile(bytes: Uint8Array): Promise<object> } }
).WebAssembly;

/** `import()` would be answered by the host's own loader; nothing in here may ask it. */
const withoutImports = (source: string): string => source.replaceAll(/\bimport\(/g, "refuseImport(");

/** The module as a script: a context has no module loader. */
function runtimeScript(source: string): string {
  const script = withoutImports(source)
    .replace(
      /export default _createPyodideModule;?\s*$/,
      "globalThis._createPyodideModule = _createPyodideModule;",
    )
    .replaceAll("import.meta.url", '"file:///pyodide/pyodide.asm.mjs"');
  if (!script.includes("globalThis._createPyodideModule"))
    throw new Error("pyodide.asm.mjs has another form");
  return script;
}

/** Python that makes the modules of ours, and imports what programs import most, so that a snapshot holds both. */
function warmUpSource(read: (name: string) => string): string {
  const sources = Object.fromEntries(pythonModules.map((name) => [name, read(name)]));
  return `import json, sys, types
for _name, _source in json.loads(${JSON.stringify(JSON.stringify(sources))}).items():
    _module = types.ModuleType(_name)
    sys.modules[_name] = _module
    exec(compile(_source, _name + ".py", "exec"), _module.__dict__)
import candidate as _candidate
exec(_candidate.CONTEST, {})
sys.setrecursionlimit(1000)
import array, bisect, cmath, collections, copy, dataclasses, decimal, enum, fractions, hashlib, itertools, string, traceback
del _name, _source, _module, _candidate`;
}

function shared(bytes: Buffer): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}

async function writeSnapshot(material: Material): Promise<void> {
  const interpreter = new Interpreter("snapshot", material);
  const message = await interpreter.next();
  if (message.kind !== "snapshot") throw new Error(reasonOf(message));
  await new Promise((done) => process.stdout.write(message.bytes, done));
  process.exit(0);
}

const reasonOf = (message: FromInterpreter): string =>
  message.kind === "failed" ? message.reason : `unexpected ${message.kind}`;

/** A thread with one Python interpreter. */
class Interpreter {
  private readonly worker: Worker;
  private readonly messages: FromInterpreter[] = [];
  private wake: (() => void) | null = null;
  private ended = false;
  /** Resolves when the thread is no more. */
  readonly gone: Promise<void>;

  constructor(role: InterpreterData["role"], material: Material) {
    this.worker = new Worker(process.argv[1]!, {
      workerData: { role, ...material } satisfies InterpreterData,
      env: {},
      stdin: false,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: 512, stackSizeMb: 32 },
    });
    this.worker.on("message", (message: FromInterpreter) => {
      this.messages.push(message);
      this.wake?.();
    });
    this.worker.on("error", () => this.wake?.());
    this.gone = new Promise((done) =>
      this.worker.once("exit", () => {
        this.ended = true;
        this.wake?.();
        done();
      }),
    );
  }

  /** The next message; `failed` where the thread ends instead. */
  async next(): Promise<FromInterpreter> {
    while (this.messages.length === 0 && !this.ended) {
      await new Promise<void>((done) => (this.wake = done));
    }
    return this.messages.shift() ?? { kind: "failed", reason: "the interpreter's thread ended" };
  }

  async ready(): Promise<this> {
    const message = await this.next();
    if (message.kind !== "ready") throw new Error(reasonOf(message));
    return this;
  }

  send(message: ToInterpreter): void {
    this.worker.postMessage(message, [message.port]);
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }
}

/** One checker for many programs; for each program a candidate of its own, while the next one boots. */
class Bench {
  private readonly material: Material;
  private checker: Promise<Interpreter>;
  private spare: Promise<Interpreter>;

  constructor(material: Material) {
    this.material = material;
    this.checker = this.start("checker");
    this.spare = this.start("candidate");
  }

  private start(role: "candidate" | "checker"): Promise<Interpreter> {
    const started = new Interpreter(role, this.material).ready();
    started.catch(() => {}); // seen where it is awaited
    return started;
  }

  async open(): Promise<void> {
    await Promise.all([this.checker, this.spare]);
  }

  async judge(plan: string): Promise<string> {
    const [checker, candidate] = await Promise.all([this.checker, this.spare]);
    this.spare = this.start("candidate");
    const { port1, port2 } = new MessageChannel();
    const flag = new Int32Array(new SharedArrayBuffer(4));
    candidate.send({ kind: "line", port: port1, flag });
    checker.send({ kind: "judge", plan, port: port2, flag });
    const ring = () => {
      Atomics.store(flag, 0, bell.gone);
      Atomics.notify(flag, 0);
    };
    void candidate.gone.then(ring);
    const watch = setInterval(() => {
      if (rss() > this.material.limits.processBytes) void candidate.end();
    }, rssIntervalMs);
    const message = await checker.next();
    clearInterval(watch);
    await candidate.end();
    port1.close();
    const answer = message.kind === "judged" ? message.answer : `X${reasonOf(message)}`;
    // An interpreter that failed is not asked again.
    if (!answer.startsWith("R")) {
      void checker.end();
      this.checker = this.start("checker");
    }
    return answer;
  }
}

import { LensError } from "../../../core/errors.ts";
import type { CancelSignal } from "../../../core/ports.ts";
import type { CodeEngine } from "../../../core/verify/code/codeVerifier.ts";
import type { Bubblewrap } from "../bubblewrap.ts";
import { LineProcess } from "../lineProcess.ts";
import { cancelled, Pool, type Slot } from "../pool.ts";
import type { SandboxFiles } from "../sandboxFiles.ts";
import type { SandboxLimits } from "./interpreterData.ts";
import { lockedProcess } from "./lockedProcess.ts";
import { snapshotFile, startFailure } from "./snapshotFile.ts";
import type { SandboxLine } from "./supervise.ts";

export interface PyodideOptions {
  readonly files: SandboxFiles;
  /** Where the snapshot is kept: global storage, or `cacheFolder()`. */
  readonly cache: string;
  /** Programs at once; each is a process of about 500 MB (resident, measured). */
  readonly jobs: number;
  /** From probeBubblewrap, `null` where there is none. */
  readonly bubblewrap: Bubblewrap | null;
  readonly limits?: SandboxLimits;
  /** Time limits are multiplied by it; default 5. */
  readonly slowness?: number;
}

const startMs = 120_000;
/** Beyond the checker's own limit, for a machine that is busy booting the next interpreter. */
const marginMs = 20_000;
const programsPerProcess = 200;
const recycleBytes = 1024 * 1024 * 1024;
/** WebAssembly against a native interpreter, with room. */
const usualSlowness = 5;

/** The locked Pyodide sandbox: the default engine on every system. */
export function pyodideEngine(options: PyodideOptions): CodeEngine {
  let snapshot: Promise<string> | null = null;
  const context: SlotContext = {
    options,
    snapshot: () => {
      snapshot ??= snapshotFile(options.files, options.cache);
      snapshot.catch(() => (snapshot = null)); // the next program tries again
      return snapshot;
    },
  };
  const pool = new Pool(options.jobs, () => new PyodideSlot(context));
  return {
    name: "pyodide",
    slowness: options.slowness ?? usualSlowness,
    jobs: options.jobs,
    judge: (planText, totalMs, signal) => pool.judge(planText, totalMs, signal),
    close: () => pool.close(),
  };
}

interface SlotContext {
  readonly options: PyodideOptions;
  snapshot(): Promise<string>;
}

/** One sandbox process at a time, replaced when it is worn out or had to be ended. */
class PyodideSlot implements Slot {
  readonly #context: SlotContext;
  #process: LineProcess | null = null;
  #programs = 0;
  #closed = false;

  constructor(context: SlotContext) {
    this.#context = context;
  }

  async judge(planText: string, totalMs: number, signal?: CancelSignal): Promise<string> {
    const first = await this.#attempt(planText, totalMs, signal);
    if (first !== null) return first;
    // The process died. Its program may have done it, or the system: a second time it was the program.
    const second = await this.#attempt(planText, totalMs, signal);
    return (
      second ?? `R${JSON.stringify({ verdict: "fail", message: "it ended the sandbox's process, twice" })}`
    );
  }

  /** `null` where the process died. */
  async #attempt(planText: string, totalMs: number, signal?: CancelSignal): Promise<string | null> {
    const sandbox = await this.#running(signal);
    const id = (this.#programs += 1);
    const leave = () => sandbox.kill();
    signal?.addEventListener("abort", leave);
    try {
      sandbox.write(JSON.stringify({ id, plan: planText }));
      const heard = await sandbox.next(totalMs + marginMs);
      if (signal?.aborted === true || this.#closed) throw cancelled();
      if (heard === "late") {
        await this.#drop();
        return "T";
      }
      const said = heard === "ended" ? null : (JSON.parse(heard.line) as SandboxLine);
      if (said?.kind !== "judged" || said.id !== id) {
        await this.#drop();
        return null;
      }
      if (id >= programsPerProcess || said.rssBytes > recycleBytes) await this.#drop();
      return said.answer;
    } finally {
      signal?.removeEventListener("abort", leave);
      if (signal?.aborted === true) await this.#drop();
    }
  }

  async #running(signal?: CancelSignal): Promise<LineProcess> {
    if (this.#process?.running === true) return this.#process;
    const { files, bubblewrap, limits } = this.#context.options;
    const snapshot = await this.#context.snapshot();
    if (signal?.aborted === true || this.#closed) throw cancelled();
    const sandbox = new LineProcess(
      lockedProcess({ files, mode: "serve", snapshot, bubblewrap, ...(limits ? { limits } : {}) }),
    );
    this.#process = sandbox;
    this.#programs = 0;
    const heard = await sandbox.next(startMs);
    if (typeof heard === "object" && (JSON.parse(heard.line) as SandboxLine).kind === "ready") return sandbox;
    await this.#drop();
    if (this.#closed) throw cancelled();
    throw new LensError("sandboxFailed", startFailure(sandbox.lastWords));
  }

  async #drop(): Promise<void> {
    const sandbox = this.#process;
    this.#process = null;
    await sandbox?.end();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#drop();
  }
}

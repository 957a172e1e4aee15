import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { LensError } from "../../../core/errors.ts";
import type { CancelSignal } from "../../../core/ports.ts";
import type { CodeEngine } from "../../../core/verify/code/codeVerifier.ts";
import { type Bubblewrap, bubblewrapArguments } from "../bubblewrap.ts";
import { LineProcess } from "../lineProcess.ts";
import { cancelled, Pool, type Slot } from "../pool.ts";
import type { SandboxFiles } from "../sandboxFiles.ts";

/** A Python of the person's own. */
export interface PythonProgram {
  readonly path: string;
  /** Folders of its library, to be seen inside. */
  readonly folders: readonly string[];
  /** As it says: `3.11.7`. */
  readonly version: string;
}

export interface CPythonOptions {
  readonly files: SandboxFiles;
  readonly python: PythonProgram;
  /** From probeBubblewrap. There is no way to run this engine without it. */
  readonly bubblewrap: Bubblewrap;
  readonly jobs: number;
  /** Time limits are multiplied by it; default 1. */
  readonly slowness?: number;
}

const megabyte = 1024 * 1024;
/** setrlimit: bytes of address space and of a file, counts, seconds. */
const candidateLimits = { AS: 512 * megabyte, FSIZE: 64 * megabyte, NPROC: 8, NOFILE: 1024, CORE: 0 };
const checkerLimits = { AS: 2048 * megabyte, FSIZE: 0, CORE: 0 };
const startMs = 30_000;
const marginMs = 20_000;
const programsPerChecker = 500;

/** Asks a Python where it lives (its own code, not a model's). Rejects with `sandboxFailed` where it does not run. */
export async function inspectPython(path: string): Promise<PythonProgram> {
  const script =
    "import json, platform, sys; print(json.dumps([sys.executable, platform.python_version(), sys.prefix, sys.base_prefix]))";
  try {
    const { stdout } = await promisify(execFile)(path, ["-I", "-c", script], { timeout: 20_000 });
    const [executable, version, ...prefixes] = JSON.parse(stdout) as [string, string, ...string[]];
    const folders = prefixes.filter(
      (folder, at) => !/^\/usr(\/|$)/.test(folder) && prefixes.indexOf(folder) === at,
    );
    return { path: executable, version, folders };
  } catch (cause) {
    throw new LensError("sandboxFailed", `${path} did not run as Python. Choose another interpreter.`, {
      cause,
    });
  }
}

/** The person's own CPython inside bubblewrap, with the same split checker: an opt-in, on Linux. */
export function cpythonEngine(options: CPythonOptions): CodeEngine {
  const pool = new Pool(options.jobs, () => new CPythonSlot(options));
  return {
    name: "cpython",
    slowness: options.slowness ?? 1,
    jobs: options.jobs,
    judge: (planText, totalMs, signal) => pool.judge(planText, totalMs, signal),
    close: () => pool.close(),
  };
}

type CheckerLine =
  | { readonly kind: "ready" }
  | { readonly kind: "ask"; readonly request: string; readonly ms: number }
  | { readonly kind: "judged"; readonly outcome: string };

/** A checker for many programs, a candidate for each, and the next one starting. */
class CPythonSlot implements Slot {
  readonly #options: CPythonOptions;
  #checker: LineProcess | null = null;
  #spare: LineProcess | null = null;
  #programs = 0;
  #closed = false;

  constructor(options: CPythonOptions) {
    this.#options = options;
  }

  async judge(planText: string, totalMs: number, signal?: CancelSignal): Promise<string> {
    const checker = await this.#readyChecker();
    const candidate = this.#spare ?? this.#start("candidate");
    this.#spare = null;
    const leave = () => {
      candidate.kill();
      checker.kill();
    };
    signal?.addEventListener("abort", leave);
    try {
      if (!(await isReady(candidate))) throw new LensError("sandboxFailed", notStarted(candidate));
      this.#spare = this.#closed ? null : this.#start("candidate");
      const answer = await converse(checker, candidate, { planText, totalMs });
      if (signal?.aborted === true || this.#closed) throw cancelled();
      this.#programs += 1;
      if (!answer.startsWith("R") || this.#programs >= programsPerChecker) await this.#dropChecker();
      return answer;
    } finally {
      signal?.removeEventListener("abort", leave);
      await candidate.end();
      if (signal?.aborted === true) await this.#dropChecker();
    }
  }

  async #readyChecker(): Promise<LineProcess> {
    if (this.#closed) throw cancelled();
    if (this.#checker?.running === true) return this.#checker;
    const checker = this.#start("checker");
    this.#checker = checker;
    this.#programs = 0;
    if (await isReady(checker)) return checker;
    if (this.#closed) throw cancelled();
    throw new LensError("sandboxFailed", notStarted(checker));
  }

  #start(role: "candidate" | "checker"): LineProcess {
    const { files, python, bubblewrap } = this.#options;
    const limits = role === "candidate" ? candidateLimits : checkerLimits;
    // Not -I: it would not take the seed either. There is nothing else in the environment, and no home.
    const args = ["-s", "-B", join(files.sources, "pipe.py"), role, JSON.stringify(limits)];
    const inside = bubblewrapArguments(
      { reads: [python.path, ...python.folders, files.sources] },
      python.path,
      args,
    );
    // The same set order on both sides. Spawned with nothing: what stands here is all there is.
    return new LineProcess({
      command: bubblewrap.path,
      args: ["--setenv", "PYTHONHASHSEED", "0", ...inside],
      env: {},
    });
  }

  async #dropChecker(): Promise<void> {
    const checker = this.#checker;
    this.#checker = null;
    await checker?.end();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([this.#dropChecker(), this.#spare?.end()]);
  }
}

async function isReady(process: LineProcess): Promise<boolean> {
  return typeof (await process.next(startMs)) === "object";
}

const notStarted = ({ lastWords }: LineProcess): string =>
  `Python could not be started in bubblewrap${lastWords === "" ? "" : ` (${lastWords.split("\n").at(-1)})`}. No program was run.`;

/** Carries the checker's requests to the candidate and its replies back, until there is an outcome. */
async function converse(
  checker: LineProcess,
  candidate: LineProcess,
  { planText, totalMs }: { readonly planText: string; readonly totalMs: number },
): Promise<string> {
  const deadline = performance.now() + totalMs + marginMs;
  checker.write(JSON.stringify(planText));
  for (;;) {
    const heard = await checker.next(deadline - performance.now());
    if (heard === "late") return "T";
    if (heard === "ended") return "Xended";
    const said = JSON.parse(heard.line) as CheckerLine;
    if (said.kind === "judged") return `R${said.outcome}`;
    if (said.kind === "ask") checker.write(JSON.stringify(await asked(candidate, said.request, said.ms)));
  }
}

async function asked(candidate: LineProcess, request: string, ms: number): Promise<string> {
  candidate.write(request);
  const reply = await candidate.next(ms);
  if (reply === "late") return "T";
  return reply === "ended" ? "Xit ended" : `R${reply.line}`;
}

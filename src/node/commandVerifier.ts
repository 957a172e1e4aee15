import { createHash } from "node:crypto";
import { LensError } from "../core/errors.ts";
import type { Verdict } from "../core/model.ts";
import type { CancelSignal } from "../core/ports.ts";
import { customId, type CustomReply, decodeCustomReply, encodeCustomRequest } from "../core/verify/custom.ts";
import type { Verifier, VerifyItem } from "../core/verify/verifier.ts";
import { CommandProcess } from "./commandProcess.ts";

export interface CommandVerifierOptions {
  /** Part of the id; letters, digits, `.`, `-` and `_` of it are kept. */
  readonly name: string;
  /** The program and its arguments; no shell sees them. */
  readonly command: readonly string[];
  readonly cwd?: string;
  /** Default: the variables of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** How long one item may take while nothing else comes from the process. */
  readonly timeoutMs?: number;
  /** How much longer the first item of a process may take: imports, models. */
  readonly startMs?: number;
  /** Items that are with the process at once. */
  readonly inFlight?: number;
  /** Its stderr, and lines of its stdout that are no replies; some hundred lines at most. */
  readonly onLog?: (line: string) => void;
  /** No further process is started: it cannot be, or it ended too often without an answer. */
  readonly onBroken?: (reason: string) => void;
}

interface Job {
  readonly item: VerifyItem;
  readonly settle: (verdict: Verdict) => void;
  readonly fail: (error: LensError) => void;
  readonly detach: () => void;
  /** It was with a process that died or hung: it is asked again alone, so that it is known who is to blame. */
  suspect: boolean;
}

/** So many ends in a row without one answer: the command is broken, not its items. */
const maxLosses = 8;
const maxLogLines = 300;

/**
 * A person's own command as a verifier (protocol: core/verify/custom.ts). Only for trusted workspaces. The process lives
 * as long as this object; where it ends or hangs the item to blame is an `error`, and the others go to a new process.
 */
export class CommandVerifier implements Verifier {
  readonly id: string;
  readonly #options: Required<Omit<CommandVerifierOptions, "cwd">> & { readonly cwd: string | undefined };
  #waiting: Job[] = [];
  readonly #asked = new Map<string, Job>();
  #process: CommandProcess | null = null;
  #timer: NodeJS.Timeout | undefined;
  #sent = 0;
  #losses = 0;
  /** Why no further process is started. */
  #broken: string | null = null;
  #logged = 0;
  #closed = false;

  constructor(options: CommandVerifierOptions) {
    const { name, command } = options;
    if (command[0] === undefined || command[0] === "")
      throw new LensError(
        "badInput",
        "The verifier's command is empty: expected a program and its arguments.",
      );
    this.#options = {
      cwd: undefined,
      env: process.env,
      timeoutMs: 10_000,
      startMs: 30_000,
      inFlight: 16,
      onLog: () => undefined,
      onBroken: () => undefined,
      ...options,
    };
    const hash = createHash("sha256").update(JSON.stringify(command)).digest("hex");
    this.id = customId(name.replace(/[^\w.-]+/g, "-"), hash);
  }

  /** Why every further item is an `error`; `null` while the command may be started. */
  get broken(): string | null {
    return this.#broken;
  }

  verify(item: VerifyItem, signal?: CancelSignal): Promise<Verdict> {
    if (this.#closed || signal?.aborted === true) return Promise.reject(cancelled());
    return new Promise((settle, fail) => {
      const onAbort = (): void => this.#drop(job);
      const detach = (): void => signal?.removeEventListener("abort", onAbort);
      const job: Job = { item, settle, fail, detach, suspect: false };
      signal?.addEventListener("abort", onAbort);
      this.#waiting.push(job);
      this.#advance();
    });
  }

  /** Ends the process; what still waits is rejected with `cancelled`. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const left = [...this.#asked.values(), ...this.#waiting];
    this.#asked.clear();
    this.#waiting = [];
    left.forEach(reject);
    const ending = this.#process;
    this.#process = null;
    await ending?.close();
  }

  #drop(job: Job): void {
    this.#waiting = this.#waiting.filter((other) => other !== job);
    reject(job);
  }

  #advance(): void {
    if (this.#closed) return;
    if (this.#broken !== null) return this.#giveUp(this.#broken);
    while (this.#mayAsk()) this.#ask(this.#waiting.shift()!);
  }

  /** A suspect is alone with the process. */
  #mayAsk(): boolean {
    const [next] = this.#waiting;
    if (next === undefined || this.#asked.size >= this.#options.inFlight) return false;
    const [asked] = this.#asked.values();
    return asked === undefined || (!asked.suspect && !next.suspect);
  }

  #ask(job: Job): void {
    this.#process ??= this.#start();
    this.#sent += 1;
    const id = String(this.#sent);
    this.#asked.set(id, job);
    this.#process.write(encodeCustomRequest(id, job.item));
    if (this.#asked.size === 1) this.#watch();
  }

  #start(): CommandProcess {
    const { command, cwd, env } = this.#options;
    const started = new CommandProcess({
      command,
      cwd,
      env,
      onLine: (line) => started === this.#process && this.#receive(line),
      onLog: (line) => this.#log(line),
      onEnd: (cause) => started === this.#process && this.#lost(cause),
    });
    return started;
  }

  /** The time of the oldest item begins when it is sent, or when the one before it was answered. */
  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#asked.size === 0) return;
    const { timeoutMs, startMs } = this.#options;
    const limitMs = timeoutMs + (this.#process?.hasAnswered === true ? 0 : startMs);
    const overdue = (): void => this.#lost(`no answer within ${limitMs / 1000} s`, true);
    // Timers come before input: where this thread was held up, the reply may lie there already.
    const [oldest] = this.#asked.keys();
    this.#timer = setTimeout(
      () => setImmediate(() => !this.#closed && this.#asked.keys().next().value === oldest && overdue()),
      limitMs,
    );
  }

  #receive(line: string): void {
    const reply = this.#decoded(line);
    const job = reply === null ? undefined : this.#asked.get(reply.id);
    if (reply === null || job === undefined) {
      if (reply !== null)
        this.#log(`a reply to ${JSON.stringify(reply.id)}, which is not asked: ${line.slice(0, 200)}`);
      return;
    }
    this.#asked.delete(reply.id);
    this.#losses = 0;
    if (this.#process !== null) this.#process.hasAnswered = true;
    job.detach();
    job.settle(reply.verdict);
    this.#watch();
    this.#advance();
  }

  #decoded(line: string): CustomReply | null {
    try {
      return decodeCustomReply(line);
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.#log(`not a reply (${detail}): ${line.slice(0, 200)}`);
      return null;
    }
  }

  /**
   * To blame is an item that was alone with a process that hung, or that was the first of one that ended. Else nobody
   * knows (it may have ended for an earlier one), so each is asked again alone.
   */
  #lost(cause: string, hung = false): void {
    const ending = this.#process;
    this.#process = null;
    clearTimeout(this.#timer);
    const lost = [...this.#asked.values()];
    this.#asked.clear();
    this.#losses += 1;
    const words = ending?.lastWords ?? "";
    const reason = `the verifier's command: ${cause}${words === "" ? "" : `; it last wrote: ${words}`}`;
    if (ending?.neverRan === true) this.#broken = reason;
    else if (this.#losses >= maxLosses)
      this.#broken = `${reason} (${maxLosses} times in a row, not started again)`;
    if (this.#broken !== null) this.#options.onBroken(this.#broken);
    const [only] = lost;
    if (only !== undefined && lost.length === 1 && (hung || ending?.hasAnswered !== true))
      blame(only, reason);
    else {
      for (const job of lost) job.suspect = true;
      this.#waiting = [...lost, ...this.#waiting];
    }
    this.#log(`${cause}; ${lost.length} items were with it`);
    void ending?.close(0);
    this.#advance();
  }

  #giveUp(reason: string): void {
    const left = this.#waiting;
    this.#waiting = [];
    for (const job of left) blame(job, reason);
  }

  #log(line: string): void {
    this.#logged += 1;
    if (this.#logged <= maxLogLines) this.#options.onLog(`${this.id}: ${line}`);
    if (this.#logged === maxLogLines) this.#options.onLog(`${this.id}: further lines are not written down`);
  }
}

function blame(job: Job, reason: string): void {
  job.detach();
  job.settle({ kind: "error", reason });
}

const cancelled = (): LensError => new LensError("cancelled", "Verifying was cancelled.");

function reject(job: Job): void {
  job.detach();
  job.fail(cancelled());
}

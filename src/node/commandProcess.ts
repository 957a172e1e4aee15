import { type ChildProcess, spawn } from "node:child_process";
import { StringDecoder } from "node:string_decoder";

export interface CommandProcessOptions {
  readonly command: readonly string[];
  readonly cwd: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** A whole line of its stdout. */
  readonly onLine: (line: string) => void;
  /** A line of its stderr, or what was wrong with its stdout. */
  readonly onLog: (line: string) => void;
  /** It ended, by itself or by a signal; not after `close`. */
  readonly onEnd: (cause: string) => void;
}

const longestLineChars = 4 * 1024 * 1024;
const longestLogChars = 2000;
const endGraceMs = 500;

/** A child process spoken to in lines, without a shell. On POSIX it leads a group of its own, which ends with it. */
export class CommandProcess {
  /** Has it ever answered? Its owner says so. */
  hasAnswered = false;
  readonly #child: ChildProcess;
  readonly #options: CommandProcessOptions;
  #ended = false;
  #neverRan = false;
  #lastWords = "";

  constructor(options: CommandProcessOptions) {
    this.#options = options;
    const [program = "", ...args] = options.command;
    this.#child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["pipe", "pipe", "pipe"],
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    this.#child.once("error", (error: NodeJS.ErrnoException) => {
      if (this.#child.pid === undefined) this.#neverRan = true;
      this.#end(`could not be started (${error.code ?? error.message})`);
    });
    this.#child.once("close", (code, signal) =>
      this.#end(signal === null ? `ended with code ${code ?? 0}` : `was ended by ${signal}`),
    );
    // Written to after its end: the end itself tells.
    this.#child.stdin?.on("error", () => undefined);
    readLines(this.#child.stdout, longestLineChars, options.onLine, () =>
      options.onLog(`a line longer than ${longestLineChars} characters was skipped`),
    );
    const warn = (line: string): void => {
      if (line.trim() === "") return;
      this.#lastWords = line.trim().slice(-300);
      options.onLog(line);
    };
    readLines(this.#child.stderr, longestLogChars, warn, () => undefined);
  }

  /** The program is not there, or may not be run. */
  get neverRan(): boolean {
    return this.#neverRan;
  }

  /** The last line of its stderr. */
  get lastWords(): string {
    return this.#lastWords;
  }

  write(line: string): void {
    if (!this.#ended) this.#child.stdin?.write(`${line}\n`);
  }

  /** Its input is closed; where it has not ended within the time given, it and all that it started are killed. */
  async close(graceMs = endGraceMs): Promise<void> {
    if (this.#ended) return this.#kill();
    this.#ended = true;
    await new Promise<void>((done) => {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) return done();
      const kill = setTimeout(() => this.#kill(), graceMs);
      this.#child.once("exit", () => {
        clearTimeout(kill);
        done();
      });
      this.#child.stdin?.end();
    });
    this.#kill();
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  /** The whole group: `python3` may be the child of a wrapper. */
  #kill(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      if (process.platform === "win32") this.#child.kill("SIGKILL");
      else process.kill(-pid, "SIGKILL");
    } catch {
      // Nobody of the group is left.
    }
  }

  #end(cause: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.onEnd(cause);
  }
}

/** Whole lines of a stream; of a longer one nothing but that it was there. */
function readLines(
  stream: NodeJS.ReadableStream | null,
  longest: number,
  onLine: (line: string) => void,
  onLong: () => void,
): void {
  const decoder = new StringDecoder("utf8");
  let parts: string[] = [];
  let length = 0;
  const take = (text: string): void => {
    const pieces = text.split("\n");
    pieces.forEach((piece, at) => {
      length += piece.length;
      if (length <= longest) parts.push(piece);
      else parts = [];
      if (at === pieces.length - 1) return;
      if (length > longest) onLong();
      else onLine(parts.join(""));
      parts = [];
      length = 0;
    });
  };
  stream?.on("data", (chunk: Buffer) => take(decoder.write(chunk)));
  stream?.on("end", () => {
    if (length > 0 && length <= longest) onLine(parts.join(""));
  });
}

import { type ChildProcess, spawn } from "node:child_process";
import { StringDecoder } from "node:string_decoder";

/** Longer lines than any honest one: 8 MB of value, escaped. */
const longestLine = 64 * 1024 * 1024;
const mostLines = 100;

export interface Started {
  readonly command: string;
  readonly args: readonly string[];
  /** Variables of the process. Nothing of ours is inherited. */
  readonly env: Readonly<Record<string, string>>;
}

/** A process that is spoken to in lines. Its stderr is thrown away but for the last of it. */
export class LineProcess {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #decoder = new StringDecoder("utf8");
  #parts: string[] = [];
  #length = 0;
  #wake: (() => void) | null = null;
  #ended = false;
  #lastWords = "";
  readonly ended: Promise<void>;

  constructor({ command, args, env }: Started) {
    this.#child = spawn(command, [...args], {
      env,
      cwd: process.platform === "win32" ? undefined : "/",
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true,
    });
    this.#child.stdout!.on("data", (chunk: Buffer) => this.#take(this.#decoder.write(chunk)));
    this.#child.stderr!.on("data", (chunk: Buffer) => {
      this.#lastWords = (this.#lastWords + chunk.toString()).slice(-2000);
    });
    // Written to after its end: the reader is told by the end itself.
    this.#child.stdin!.on("error", () => {});
    this.ended = new Promise((done) => {
      const end = () => {
        this.#ended = true;
        this.#wake?.();
        done();
      };
      this.#child.once("error", end);
      this.#child.once("close", end);
    });
  }

  #take(text: string): void {
    const pieces = text.split("\n");
    for (const [at, piece] of pieces.entries()) {
      this.#parts.push(piece);
      this.#length += piece.length;
      if (this.#length > longestLine) return this.kill();
      if (at === pieces.length - 1) break;
      this.#lines.push(this.#parts.join(""));
      this.#parts = [];
      this.#length = 0;
    }
    // A process that says what nobody asked for is not listened to for ever.
    if (this.#lines.length > mostLines) return this.kill();
    if (this.#lines.length > 0) this.#wake?.();
  }

  get running(): boolean {
    return !this.#ended;
  }

  get lastWords(): string {
    return this.#lastWords.trim();
  }

  write(line: string): void {
    if (!this.#ended) this.#child.stdin!.write(`${line}\n`);
  }

  /** The next line; `late` when none came within `ms`, `ended` when the process did. */
  async next(ms: number): Promise<{ readonly line: string } | "late" | "ended"> {
    const deadline = performance.now() + ms;
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) return { line };
      if (this.#ended) return "ended";
      const left = deadline - performance.now();
      if (left <= 0) return "late";
      await new Promise<void>((done) => {
        const timer = setTimeout(done, left);
        this.#wake = () => {
          clearTimeout(timer);
          done();
        };
      });
      this.#wake = null;
    }
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  async end(): Promise<void> {
    if (this.#ended) return;
    this.kill();
    await this.ended;
  }
}

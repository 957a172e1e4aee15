/** What a command may use of the process. Only the result goes to `out`; everything else to `note` (stderr). */
export interface CommandContext {
  out(text: string): void;
  note(line: string): void;
  /** Aborts on Ctrl-C; what is finished is kept. */
  readonly signal: AbortSignal;
}

/** One command of the program; `main.ts` holds the table. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** Printed for `--help` and beside a wrong use. */
  readonly usage: string;
  /**
   * Resolves when all went well. Rejects with a LensError: codes of `exitCode.ts` decide between bad usage or input (2)
   * and a failure at run time (1).
   */
  run(args: readonly string[], context: CommandContext): Promise<void>;
}

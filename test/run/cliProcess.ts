import { type ChildProcess, spawn } from "node:child_process";
import { cliProgram, root } from "../paths.ts";

export interface CliEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly notes: string;
}

export interface CliProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<CliEnd>;
}

/** The command line as a process of its own. */
export function startCli(args: readonly string[], env: Readonly<Record<string, string>> = {}): CliProcess {
  const child = spawn(process.execPath, [cliProgram, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let notes = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (notes += chunk.toString()));
  const ended = new Promise<CliEnd>((done, fail) => {
    child.once("error", fail);
    child.once("close", (code, signal) => done({ code, signal, out, notes }));
  });
  return { child, ended };
}

export const runCli = (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CliEnd> => startCli(args, env).ended;

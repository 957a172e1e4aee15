import { spawn } from "node:child_process";
import { cliProgram, root } from "../paths.ts";

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program as `npm run -s cli --` does. */
export function runCli(...args: readonly string[]): Promise<CliResult> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [cliProgram, ...args], { cwd: root });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", failed);
    child.on("close", (code) => done({ code, stdout, stderr }));
  });
}

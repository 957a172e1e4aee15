import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "../paths.ts";
import type { Job } from "./lanes.ts";
import type { Outcome } from "./tally.ts";

const checks = [
  { name: "types (tsc -b)", script: "typescript/bin/tsc", args: ["-b"] },
  { name: "lint (oxlint)", script: "oxlint/bin/oxlint", args: ["--type-aware", "."] },
  { name: "format (oxfmt)", script: "oxfmt/bin/oxfmt", args: ["--check", "."] },
] as const;

/** Types, lint and format over all folders; each counts as one test. */
export function staticChecks(add: (outcome: Outcome) => void, print: (line: string) => void): readonly Job[] {
  return checks.map(({ name, script, args }) => async () => {
    const started = Date.now();
    const { status, output } = await runNode([join(root, "node_modules", script), ...args]);
    if (status === 0) print(`✔ ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    add({ name, kind: status === 0 ? "passed" : "failed", detail: status === 0 ? "" : output.trim() });
  });
}

/** Compiler and linter are written in Go and live for seconds: collecting garbage is a third of what they do. */
const fewCollections = { GOGC: "off", GOMEMLIMIT: "2GiB" };

async function runNode(
  args: readonly string[],
): Promise<{ readonly status: number | null; readonly output: string }> {
  const env = { ...process.env, ...fewCollections };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
  }
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { status, output: chunks.join("") };
}

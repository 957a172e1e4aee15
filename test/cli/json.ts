import assert from "node:assert/strict";
import { runCli } from "./runCli.ts";

/** What a command prints with --json; fails with its stderr. */
export async function json<T>(...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await runCli(...args, "--json");
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as T;
}

export function near(actual: number | null | undefined, expected: number, tolerance = 1e-6): void {
  assert.ok(
    typeof actual === "number" && Math.abs(actual - expected) <= tolerance,
    `expected ${expected}, got ${actual}`,
  );
}

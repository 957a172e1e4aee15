import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CodeOutcome } from "../../src/core/verify/code/codeOutcome.ts";
import type { HumanEvalTask } from "../../src/core/verify/code/codeTask.ts";

/** A hostile, cheating or odd solution of `add(a, b)`; its header says which verdicts it may get. */
export interface Adversary {
  readonly name: string;
  readonly expect: readonly CodeOutcome["verdict"][];
  readonly source: string;
}

/** The port that the programs try to reach, as their files have it. */
const writtenPort = "45679";

export const addTask: HumanEvalTask = {
  format: "humaneval",
  id: "add",
  prompt: "def add(a, b):\n",
  entryPoint: "add",
  canonical: "    return a + b\n",
  test: `def check(candidate):
    assert candidate(2, 3) == 5
    assert candidate(10, -4) == 6
    assert candidate([1], [2]) == [1, 2]
    assert candidate("x", "y") == "xy"
`,
};

/** `places`: what stands for @TMP@, @HOME@ and the port in the programs. */
export function adversaries(
  folder: string,
  places: { readonly tmp: string; readonly home: string; readonly port: number },
): readonly Adversary[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".py"))
    .sort()
    .map((name) => {
      const text = readFileSync(join(folder, name), "utf8");
      const expect = /^# expect: (.+)$/m.exec(text)![1]!.trim().split("|") as CodeOutcome["verdict"][];
      const source = text
        .replaceAll("@TMP@", places.tmp)
        .replaceAll("@HOME@", places.home)
        .replaceAll(writtenPort, String(places.port));
      return { name, expect, source };
    });
}

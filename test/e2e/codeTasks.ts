import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Answerer } from "../fakes/server/answers.ts";
import { sharedData } from "../paths.ts";

/** A task in HumanEval's form. */
export interface CodeTaskRow {
  readonly task_id: string;
  readonly prompt: string;
  readonly entry_point: string;
  readonly canonical_solution: string;
  readonly test: string;
}

/** What a model says: the canonical solution, a wrong one, or one that never ends. */
export type Told = "right" | "wrong" | "hangs";

/** The first tasks of HumanEval where the real data is, else ones of our own making. */
export function codeTasks(count: number): readonly CodeTaskRow[] {
  const path = sharedData("code/HumanEval.jsonl.gz");
  if (path === null) return ownTasks.slice(0, count);
  const lines = gunzipSync(readFileSync(path)).toString("utf8").split("\n");
  return lines.slice(0, count).map((line) => JSON.parse(line) as CodeTaskRow);
}

export function completionOf({ canonical_solution }: CodeTaskRow, told: Told): string {
  if (told === "right") return canonical_solution;
  return told === "wrong" ? "    return None\n" : "    while True:\n        pass\n";
}

/** Sample `seed` of task `i` is `told[i][seed]`; the task is the one whose prompt the request ends with. */
export function replayCode(tasks: readonly CodeTaskRow[], told: readonly (readonly Told[])[]): Answerer {
  return (prompt, seed) => {
    const at = tasks.findIndex((task) => prompt.endsWith(task.prompt));
    const [task, kind] = [tasks[at], told[at]?.[seed]];
    if (task === undefined || kind === undefined) return { text: "", finishReason: "stop" };
    return { text: completionOf(task, kind), finishReason: "stop" };
  };
}

const task = (name: string, parts: readonly [string, string, readonly string[]]): CodeTaskRow => {
  const [args, body, asserts] = parts;
  return {
    task_id: `Own/${name}`,
    prompt: `def ${name}(${args}):\n    """ ${name.replaceAll("_", " ")} of ${args} """\n`,
    entry_point: name,
    canonical_solution: `    return ${body}\n`,
    test: `def check(candidate):\n${asserts.map((one) => `    assert candidate${one}\n`).join("")}`,
  };
};

const ownTasks: readonly CodeTaskRow[] = [
  task("total", ["numbers", "sum(numbers)", ["([1, 2]) == 3", "([]) == 0", "([5]) == 5"]]),
  task("largest", ["numbers", "max(numbers)", ["([1, 7, 3]) == 7", "([-2]) == -2"]]),
  task("backwards", ["text", "text[::-1]", ['("abc") == "cba"', '("") == ""']]),
  task("is_even", ["number", "number % 2 == 0", ["(2) == True", "(7) == False"]]),
  task("squares", ["count", "[i * i for i in range(count)]", ["(3) == [0, 1, 4]", "(0) == []"]]),
];

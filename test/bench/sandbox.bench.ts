// Programs a second of both code engines, one at a time, against one bare python3 process per program (which no verifier
// may use: it is the yardstick). With the real HumanEval file all 164 canonical solutions are judged and must pass.
import { spawnSync } from "node:child_process";
import { codeVerifier, type CodeEngine } from "../../src/core/verify/code/codeVerifier.ts";
import type { HumanEvalTask } from "../../src/core/verify/code/codeTask.ts";
import { readCodeTasks } from "../../src/core/verify/code/readCodeFile.ts";
import { fileSource } from "../../src/node/fileSource.ts";
import { onPath } from "../../src/node/sandbox/bubblewrap.ts";
import { inspectPython } from "../../src/node/sandbox/cpython/cpythonEngine.ts";
import { unpackTests } from "../../src/node/sandbox/unpackTests.ts";
import { sharedData } from "../paths.ts";
import { addTask } from "../sandbox/adversarial.ts";
import type { Measurement } from "./measurement.ts";
import { openCPython, openPyodide, withoutBubblewrap } from "../sandbox/engines.ts";

export async function bench(): Promise<readonly Measurement[]> {
  const tasks = await benchTasks();
  const bare = await barePython(tasks.slice(0, 24));
  const measured: Measurement[] = [
    { name: "sandbox: programs a second, bare python3", value: bare, aim: "", ok: null },
    ...(await ofEngine("pyodide", openPyodide(1, 5), tasks, bare)),
  ];
  if (withoutBubblewrap === false) {
    measured.push(...(await ofEngine("bwrap", await openCPython(1, 1), tasks, bare)));
  }
  return measured;
}

async function benchTasks(): Promise<readonly HumanEvalTask[]> {
  const path = sharedData("code/HumanEval.jsonl.gz");
  if (path === null) return Array.from({ length: 40 }, () => addTask);
  const source = await fileSource(path);
  const tasks = await readCodeTasks(source, unpackTests);
  await source.close();
  return [...tasks.values()].filter((task) => task.format === "humaneval");
}

const solution = (task: HumanEvalTask): string => task.prompt + (task.canonical ?? "");

/** The data set's own solutions, each in a process of its own. */
async function barePython(tasks: readonly HumanEvalTask[]): Promise<number> {
  const command = onPath("python3");
  if (command === null) return Number.NaN;
  // Not a version manager's shell script, which takes longer to start than Python.
  const python = (await inspectPython(command)).path;
  const start = performance.now();
  for (const task of tasks) {
    spawnSync(python, ["-"], { input: `${solution(task)}\n${task.test}\ncheck(${task.entryPoint})\n` });
  }
  return (1000 * tasks.length) / (performance.now() - start);
}

async function ofEngine(
  name: string,
  engine: CodeEngine,
  tasks: readonly HumanEvalTask[],
  bare: number,
): Promise<readonly Measurement[]> {
  const verifier = codeVerifier(engine);
  const judge = (task: HumanEvalTask) => verifier.judge(task, { kind: "solution", text: solution(task) });
  try {
    await judge(tasks[0]!); // boots the engine
    const start = performance.now();
    let passed = 0;
    for (const task of tasks) {
      const { verdict, detail } = await judge(task);
      if (verdict === "pass") passed += 1;
      else console.error(`${name} ${task.id}: ${verdict} ${detail}`);
    }
    const rate = (1000 * tasks.length) / (performance.now() - start);
    return [
      { name: `sandbox: programs a second, ${name}`, value: rate, aim: "", ok: null },
      { name: `sandbox: ${name}, share of bare python3`, value: rate / bare, aim: "", ok: null },
      {
        name: `sandbox: ${name}, canonical solutions that pass`,
        value: passed,
        aim: `= ${tasks.length}`,
        ok: passed === tasks.length,
      },
    ];
  } finally {
    await engine.close();
  }
}

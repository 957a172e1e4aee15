import assert from "node:assert/strict";
import { after, test } from "node:test";
import { codeVerifier } from "../../src/core/verify/code/codeVerifier.ts";
import { readCodeTasks } from "../../src/core/verify/code/readCodeFile.ts";
import { fileSource } from "../../src/node/fileSource.ts";
import { unpackTests } from "../../src/node/sandbox/unpackTests.ts";
import { fixture, sharedData, without } from "../paths.ts";
import { addTask } from "./adversarial.ts";
import { openPyodide, openWrappedPyodide, withoutBubblewrap } from "./engines.ts";
import { formatCases } from "./formats.ts";
import { holdsAdversaries } from "./holdsAdversaries.ts";

const shared = sharedData("adversarial");
const engine = openPyodide(1, 1.5);
const verifier = codeVerifier(engine);
after(() => engine.close());

for (const { name, task, program, verdict, detail } of formatCases) {
  test(`Pyodide: ${name}`, async () => {
    const outcome = await verifier.judge(task, { kind: "solution", text: program });
    assert.equal(outcome.verdict, verdict, outcome.detail);
    if (detail !== undefined) assert.match(outcome.detail, detail);
  });
}

const humanEval = sharedData("code/HumanEval.jsonl.gz");

test(
  "Pyodide: every 24th of HumanEval: its solution passes, None does not",
  { skip: without(humanEval) },
  async () => {
    const source = await fileSource(humanEval!);
    const tasks = [...(await readCodeTasks(source, unpackTests)).values()];
    await source.close();
    assert.equal(tasks.length, 164);
    for (const task of tasks.filter((_, at) => at % 24 === 0)) {
      assert.ok(task.format === "humaneval");
      const right = await verifier.judge(task, { kind: "completion", text: task.canonical! });
      assert.equal(right.verdict, "pass", `${task.id}: ${right.detail}`);
      const wrong = await verifier.judge(task, { kind: "completion", text: "    return None" });
      assert.equal(wrong.verdict, "fail", `${task.id}: ${wrong.detail}`);
    }
  },
);

test("Pyodide: adversarial programs of the data folder", { skip: without(shared) }, () =>
  holdsAdversaries(openPyodide(2, 0.75), shared!),
);

test("Pyodide: adversarial programs of our own", () =>
  holdsAdversaries(openPyodide(2, 0.75), fixture("adversarial")));

test(
  "Pyodide inside bubblewrap: a program passes, another may not sleep past its limit",
  { skip: withoutBubblewrap },
  async () => {
    const wrapped = openWrappedPyodide(1, 0.5);
    try {
      const inside = codeVerifier(wrapped);
      const pass = await inside.judge(addTask, { kind: "completion", text: "    return a + b" });
      assert.equal(pass.verdict, "pass", pass.detail);
      const late = await inside.judge(addTask, {
        kind: "completion",
        text: "    import time\n    time.sleep(60)",
      });
      assert.equal(late.verdict, "timeout", late.detail);
    } finally {
      await wrapped.close();
    }
  },
);

test("Pyodide: a cancelled trial is silent and leaves the engine usable; our thread is never held up", async () => {
  let worst = 0;
  let last = performance.now();
  const pulse = setInterval(() => {
    const now = performance.now();
    worst = Math.max(worst, now - last - 5);
    last = now;
  }, 5);
  const cancel = new AbortController();
  setTimeout(() => cancel.abort(), 700);
  await assert.rejects(
    engine.judge(
      JSON.stringify({
        kind: "check",
        context: [""],
        test: "def check(c): c()",
        entryPoint: "f",
        program: "def f():\n    while True: pass",
        longestBlock: null,
        slowness: 1,
        limitMs: 60_000,
        totalMs: 60_000,
      }),
      60_000,
      cancel.signal,
    ),
    { code: "cancelled" },
  );
  clearInterval(pulse);
  // A busy machine delays timers as well; a thread that runs Python would be held for all of the 700 ms.
  assert.ok(worst < 400, `${worst.toFixed(0)} ms`);
  const outcome = await verifier.judge(addTask, { kind: "completion", text: "    return a + b" });
  assert.equal(outcome.verdict, "pass", outcome.detail);
});

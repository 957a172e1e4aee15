import assert from "node:assert/strict";
import { test } from "node:test";
import type { CodeTask } from "../../../../src/core/verify/code/codeTask.ts";
import {
  codeVerifierId,
  engineOfId,
  isCodeVerifierId,
  limitOfId,
} from "../../../../src/core/verify/code/codeVerifierId.ts";
import { type CodeEngine, codeVerifier } from "../../../../src/core/verify/code/codeVerifier.ts";
import { trialPlan } from "../../../../src/core/verify/code/trialPlan.ts";
import { addTask } from "../../../sandbox/adversarial.ts";
import { fc } from "../../../fastCheck.ts";

const base = { id: "t", prompt: "def f(a):\n" };
const tasks: Readonly<Record<CodeTask["format"], CodeTask>> = {
  humaneval: addTask,
  mbpp: { ...base, format: "mbpp", code: "def f(a):\n    return a\n", setup: "", asserts: [], shown: [] },
  evalplus: {
    ...base,
    format: "evalplus",
    dataset: "humaneval",
    entryPoint: "f",
    reference: "def f(a):\n    return a\n",
    base: "[[1]]",
    plus: "[[2]]",
    atol: 0,
  },
  livecodebench: {
    ...base,
    format: "livecodebench",
    funcName: null,
    starter: "",
    tests: [1, 2, 3].map((at) => ({ input: `${at}`, output: `${at}` })),
  },
};
const answer = { kind: "solution", text: "print(1)" } as const;

/** [a call or test, all of it], seconds. */
function limitsOf(
  format: CodeTask["format"],
  slowness: number,
  limitSeconds: number | null,
): readonly number[] {
  const plan = trialPlan(tasks[format], answer, { slowness, limitSeconds });
  assert.ok(plan !== null);
  const told = JSON.parse(plan.text) as Readonly<Record<string, number>>;
  assert.equal(told["totalMs"], plan.totalMs);
  assert.equal(told["slowness"], slowness);
  return [told["limitMs"]! / 1000, plan.totalMs / 1000];
}

test("without a limit programs have what their benchmark says, times the engine's slowness", () => {
  for (const slowness of [1, 5]) {
    const times = (...seconds: readonly number[]): readonly number[] => seconds.map((one) => one * slowness);
    assert.deepEqual(limitsOf("humaneval", slowness, null), times(4, 12));
    assert.deepEqual(limitsOf("mbpp", slowness, null), times(4, 12));
    assert.deepEqual(limitsOf("evalplus", slowness, null), times(4, 60));
    assert.deepEqual(limitsOf("livecodebench", slowness, null), times(6, 24));
  }
});

test("a limit replaces that of a call and of a test; a whole task of EvalPlus keeps its own", () => {
  for (const slowness of [1, 5]) {
    const times = (...seconds: readonly number[]): readonly number[] => seconds.map((one) => one * slowness);
    assert.deepEqual(limitsOf("humaneval", slowness, 1), times(1, 3));
    assert.deepEqual(limitsOf("mbpp", slowness, 1), times(1, 3));
    assert.deepEqual(limitsOf("evalplus", slowness, 0.5), times(0.5, 60));
    assert.deepEqual(limitsOf("livecodebench", slowness, 10), times(10, 40));
  }
});

test("the verifier gives its limit to the engine", async () => {
  const asked: number[] = [];
  const engine: CodeEngine = {
    name: "fake",
    slowness: 5,
    jobs: 1,
    judge: (text, totalMs) => {
      asked.push((JSON.parse(text) as { readonly limitMs: number }).limitMs, totalMs);
      return Promise.resolve("T");
    },
    close: () => Promise.resolve(),
  };
  await codeVerifier(engine).judge(addTask, answer);
  await codeVerifier(engine, 2).judge(addTask, answer);
  assert.deepEqual(asked, [20_000, 60_000, 10_000, 30_000]);
});

test("an id names the limit where there is one, and is read back", () => {
  assert.equal(codeVerifierId("pyodide"), "code-pyodide@1");
  assert.equal(codeVerifierId("pyodide", 2), "code-pyodide@1:2s");
  assert.deepEqual([engineOfId("code-pyodide@1"), limitOfId("code-pyodide@1")], ["pyodide", null]);
  fc.assert(
    fc.property(fc.double({ min: 0.1, max: 600, noNaN: true }), (seconds) => {
      const id = codeVerifierId("cpython", seconds);
      assert.deepEqual([engineOfId(id), limitOfId(id), isCodeVerifierId(id)], ["cpython", seconds, true]);
    }),
  );
  assert.deepEqual([limitOfId("code-pyodide@0:2s"), isCodeVerifierId("code-pyodide@0:2s")], [2, false]);
  assert.ok(!isCodeVerifierId("code-pyodide@1:02s"), "one limit has one id");
  for (const other of [
    "math@1:lenient",
    "code-pyodide@1:0s",
    "code-pyodide@1:601s",
    "code-pyodide@1:2",
    "code-x@1:s",
  ])
    assert.deepEqual(
      [engineOfId(other), limitOfId(other), isCodeVerifierId(other)],
      [null, null, false],
      other,
    );
});

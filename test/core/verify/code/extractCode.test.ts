import assert from "node:assert/strict";
import { test } from "node:test";
import type { CodeTask } from "../../../../src/core/verify/code/codeTask.ts";
import { extractCode } from "../../../../src/core/verify/code/extractCode.ts";

const prompt =
  'import math\n\ndef helper(x):\n    return x\n\ndef area(r):\n    """Area. ```r``` is the radius."""\n';
const humanEval: CodeTask = {
  format: "humaneval",
  id: "h",
  prompt,
  entryPoint: "area",
  canonical: null,
  test: "",
};
const live: CodeTask = {
  format: "livecodebench",
  id: "l",
  prompt: "",
  starter: "",
  funcName: null,
  tests: [],
};
const mbpp: CodeTask = { format: "mbpp", id: "m", prompt: "", code: "", setup: "", asserts: [], shown: [] };
const plus: CodeTask = {
  format: "evalplus",
  dataset: "humaneval",
  id: "p",
  prompt,
  entryPoint: "area",
  reference: "",
  base: "[]",
  plus: "[]",
  atol: 0,
};

const source = (task: CodeTask, text: string, kind: "completion" | "solution" = "completion") =>
  extractCode(task, { kind, text })?.source ?? null;

test("HumanEval: a completion goes on from the prompt, character by character", () => {
  const body = "    return math.pi * r ** 2\n\n# ``` in a comment\nx = '```'";
  assert.equal(source(humanEval, body), prompt + body);
});

test("HumanEval: a chat model's last fence that defines the function, under the prompt's imports and helpers", () => {
  const text =
    "<think>\n```python\ndef area(r): return 0\n```\n</think>\nSo:\n```python\ndef area(r):\n    return 1\n```\nand\n```\narea(2)\n```";
  assert.equal(
    source(humanEval, text),
    "import math\n\ndef helper(x):\n    return x\n\ndef area(r):\n    return 1",
  );
});

test("HumanEval: a fence with the body only goes on from the prompt; an unclosed fence counts", () => {
  assert.equal(source(humanEval, "```python\n    return 1\n```"), `${prompt}    return 1`);
  assert.match(source(humanEval, "```python\ndef area(r):\n    return 7")!, /return 7$/);
});

test("a solution is the whole program", () => {
  assert.equal(source(humanEval, "def area(r): return 2", "solution"), "def area(r): return 2");
});

test("LiveCodeBench: between the last two fence lines", () => {
  const text = "```python\nprint(1)\n```\nBetter:\n```python\nprint(2)\n```\nDone.";
  assert.equal(source(live, text), "print(2)");
  assert.equal(source(live, "  print(3)\n"), "print(3)");
  assert.equal(source(live, "```python\nprint(4)"), null);
  assert.equal(source(live, `<think>\n${text}\n</think>\n\`\`\`\nprint(5)\n\`\`\``), "print(5)");
});

test("MBPP: [BEGIN] and [DONE], else the last fence with a function, else all of it", () => {
  assert.equal(source(mbpp, "x [BEGIN]\ndef f(): return 1\n[DONE] more"), "\ndef f(): return 1\n");
  assert.equal(source(mbpp, "```\ndef f(): return 2\n```\n```\nf()\n```"), "def f(): return 2");
  assert.equal(source(mbpp, "def f(): return 3"), "def f(): return 3");
});

test("EvalPlus: the candidate's interpreter looks for the longest block", () => {
  const extracted = extractCode(plus, { kind: "completion", text: "    return 1" });
  assert.deepEqual(extracted, { source: `${prompt}\n    return 1`, longestBlock: "area" });
});

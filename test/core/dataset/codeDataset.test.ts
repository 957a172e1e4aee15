import assert from "node:assert/strict";
import { test } from "node:test";
import { parquetWriteBuffer } from "hyparquet-writer";
import { memorySource } from "../../../src/core/dataset/memorySource.ts";
import { readDataset } from "../../../src/core/dataset/readDataset.ts";
import { sniff } from "../../../src/core/dataset/sniff.ts";
import { planRun } from "../../../src/core/run/plan.ts";
import { codeTemplateFor } from "../../../src/core/run/codeTemplates.ts";
import { renderPrompt } from "../../../src/core/run/templates.ts";
import { decodeCodeGold, goldWords, lineAt } from "../../../src/core/verify/code/codeGold.ts";
import type { CodeKind } from "../../../src/core/verify/code/codeQuestion.ts";
import { readCodeTask } from "../../../src/core/verify/code/readCodeTask.ts";

const humanEval = {
  task_id: "HumanEval/x",
  prompt: 'def add(a, b):\n    """Adds."""\n',
  canonical_solution: "    return a + b\n",
  test: "def check(candidate):\n    assert candidate(1, 2) == 3\n",
  entry_point: "add",
};
const mbpp = {
  task_id: 11,
  text: "Write a function to add.",
  code: "def add(a, b):\n    return a + b",
  test_list: ["assert add(1, 2) == 3", "assert add(0, 0) == 0"],
  test_setup_code: "",
  challenge_test_list: [],
};
const { text, ...mbppRest } = mbpp;
const sanitized = { ...mbppRest, prompt: text, source_file: "x.ipynb", test_imports: ["import math"] };
const live = {
  question_title: "A",
  question_content: "Add two numbers.",
  platform: "leetcode",
  question_id: "3000",
  contest_id: "c",
  contest_date: "2024-01-01T00:00:00",
  starter_code: "class Solution:\n    def add(self, a: int, b: int) -> int:\n        ",
  difficulty: "easy",
  public_test_cases: JSON.stringify([{ input: "1\n2", output: "3", testtype: "functional" }]),
  private_test_cases: "eJxrYJmayQABPVwAJmwFJQ==",
  metadata: JSON.stringify({ func_name: "add" }),
};

interface Shape {
  readonly name: string;
  readonly line: string;
  readonly kind: CodeKind;
  readonly id: string;
  /** What a base model goes on from, and how its text ends. */
  readonly prompt: RegExp;
  readonly user: RegExp;
}

const shapes: readonly Shape[] = [
  {
    name: "HumanEval",
    line: JSON.stringify(humanEval),
    kind: "humaneval",
    id: "HumanEval/x",
    prompt: /^def add\(a, b\):\n {4}"""Adds."""\n$/,
    user: /self-contained Python script[^]*```\ndef add/,
  },
  {
    name: "HumanEval+ as EvalPlus has it, with numbers that JavaScript cannot hold",
    line: `{"task_id": "HumanEval/x", "prompt": "\\ndef add(a, b):\\n    pass\\n", "entry_point": "add", "canonical_solution": "    return a + b", "base_input": [[1, 2]], "plus_input": [[Infinity, 12345678901234567890]], "atol": 0, "contract": ""}`,
    kind: "humanevalPlus",
    id: "HumanEval/x",
    prompt: /^def add\(a, b\):\n {4}pass\n$/,
    user: /markdown code block/,
  },
  {
    name: "MBPP",
    line: JSON.stringify(mbpp),
    kind: "mbpp",
    id: "11",
    prompt:
      /^You are an expert Python programmer, and here is your task: Write a function to add\. Your code should pass these tests:\n\nassert add\(1, 2\) == 3\nassert add\(0, 0\) == 0\n\[BEGIN\]\n$/,
    user: /here is your task: Write a function to add\./,
  },
  {
    name: "MBPP, sanitized",
    line: JSON.stringify(sanitized),
    kind: "mbpp",
    id: "11",
    prompt: /Write a function to add\. Your code/,
    user: /Write a function to add\. Your code/,
  },
  {
    name: "MBPP+ as EvalPlus has it",
    line: `{"task_id": "Mbpp/2", "prompt": "\\"\\"\\"\\nAdds.\\nassert add(1, 2) == 3\\n\\"\\"\\"\\n", "entry_point": "add", "canonical_solution": "\\ndef add(a, b):\\n    return a + b", "base_input": [[1, 2]], "plus_input": [], "atol": 0, "assertion": "assert add(1, 2) == 3"}`,
    kind: "mbppPlus",
    id: "Mbpp/2",
    prompt: /^"""\nAdds\.\nassert add\(1, 2\) == 3\n"""\n$/,
    user: /markdown code block/,
  },
  {
    name: "MBPP+ as on the Hub: the tests of the plus inputs are a script, which no model is shown",
    line: JSON.stringify({
      ...sanitized,
      test: "inputs = [[1, 2]]\nresults = [3]\nfor i, r in zip(inputs, results):\n    assert add(*i) == r",
    }),
    kind: "mbpp",
    id: "11",
    prompt: /assert add\(0, 0\) == 0\n\[BEGIN\]\n$/,
    user: /add/,
  },
  {
    name: "LiveCodeBench with starter code",
    line: JSON.stringify(live),
    kind: "livecodebench",
    id: "3000",
    prompt: /^### Question\nAdd two numbers\.\n\n[^]*class Solution[^]*### Answer\n\n$/,
    user: /^### Question:\nAdd two numbers\.\n\n### Format: You will use the following starter code/,
  },
];

for (const { name, line, kind, id, prompt, user } of shapes) {
  test(`a dataset of programming tasks: ${name}`, async () => {
    const source = memorySource("tasks.jsonl", `${line}\n`);
    assert.deepEqual(await sniff(source), { kind: "dataset" });
    const { problems, issues, code, unsure } = await readDataset(source);
    assert.deepEqual([issues, code, unsure], [[], kind, null]);
    const [problem] = problems;
    assert.ok(problem !== undefined && problem.gold !== null);
    assert.deepEqual([problem.id, problem.line, problem.index], [id, 1, 0]);
    assert.equal(goldWords(problem.gold), "the task's tests");
    // The task comes back as it stood in the file.
    const back = decodeCodeGold(problem.gold);
    assert.ok("raw" in back);
    assert.deepEqual(readCodeTask(back.raw, null), readCodeTask(line, null));
    const template = codeTemplateFor(kind);
    const completion = renderPrompt(template, problem.question, { api: "completions", system: null });
    const chat = renderPrompt(template, problem.question, { api: "chat", system: template.system });
    assert.match(completion.api === "completions" ? completion.prompt : "", prompt);
    assert.match(chat.api === "chat" ? (chat.messages.at(-1)?.content ?? "") : "", user);
  });
}

test("Parquet, as the data sets on the Hub are stored: integers of 64 bits, lists of texts", async () => {
  const columns = (row: Readonly<Record<string, unknown>>) =>
    Object.entries(row).map(([name, value]) => ({ name, data: [value] }));
  const read = (row: Readonly<Record<string, unknown>>) =>
    readDataset(memorySource("t.parquet", new Uint8Array(parquetWriteBuffer({ columnData: columns(row) }))));
  const first = await read(humanEval);
  assert.deepEqual([first.code, first.issues, first.problems[0]?.id], ["humaneval", [], "HumanEval/x"]);
  const { task_id, text, code, test_list, test_setup_code } = mbpp;
  const second = await read({ task_id: BigInt(task_id), text, code, test_list, test_setup_code });
  assert.deepEqual([second.code, second.issues], ["mbpp", []]);
  const back = decodeCodeGold(second.problems[0]?.gold ?? "");
  assert.ok("raw" in back);
  const task = readCodeTask(back.raw, null);
  assert.ok(task.format === "mbpp");
  assert.deepEqual([task.id, task.asserts], ["11", mbpp.test_list]);
});

test("a chat is not stopped by what ends a base model's program", () => {
  const template = codeTemplateFor("humaneval");
  const plan = (api: "completions" | "chat") =>
    planRun(
      {
        id: "r",
        name: "r",
        role: "base",
        dataset: { name: "d", path: null },
        problems: [{ key: "q:1", id: "1", index: 0, question: "q", gold: "g", line: null }],
        samplesPerProblem: 1,
        endpointName: "e",
        origin: "http://localhost:1",
        model: "m",
        api,
        template,
        verifier: "code-pyodide@1",
      },
      () => "hash",
    ).protocol.stop;
  assert.deepEqual(plan("completions"), ["\nclass", "\ndef", "\n#", "\nif", "\nprint"]);
  assert.deepEqual(plan("chat"), []);
});

test("long tests stay in the file, and a file that changed is noticed", async () => {
  const padded = { ...humanEval, note: "x".repeat(300_000) };
  const text = `${JSON.stringify(humanEval)}\n${JSON.stringify({ ...padded, task_id: "HumanEval/y", prompt: "def g():\n" })}\n`;
  const source = memorySource("tasks.jsonl", text);
  const { problems } = await readDataset(source, { path: "/data/tasks.jsonl" });
  assert.equal(problems.length, 2);
  const [short, long] = problems.map(({ gold }) => decodeCodeGold(gold ?? ""));
  assert.ok(short !== undefined && "raw" in short);
  assert.ok(long !== undefined && "file" in long);
  assert.equal(long.file, "/data/tasks.jsonl");
  assert.ok((problems[1]?.gold?.length ?? 0) < 300);
  assert.equal(readCodeTask(lineAt(long, await source.slice(long.start, long.end)), null).id, "HumanEval/y");
  assert.throws(() => lineAt(long, new TextEncoder().encode("{}").buffer), { code: "stale" });
});

test("a broken task is an issue with its line and field, the rest is read", async () => {
  const { entry_point: _, ...without } = humanEval;
  const lines = [
    humanEval,
    { ...without, entry_point: 7 },
    { ...humanEval, prompt: "def h():\n", task_id: "h" },
    humanEval,
  ];
  const source = memorySource("tasks.jsonl", lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const { problems, issues } = await readDataset(source);
  assert.deepEqual(
    problems.map(({ id }) => id),
    ["HumanEval/x", "h"],
  );
  assert.deepEqual(
    issues.map(({ line, field, message }) => [line, field, message]),
    [
      [2, "entry_point", "expected string, got number"],
      [4, "prompt", "the same problem as line 1, kept once"],
    ],
  );
});

test("rollouts of programming tasks are rollouts", async () => {
  const rollout = { ...humanEval, responses: ["    return a + b"], score: [1] };
  const found = await sniff(memorySource("r.jsonl", `${JSON.stringify(rollout)}\n`));
  assert.equal(found.kind, "rollouts");
});

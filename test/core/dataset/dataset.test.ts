import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { Problem } from "../../../src/core/model.ts";
import type { JsonRecord } from "../../../src/core/parse.ts";
import { goldText, lastBoxed } from "../../../src/core/dataset/goldText.ts";
import { memorySource } from "../../../src/core/dataset/memorySource.ts";
import { questionText } from "../../../src/core/dataset/questionText.ts";
import { readDataset } from "../../../src/core/dataset/readDataset.ts";
import { sniff } from "../../../src/core/dataset/sniff.ts";
import { fileSource } from "../../../src/node/fileSource.ts";
import { linesSource, withFile } from "./sources.ts";

interface Mapped {
  readonly name: string;
  readonly record: JsonRecord;
  /** [question column, gold column], and the gold of the record. */
  readonly columns: readonly [string, string | null];
  readonly gold: string | null;
  readonly sure: boolean;
}

const mapped: readonly Mapped[] = [
  {
    name: "GSM8K",
    record: { question: "2+3?", answer: "2+3=<<2+3=5>>5\n#### 1,005" },
    columns: ["question", "answer"],
    gold: "1005",
    sure: true,
  },
  {
    name: "MATH's original",
    record: { problem: "2+3?", level: "Level 1", solution: "It is $\\boxed{\\frac{5}{1}}$." },
    columns: ["problem", "solution"],
    gold: "\\frac{5}{1}",
    sure: true,
  },
  {
    name: "MATH500",
    record: { problem: "2+3?", solution: "$\\boxed{4}$", answer: "5", unique_id: "a/1" },
    columns: ["problem", "answer"],
    gold: "5",
    sure: true,
  },
  {
    name: "case does not matter",
    record: { Question: "2+3?", Answer: "5" },
    columns: ["Question", "Answer"],
    gold: "5",
    sure: true,
  },
  {
    name: "verl",
    record: {
      data_source: "gsm8k",
      prompt: [
        { role: "system", content: "s" },
        { role: "user", content: "2+3?" },
      ],
      reward_model: { ground_truth: "5", style: "rule" },
      extra_info: { index: 4, answer: "so\n#### 5" },
    },
    columns: ["prompt", "reward_model.ground_truth"],
    gold: "5",
    sure: true,
  },
  {
    name: "a float",
    record: { problem: "2+3?", answer: 5.0 },
    columns: ["problem", "answer"],
    gold: "5",
    sure: true,
  },
  {
    name: "a list of one",
    record: { question: "2+3?", final_answer: ["5"] },
    columns: ["question", "final_answer"],
    gold: "5",
    sure: true,
  },
  {
    name: "a class label alone",
    record: { question: "2+3?", label: "5" },
    columns: ["question", "label"],
    gold: "5",
    sure: true,
  },
  {
    name: "two golds that differ",
    record: { question: "2+3?", answer: "so 5", target: "5" },
    columns: ["question", "answer"],
    gold: "so 5",
    sure: false,
  },
  {
    name: "two questions that differ",
    record: { question: "2+3?", problem: "Sum", answer: "5" },
    columns: ["question", "answer"],
    gold: "5",
    sure: false,
  },
  {
    name: "a long solution without a box",
    record: { question: "2+3?", solution: "First we add. ".repeat(9) },
    columns: ["question", "solution"],
    gold: "First we add. ".repeat(9).trim(),
    sure: false,
  },
  {
    name: "no gold",
    record: { question: "2+3?", topic: "sums" },
    columns: ["question", null],
    gold: null,
    sure: false,
  },
  {
    name: "instruction and input",
    record: { instruction: "Add.", input: "2, 3", output: "5", answer: "5" },
    columns: ["input", "answer"],
    gold: "5",
    sure: false,
  },
  {
    name: "HumanEval",
    record: {
      task_id: "t/0",
      prompt: "def f():",
      canonical_solution: "  pass",
      test: "assert f()",
      entry_point: "f",
    },
    columns: ["prompt", null],
    gold: '{"codeTask":1,"task_id":"t/0","prompt":"def f():","canonical_solution":"  pass","test":"assert f()","entry_point":"f"}',
    sure: true,
  },
];

for (const { name, record, columns, gold, sure } of mapped) {
  test(`columns by name: ${name}`, async () => {
    const dataset = await readDataset(linesSource("d.jsonl", [record]));
    assert.deepEqual([dataset.mapping.question, dataset.mapping.gold], columns);
    assert.equal(dataset.problems[0]?.gold, gold);
    assert.equal(dataset.unsure === null, sure);
    assert.deepEqual(await sniff(linesSource("d.jsonl", [record])), { kind: "dataset" });
  });
}

test("unsure: what to offer; the person's choice wins and is not asked again for the schema", async () => {
  const rows = [
    { instruction: "Add.", input: "2, 3", output: "5", answer: "5" },
    { instruction: "Add.", input: "2, 4", output: "6", answer: "6" },
  ];
  const first = await readDataset(linesSource("d.jsonl", rows));
  assert.deepEqual(first.unsure, {
    columns: ["instruction", "input", "output", "answer"],
    question: ["input", "instruction"],
    gold: ["answer"],
  });
  const chosen = await readDataset(linesSource("d.jsonl", rows), {
    mapping: { question: "input", gold: "output", id: null },
  });
  assert.equal(chosen.unsure, null);
  assert.deepEqual(
    chosen.problems.map(({ question, gold, id }) => [question, gold, id]),
    [
      ["2, 3", "5", "0"],
      ["2, 4", "6", "1"],
    ],
  );
  const sameSchema = await readDataset(
    linesSource("other.jsonl", [{ answer: "1", output: "1", input: "x", instruction: "y" }]),
  );
  const otherSchema = await readDataset(
    linesSource("other.jsonl", [{ answer: "1", input: "x", instruction: "y" }]),
  );
  assert.equal(sameSchema.schema, first.schema);
  assert.notEqual(otherSchema.schema, first.schema);
});

/** Only some of the formats have lines. */
const withoutLine = (problem: Problem): Problem => ({ ...problem, line: null });

test("one dataset as JSON lines, list, object around a list, CSV, Parquet and gzip gives the same problems", async () => {
  const rows = Array.from({ length: 30 }, (_, i) => ({
    id: `p${i}`,
    question: `What is ${i} + "é"?\nThink.`,
    answer: String(i),
  }));
  const expected = (await readDataset(linesSource("d.jsonl", rows))).problems.map(withoutLine);
  assert.equal(expected.length, 30);
  const column = (name: "id" | "question" | "answer"): { name: string; data: string[]; type: "STRING" } => ({
    name,
    data: rows.map((row) => row[name]),
    type: "STRING",
  });
  const csv = [
    "id,question,answer",
    ...rows.map(({ id, question, answer }) => `${id},"${question.replaceAll('"', '""')}",${answer}`),
  ].join("\n");
  const sources = [
    memorySource("d.json", JSON.stringify(rows)),
    memorySource("d.json", JSON.stringify({ version: 1, data: rows }, null, 2)),
    memorySource("d.csv", csv),
    memorySource("d.tsv", csv.replaceAll(/^([^,]*),(".*?"|question),/gms, "$1\t$2\t")),
    memorySource(
      "d.parquet",
      new Uint8Array(
        parquetWriteBuffer({ columnData: [column("id"), column("question"), column("answer")] }),
      ),
    ),
  ];
  for (const source of sources) {
    const { problems, issues, unsure } = await readDataset(source);
    assert.deepEqual([issues, unsure], [[], null], source.name);
    assert.deepEqual(problems.map(withoutLine), expected, source.name);
  }
  await withFile("d.json.gz", gzipSync(JSON.stringify(rows)), async (path) => {
    const source = await fileSource(path);
    assert.equal((await readDataset(source)).problems.length, 30);
    assert.equal(source.byteLength, Buffer.byteLength(JSON.stringify(rows)));
    await source.close();
  });
});

test("a problem that stands twice is kept once and named", async () => {
  const { problems, issues } = await readDataset(
    linesSource("d.jsonl", [
      { question: "2+3?", answer: "5" },
      { question: " 2+3?\n", answer: "6" },
    ]),
  );
  assert.deepEqual(
    problems.map(({ gold }) => gold),
    ["5"],
  );
  assert.deepEqual(issues, [
    { file: "d.jsonl", line: 2, field: "question", message: "the same problem as line 1, kept once" },
  ]);
});

test("gold answers keep what the verifier must see", () => {
  const cases: readonly (readonly [unknown, string | null])[] = [
    ["025", "025"],
    [27.0, "27"],
    [0.5, "0.5"],
    ["\\frac{14}{3}", "\\frac{14}{3}"],
    ["#### -1,234,567", "-1234567"],
    ["#### 1,2", "1,2"],
    ["text\n#### $18 ", "$18"],
    ["so\nA: 18", "18"],
    ["1,234", "1,234"],
    ['["34"]', "34"],
    [["1", "2"], "1, 2"],
    [true, "true"],
    ["", null],
    [null, null],
    [[], null],
  ];
  for (const [value, expected] of cases)
    assert.equal(goldText(value, "answer"), expected, JSON.stringify(value));
  assert.throws(() => goldText({ a: 1 }, "answer"), /answer: expected string, got object/);
  assert.equal(lastBoxed("\\boxed{1} and \\boxed{\\frac{2}{\\{3\\}}}"), "\\frac{2}{\\{3\\}}");
  assert.equal(lastBoxed("\\boxed{1"), null);
});

test("questions out of chats", () => {
  assert.equal(
    questionText([
      { from: "human", value: "2+3?" },
      { from: "gpt", value: "5" },
    ]),
    "2+3?",
  );
  assert.equal(
    questionText([{ role: "user", content: [{ type: "text", text: "2+3?" }, { type: "image_url" }] }]),
    "2+3?",
  );
  assert.equal(
    questionText(
      "<|im_start|>system\nx<|im_end|>\n<|im_start|>user\n2+3?<|im_end|>\n<|im_start|>assistant\n",
    ),
    "2+3?",
  );
  assert.equal(questionText("system\nx\nuser\n2+3?\nassistant\n"), "2+3?");
  assert.equal(questionText("user guide\nassistant"), "user guide\nassistant");
  assert.equal(questionText([{ role: "system", content: "x" }]), null);
  assert.equal(questionText(5), null);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { Sample, Verdict } from "../../../src/core/model.ts";
import type { VerifyItem } from "../../../src/core/verify/verifier.ts";
import { scoreVerdict } from "../../../src/core/dataset/formats/rawSample.ts";
import {
  decodeProblem,
  decodeSample,
  encodeProblem,
  encodeSample,
} from "../../../src/core/dataset/formats/runLog.ts";
import { memorySource } from "../../../src/core/dataset/memorySource.ts";
import { problemKey } from "../../../src/core/dataset/problemKey.ts";
import { readRollouts } from "../../../src/core/dataset/readRollouts.ts";
import { readSample } from "../../../src/core/dataset/readSample.ts";
import { sniff } from "../../../src/core/dataset/sniff.ts";
import { counts, linesSource } from "./sources.ts";

interface Case {
  readonly name: string;
  readonly format: string;
  readonly records: readonly unknown[];
  /** [n, c] of each problem of the first run. */
  readonly counts: readonly (readonly [number, number])[];
  readonly gold: string | null;
  readonly text: string;
}

const cases: readonly Case[] = [
  {
    name: "Qwen evaluation",
    format: "qwenEval",
    records: [
      {
        idx: 0,
        question: "2+3?",
        gt_cot: "",
        gt: "5",
        answer: "#### five",
        code: ["\\boxed{5}", "I guess 6"],
        pred: ["5", "6"],
        report: [null, null],
        finish_reason: ["stop", "length"],
        score: [true, false],
      },
    ],
    counts: [[2, 1]],
    gold: "5",
    text: "\\boxed{5}",
  },
  {
    name: "verl dump, grouped by its input",
    format: "rows",
    records: [
      {
        input: "user\n2+3?\nassistant\n",
        output: "five",
        gts: "5",
        score: 1,
        step: 40,
        acc: true,
        pred: "5",
      },
      {
        input: "user\n2+3?\nassistant\n",
        output: "six",
        gts: "5",
        score: -1,
        step: 40,
        acc: false,
        pred: "6",
      },
      {
        input: "system\nBe brief.\nuser\n2+4?\nassistant\n",
        output: "six",
        gts: "6",
        score: 1,
        step: 40,
        acc: true,
        pred: "6",
      },
    ],
    counts: [
      [2, 1],
      [1, 1],
    ],
    gold: "5",
    text: "five",
  },
  {
    name: "nested results with a footer",
    format: "nested",
    records: [
      { idx: 9, ys: ["a", "b", "c"], infos: [{ r: 0 }, { r: 1 }, { r: 0 }] },
      { usage_so_far: { cost: 3 } },
    ],
    counts: [[3, 1]],
    gold: null,
    text: "a",
  },
  {
    name: "one solution of each model",
    format: "modelMap",
    records: [
      {
        question: "2+3?",
        ground_truth: "So 5\nA: 5",
        small: { is_correct: false, solution: "4" },
        large: { is_correct: true, solution: "5" },
      },
    ],
    counts: [[1, 0]],
    gold: "5",
    text: "4",
  },
  {
    name: "DeepScaleR evaluation: lists without scores stay ungraded",
    format: "rows",
    records: [
      {
        data_source: "aime",
        prompt: [{ role: "user", content: "2+3?" }],
        reward_model: { style: "rule", ground_truth: "5" },
        responses: ["\\boxed{5}", "\\boxed{6}"],
      },
    ],
    counts: [[0, 0]],
    gold: "5",
    text: "\\boxed{5}",
  },
  {
    name: "SkyRL: a score token by token",
    format: "rows",
    records: [
      {
        input_prompt: "<|im_start|>user\n2+3?<|im_end|>\n",
        output_response: "five",
        score: [0, 0, 1],
        stop_reason: "stop",
        env_extras: { reward_spec: { ground_truth: "5" } },
      },
    ],
    counts: [[1, 1]],
    gold: "5",
    text: "five",
  },
  {
    name: "NeMo-Skills",
    format: "rows",
    records: [
      {
        generation: "five",
        problem: "2+3?",
        expected_answer: "5",
        predicted_answer: "5",
        symbolic_correct: true,
        num_generated_tokens: 7,
        finish_reason: "stop",
      },
    ],
    counts: [[1, 1]],
    gold: "5",
    text: "five",
  },
  {
    name: "LiveCodeBench: graded list",
    format: "rows",
    records: [
      {
        question_id: "abc1",
        question_content: "Add",
        output_list: ["x", "y"],
        code_list: ["x", "y"],
        graded_list: [true, false],
        "pass@1": 0.5,
      },
    ],
    counts: [[2, 1]],
    gold: null,
    text: "x",
  },
  {
    name: "verifiers: chats, and a reward that is no judgement",
    format: "rows",
    records: [
      {
        example_id: 0,
        prompt: [{ role: "user", content: [{ type: "text", text: "2+3?" }] }],
        completion: [{ role: "assistant", content: "five" }],
        answer: "5",
        reward: 0.7,
        token_usage: { output_tokens: 6 },
      },
    ],
    counts: [[0, 0]],
    gold: "5",
    text: "five",
  },
  {
    name: "samples as objects",
    format: "rows",
    records: [
      {
        problem: "2+3?",
        answer: "5",
        samples: [
          { text: "five", correct: true },
          { text: "six", correct: false },
        ],
      },
    ],
    counts: [[2, 1]],
    gold: "5",
    text: "five",
  },
];

for (const { name, format, records, counts: expected, gold, text } of cases) {
  test(`${name}: read, counted, and its text read again from lines, a list and a pretty list`, async () => {
    const list = memorySource("r.json", JSON.stringify(records));
    const pretty = memorySource("r.json", JSON.stringify(records, null, 2));
    for (const source of [linesSource("r.jsonl", records), list, pretty]) {
      assert.deepEqual(await sniff(source), { kind: "rollouts", format });
      const file = await readRollouts(source);
      assert.equal(file.format, format);
      assert.deepEqual(file.issues, []);
      assert.deepEqual(
        counts(file).map(({ n, c }) => [n, c]),
        expected,
      );
      const run = file.runs[0]!;
      const [ref] = run.locate(run.tally.problems[0]!.problem.key);
      const sample = await readSample(source, ref!);
      assert.deepEqual([sample.text, sample.gold, sample.index], [text, gold, 0]);
    }
  });
}

test("what is known without the text: verdict, answer, outcome, finish reason, tokens", async () => {
  const file = await readRollouts(
    linesSource("r.jsonl", [...(cases[0]?.records ?? []), ...(cases[0]?.records ?? [])]),
  );
  const run = file.runs[0]!;
  const refs = run.locate(run.tally.problems[0]!.problem.key);
  assert.deepEqual(
    refs.map(({ index, line, ordinal, extracted, finishReason, outcome, verdict }) => ({
      index,
      line,
      ordinal,
      extracted,
      finishReason,
      outcome: outcome.kind,
      verdict: verdict?.kind,
    })),
    [
      {
        index: 0,
        line: 1,
        ordinal: 0,
        extracted: "5",
        finishReason: "stop",
        outcome: "ok",
        verdict: "correct",
      },
      {
        index: 1,
        line: 1,
        ordinal: 1,
        extracted: "6",
        finishReason: "length",
        outcome: "truncated",
        verdict: "incorrect",
      },
      {
        index: 2,
        line: 2,
        ordinal: 0,
        extracted: "5",
        finishReason: "stop",
        outcome: "ok",
        verdict: "correct",
      },
      {
        index: 3,
        line: 2,
        ordinal: 1,
        extracted: "6",
        finishReason: "length",
        outcome: "truncated",
        verdict: "incorrect",
      },
    ],
  );
  const [tally] = run.tally.problems;
  assert.deepEqual(
    [tally?.n, tally?.c, tally?.truncated, tally?.finishedN, tally?.finishedC, tally?.duplicates],
    [4, 2, 2, 2, 2, 2],
  );
  const tokens = await readRollouts(linesSource("n.jsonl", cases[6]?.records ?? []));
  assert.equal(tokens.runs[0]?.locate(problemKey("2+3?", ""))[0]?.tokens, 7);
});

test("a model column makes a run of each model", async () => {
  const row = (model: string, correct: boolean): unknown => ({
    model,
    question: "2+3?",
    response: "5",
    correct,
  });
  const file = await readRollouts(
    linesSource("r.jsonl", [row("m-base", true), row("m-rl", false), row("m-base", true)]),
  );
  assert.deepEqual(
    file.runs.map(({ tally }) => [
      tally.name,
      tally.id,
      tally.role,
      tally.problems[0]?.n,
      tally.problems[0]?.c,
    ]),
    [
      ["m-base", "r.jsonl#m-base", "base", 2, 2],
      ["m-rl", "r.jsonl#m-rl", "rl", 1, 0],
    ],
  );
});

test("scores: bool, 0/1, words, NaN, shaped rewards", () => {
  const kind = (score: unknown): string => scoreVerdict(score, "x")?.kind ?? "ungraded";
  for (const score of [true, 1, 1.5, "True", "1.0", "C", "pass", [1], [0, 0, 1], { r: 1 }])
    assert.equal(kind(score), "correct", JSON.stringify(score));
  for (const score of [false, 0, -1, "false", "0", "I", [0], { value: "I" }])
    assert.equal(kind(score), "incorrect", JSON.stringify(score));
  for (const score of [null, undefined, Number.NaN, 0.5, 0.999, "", "maybe", [], {}])
    assert.equal(kind(score), "ungraded", JSON.stringify(score));
  assert.deepEqual(scoreVerdict(false, ""), { kind: "unparsed" });
  assert.deepEqual(scoreVerdict(true, ""), { kind: "correct", how: "file", extracted: null });
});

test("NaN and Infinity of Python's json are no score, and stay in texts", async () => {
  const lines = [
    '{"question": "a?", "response": "NaN \\\\boxed{\\"NaN\\"}", "score": NaN}',
    '{"question": "b?", "response": "x", "score": -Infinity, "reward": 1.0}',
  ];
  const source = memorySource("r.jsonl", lines.join("\n"));
  const file = await readRollouts(source);
  assert.deepEqual(file.issues, []);
  assert.deepEqual(
    counts(file).map(({ n, c }) => [n, c]),
    [
      [0, 0],
      [1, 1],
    ],
  );
  assert.equal(file.runs[0]?.tally.problems[0]?.ungraded, 1);
  const [ref] = file.runs[0].locate(problemKey("a?", ""));
  assert.equal((await readSample(source, ref!)).text, 'NaN \\boxed{"NaN"}');
});

test("the verifier judges only what the file did not, and it may be slow", async () => {
  const asked: VerifyItem[] = [];
  const verifier = {
    id: "test@1",
    verify: async (item: VerifyItem): Promise<Verdict> => {
      asked.push(item);
      await new Promise((resolve) => setImmediate(resolve));
      return {
        kind: item.response === item.gold ? "correct" : "incorrect",
        how: "same",
        extracted: item.response.slice(0, 1),
      };
    },
  };
  const source = linesSource("r.jsonl", [
    { question: "2+3?", answer: "5", response: "5", correct: null },
    { question: "2+3?", answer: "5", response: "6", correct: null },
    { question: "2+3?", answer: "5", response: "7", correct: true },
    { question: "no gold?", response: "7", correct: null },
  ]);
  const file = await readRollouts(source, { verifier });
  assert.deepEqual(asked, [
    { question: "2+3?", gold: "5", response: "5" },
    { question: "2+3?", gold: "5", response: "6" },
  ]);
  assert.deepEqual(
    counts(file).map(({ n, c }) => [n, c]),
    [
      [3, 2],
      [0, 0],
    ],
  );
  assert.equal(file.runs[0]?.tally.verifier, "file and test@1");
  const ungraded = await readRollouts(source);
  assert.deepEqual(
    counts(ungraded).map(({ n, c }) => [n, c]),
    [
      [1, 1],
      [0, 0],
    ],
  );
});

test("Parquet: lists, nested structs, wide integers; a sample is read again", async () => {
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "prompt", data: ["2+3?", "2+4?"], type: "STRING" },
        {
          name: "responses",
          data: [
            ["five", "six"],
            ["six", "seven"],
          ],
          type: "JSON",
        },
        {
          name: "scores",
          data: [
            [1, 0],
            [1, 1],
          ],
          type: "JSON",
        },
        { name: "ground_truth", data: [5n, 6n], type: "INT64" },
      ],
    }),
  );
  const source = memorySource("r.parquet", bytes);
  assert.deepEqual(await sniff(source), { kind: "rollouts", format: "rows" });
  const file = await readRollouts(source);
  assert.deepEqual(file.issues, []);
  assert.deepEqual(
    counts(file).map(({ n, c }) => [n, c]),
    [
      [2, 1],
      [2, 2],
    ],
  );
  const refs = file.runs[0]!.locate(problemKey("2+4?", ""));
  const sample = await readSample(source, refs[1]!);
  assert.deepEqual([sample.text, sample.gold, refs[1]?.line], ["seven", "6", null]);
});

test("CSV and TSV: quoted newlines, lists in cells, places of rows", async () => {
  const csv =
    '\uFEFFquestion,answer,responses,scores\r\n"2+3?\nThink, then say ""x"".",5,"[""five é"",""six""]","[true,false]"\r\n2+4?,6,"[""six""]",[1]\r\n';
  const source = memorySource("r.csv", csv);
  const file = await readRollouts(source);
  assert.deepEqual(file.issues, []);
  assert.deepEqual(
    counts(file).map(({ n, c }) => [n, c]),
    [
      [2, 1],
      [1, 1],
    ],
  );
  assert.equal(file.runs[0]?.tally.problems[0]?.problem.question, '2+3?\nThink, then say "x".');
  const [ref] = file.runs[0].locate(problemKey("2+4?", ""));
  assert.equal(ref?.line, 4);
  assert.equal((await readSample(source, ref)).text, "six");
  const tsv = memorySource("r.tsv", "question\tresponse\tcorrect\n2+3?\tfive, of course\tTrue\n");
  assert.deepEqual(
    counts(await readRollouts(tsv)).map(({ n, c }) => [n, c]),
    [[1, 1]],
  );
});

test("our own run log: lines round-trip, problems are joined by key, the later of two lines holds", async () => {
  const problem = { key: "q:1", id: "7", index: 0, question: "2+3?", gold: "5", line: 3 };
  const other = { ...problem, key: "q:2", id: "8", index: 1, question: "2+4?", gold: "6", line: 4 };
  const sample = (index: number, more: Partial<Sample>): Sample => ({
    problemKey: "q:1",
    index,
    seed: 40 + index,
    text: `text ${index}`,
    reasoning: index === 1 ? "hm" : null,
    finishReason: "stop",
    outcome: { kind: "ok" },
    verdict: { kind: "correct", how: "integer", extracted: "5" },
    verifier: "math@1:strict",
    usage: { promptTokens: 3, completionTokens: 9, reasoningTokens: null },
    ...more,
  });
  const samples = [
    sample(2, { verdict: { kind: "incorrect", how: "integer", extracted: "6" } }),
    sample(0, {
      outcome: { kind: "failed", code: "server", message: "500", retryable: true },
      text: "",
      verdict: null,
      usage: null,
    }),
    sample(1, { outcome: { kind: "truncated" }, verdict: { kind: "unparsed" }, finishReason: "length" }),
    sample(0, {}),
    sample(3, {
      outcome: { kind: "refused", reason: "content_filter" },
      verdict: { kind: "undecided", reason: "time", extracted: null },
    }),
    sample(4, { verdict: { kind: "error", reason: "died" } }),
  ];
  for (const each of samples) assert.deepEqual(decodeSample(JSON.parse(encodeSample(each))), each);
  assert.deepEqual(decodeProblem(JSON.parse(encodeProblem(problem))), problem);
  const source = memorySource("samples.jsonl", samples.map((each) => `${encodeSample(each)}\n`).join(""));
  assert.deepEqual(await sniff(source), { kind: "rollouts", format: "runLog" });
  const file = await readRollouts(source, { problems: [problem, other] });
  const [first, second] = file.runs[0]!.tally.problems;
  assert.deepEqual(first?.problem, problem);
  assert.deepEqual(
    [first?.n, first?.c, first?.unparsed, first?.undecided, first?.error, first?.failed],
    [3, 1, 1, 1, 1, 0],
  );
  assert.deepEqual([second?.problem.id, second?.n], ["8", 0]);
  const refs = file.runs[0]!.locate("q:1");
  assert.deepEqual(
    refs.map(({ index, line }) => [index, line]),
    [
      [0, 4],
      [1, 3],
      [2, 1],
      [3, 5],
      [4, 6],
    ],
  );
  const detail = await readSample(source, refs[1]!, [problem, other]);
  assert.deepEqual(detail, { ...samples[2], question: "2+3?", gold: "5" });
});

test("a run log's line of a newer version is refused with its field", async () => {
  const line = JSON.stringify({ v: 2, key: "q:1", i: 0, outcome: { kind: "ok" } });
  const file = await readRollouts(memorySource("samples.jsonl", line));
  assert.deepEqual([file.issues[0]?.line, file.issues[0]?.field], [1, "v"]);
  assert.match(file.issues[0]?.message ?? "", /newer version/);
});

test("a run log names the verifier of each verdict; lines of before that are the run's own verifier's", async () => {
  const problem = { key: "q:1", id: "7", index: 0, question: "2+3?", gold: "5", line: 3 };
  const line = (index: number, verifier: string | null): string =>
    encodeSample({
      problemKey: "q:1",
      index,
      seed: index,
      text: "\\boxed{5}",
      reasoning: null,
      finishReason: "stop",
      outcome: { kind: "ok" },
      verdict: { kind: "correct", how: "string", extracted: "5" },
      verifier,
      usage: null,
    });
  const old = line(0, null).replace('"verifier":null,', "");
  assert.ok(!old.includes("verifier"));
  assert.equal(decodeSample(JSON.parse(old)).verifier, null);
  const read = (lines: readonly string[], grader?: string) =>
    readRollouts(memorySource("samples.jsonl", lines.join("\n")), {
      problems: [problem],
      ...(grader === undefined ? {} : { grader }),
    });
  const verifierOf = async (...args: Parameters<typeof read>): Promise<string | undefined> =>
    (await read(...args)).runs[0]?.tally.verifier;
  assert.equal(await verifierOf([old], "basic@1"), "basic@1");
  assert.equal(await verifierOf([old, line(1, "math@1:strict")], "basic@1"), "basic@1 and math@1:strict");
  assert.equal(await verifierOf([old]), "file");
  const source = memorySource("samples.jsonl", line(1, "math@1:strict"));
  const file = await readRollouts(source, { problems: [problem] });
  const [ref] = file.runs[0]!.locate("q:1");
  assert.equal((await readSample(source, ref!, [problem])).verifier, "math@1:strict");
});

test("Parquet: long texts that repeat are told apart without unpacking the file once for each", async () => {
  const samples = 400;
  const long = (i: number): string => `${"so we add ".repeat(200)}${i % 7}`;
  const columnData = [
    { name: "problem_id", data: Array.from({ length: samples }, () => "p"), type: "STRING" as const },
    { name: "response", data: Array.from({ length: samples }, (_, i) => long(i)), type: "STRING" as const },
    { name: "correct", data: Array.from({ length: samples }, () => true), type: "BOOLEAN" as const },
  ];
  const bytes = new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 150 }));
  const source = memorySource("r.parquet", bytes);
  let slices = 0;
  const counting = {
    ...source,
    slice: (start: number, end?: number) => (slices++, source.slice(start, end)),
  };
  const { runs } = await readRollouts(counting);
  const [tally] = runs[0]?.tally.problems ?? [];
  assert.deepEqual([tally?.n, tally?.duplicates], [samples, samples - 7]);
  assert.ok(slices < samples / 4, `${slices} reads`);
});

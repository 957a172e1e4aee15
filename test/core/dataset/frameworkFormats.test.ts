// Files of evaluation and training frameworks, in the exact shapes of their writers; the content is our own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { RolloutFile } from "../../../src/core/dataset/readRollouts.ts";
import type { ByteSource } from "../../../src/core/ports.ts";
import { memorySource } from "../../../src/core/dataset/memorySource.ts";
import { readRollouts } from "../../../src/core/dataset/readRollouts.ts";
import { readSample } from "../../../src/core/dataset/readSample.ts";
import { sniff } from "../../../src/core/dataset/sniff.ts";
import { linesSource } from "./sources.ts";

/** Every sample of every run with its text, read again from its place: `run problem: verdict outcome text`. */
async function samplesOf(source: ByteSource, file: RolloutFile): Promise<readonly string[]> {
  const rows: string[] = [];
  for (const run of file.runs) {
    for (const { problem } of run.tally.problems) {
      for (const ref of run.locate(problem.key)) {
        const { text, verdict, outcome } = await readSample(source, ref);
        const words = [
          run.tally.name,
          `${problem.id}:`,
          verdict?.kind ?? "ungraded",
          outcome.kind,
          JSON.stringify(text),
        ];
        rows.push(words.join(" "));
      }
    }
  }
  return rows;
}

async function check(source: ByteSource, format: string, expected: readonly string[]): Promise<RolloutFile> {
  assert.deepEqual(await sniff(source), { kind: "rollouts", format });
  const file = await readRollouts(source);
  assert.deepEqual(file.issues, []);
  assert.equal(file.format, format);
  assert.deepEqual(await samplesOf(source, file), expected);
  return file;
}

const both = (value: unknown): readonly ByteSource[] => [
  memorySource("r.json", JSON.stringify(value)),
  memorySource("r.json", JSON.stringify(value, null, 4)),
];

const problemsOf = (file: RolloutFile): readonly unknown[] =>
  file.runs[0]?.tally.problems.map(({ problem: { question, gold } }) => [question, gold]) ?? [];

function lmEvalLine(filter: string, answer: string, right: number): object {
  return {
    doc_id: 0,
    doc: { question: "2+3?", answer: "2+3=5\n#### 5" },
    target: "2+3=5\n#### 5",
    arguments: {
      gen_args_0: {
        arg_0: "Question: 2+3?\nAnswer:",
        arg_1: { until: ["Question:"], do_sample: false, temperature: 0 },
      },
    },
    resps: [["It is 5"]],
    filtered_resps: [answer],
    filter,
    metrics: ["exact_match"],
    doc_hash: "d0",
    prompt_hash: "p0",
    target_hash: "t0",
    exact_match: right,
  };
}

test("lm-eval --log_samples: each filter is a run, an answer it did not find is unparsed", async () => {
  const source = linesSource("samples_gsm8k_2026-01-01T10-00-00.jsonl", [
    lmEvalLine("strict-match", "[invalid]", 0),
    lmEvalLine("flexible-extract", "5", 1),
  ]);
  const file = await check(source, "lmEval", [
    'strict-match 0: unparsed ok "It is 5"',
    'flexible-extract 0: correct ok "It is 5"',
  ]);
  assert.deepEqual(problemsOf(file), [["2+3?", "5"]]);
  assert.equal(file.runs[1]?.locate(file.runs[1].tally.problems[0]!.problem.key)[0]?.extracted, "5");
});

test("lm-eval with repeats: the metric is not that of each sample; multiple choice has no samples", async () => {
  const repeats = {
    ...lmEvalLine("none", "5", 1),
    resps: [["It is 5", "It is 6"]],
    filtered_resps: [["5", "6"]],
  };
  await check(linesSource("s.jsonl", [repeats]), "lmEval", [
    's 0: ungraded ok "It is 5"',
    's 0: ungraded ok "It is 6"',
  ]);
  const choice = { ...lmEvalLine("none", "", 1), resps: [[[-1.5, false]], [[-0.2, true]]] };
  const { issues } = await readRollouts(linesSource("s.jsonl", [choice]));
  assert.deepEqual(issues, [
    {
      file: "s.jsonl",
      line: 1,
      field: "resps",
      message: "expected one request with texts, got log-likelihoods of choices",
    },
  ]);
});

test("EvalPlus results: right where the base tests and the plus tests pass", async () => {
  const one = (solution: string, base: string, plus: string | null) => ({
    task_id: "HumanEval/0",
    solution,
    base_status: base,
    plus_status: plus,
    base_fail_tests: [],
    plus_fail_tests: [],
  });
  const result = {
    date: "2026-01-01 10:00",
    hash: "h",
    eval: {
      "HumanEval/0": [one("a", "pass", "pass"), one("b", "pass", "fail"), one("c", "timeout", "fail")],
      "HumanEval/1": [{ ...one("d", "pass", null), task_id: "HumanEval/1" }],
    },
    pass_at_k: { base: { "pass@1": 0.8 }, plus: { "pass@1": 0.6 } },
  };
  for (const source of both(result)) {
    await check(source, "evalPlusResults", [
      'r HumanEval/0: correct ok "a"',
      'r HumanEval/0: incorrect ok "b"',
      'r HumanEval/0: incorrect ok "c"',
      'r HumanEval/1: correct ok "d"',
    ]);
  }
  const older = {
    ...result,
    eval: { "HumanEval/0": [one("a", "pass", "pass")], "HumanEval/1": { base: [] } },
  };
  const { issues } = await readRollouts(memorySource("r.json", JSON.stringify(older)));
  assert.equal(issues[0]?.field, "eval.HumanEval/1");
});

test("EvalPlus samples are programs without a verdict; a dataset with a reference solution is none", async () => {
  const samples = [
    { task_id: "HumanEval/0", solution: "def f(x):\n    return x" },
    { task_id: "HumanEval/0", solution: "def f(x):\n    return 1" },
  ];
  await check(linesSource("m.jsonl", samples), "evalPlusSamples", [
    'm HumanEval/0: ungraded ok "def f(x):\\n    return x"',
    'm HumanEval/0: ungraded ok "def f(x):\\n    return 1"',
  ]);
  const dataset = [{ task_id: "a/0", problem: "Add two numbers.", solution: "def f(): ..." }];
  assert.equal((await sniff(linesSource("d.jsonl", dataset))).kind, "dataset");
});

function batchLine(id: string, response: unknown, error: unknown = null): object {
  return { id: "batch_req_1", custom_id: id, response, error };
}

function answered(choices: readonly unknown[]): object {
  const body = { id: "c", object: "chat.completion", model: "m", choices, usage: { completion_tokens: 6 } };
  return { status_code: 200, request_id: "r", body };
}

test("OpenAI batch output: choices, a sample's number, truncation, refusal, failures", async () => {
  const choice = (content: string | null, finish = "stop", more = {}) => ({
    index: 0,
    message: { role: "assistant", content, ...more },
    finish_reason: finish,
  });
  const busy = { status_code: 429, request_id: "r", body: { error: { message: "Slow down.", code: null } } };
  const expired = { code: "batch_expired", message: "The batch expired." };
  const source = linesSource("out.jsonl", [
    batchLine("aime-0#s0", answered([choice("\\boxed{5}"), choice("cut", "length")])),
    batchLine("aime-0#s1", answered([choice(null, "length", { reasoning_content: "Hm" })])),
    batchLine("aime-1", answered([choice(null, "stop", { refusal: "No." })])),
    batchLine("aime-1", busy),
    batchLine("aime-1", null, expired),
  ]);
  const file = await check(source, "openAiBatch", [
    'out aime-0: ungraded ok "\\\\boxed{5}"',
    'out aime-0: ungraded truncated "cut"',
    'out aime-0: ungraded truncated ""',
    'out aime-1: ungraded refused "No."',
    'out aime-1: ungraded failed ""',
    'out aime-1: ungraded failed ""',
  ]);
  const [first, second] = file.runs[0]!.tally.problems.map(({ problem }) =>
    file.runs[0]!.locate(problem.key),
  );
  assert.deepEqual(
    first?.map(({ tokens }) => tokens),
    [null, null, 6],
  );
  assert.equal((await readSample(source, first[2]!)).reasoning, "Hm");
  assert.deepEqual(
    second?.slice(1).map(({ outcome }) => outcome),
    [
      { kind: "failed", code: "http429", message: "Slow down.", retryable: true },
      { kind: "failed", code: "batch_expired", message: "The batch expired.", retryable: true },
    ],
  );
});

test("TRL completions, Parquet: the reward that speaks of the answer grades, NaN does not", async () => {
  const prompt = "<|im_start|>user\n2+3?<|im_end|>\n<|im_start|>assistant\n";
  const column = (name: string, data: unknown[], type: "STRING" | "DOUBLE" | "INT32") => ({
    name,
    data,
    type,
  });
  const bytes = parquetWriteBuffer({
    columnData: [
      column("step", [10, 10, 10], "INT32"),
      column("prompt", [prompt, prompt, prompt], "STRING"),
      column("completion", ["It is 5.", "It is 6.", "It is 7."], "STRING"),
      column("format_reward", [1, 1, 0], "DOUBLE"),
      column("accuracy_reward", [1, 0, Number.NaN], "DOUBLE"),
      column("advantage", [0.7, -0.7, 0], "DOUBLE"),
    ],
  });
  const source = memorySource("completions_00010.parquet", new Uint8Array(bytes));
  const file = await check(source, "trl", [
    'completions_00010 0: correct ok "It is 5."',
    'completions_00010 0: incorrect ok "It is 6."',
    'completions_00010 0: ungraded ok "It is 7."',
  ]);
  assert.deepEqual(problemsOf(file), [["2+3?", null]]);
  assert.equal(file.runs[0]?.tally.labels, "accuracy_reward");
  const unclear = { step: 1, prompt: "2+3?", completion: "5", style: 1, length: 0, advantage: 0.1 };
  await check(linesSource("t.jsonl", [unclear]), "trl", ['t 0: ungraded ok "5"']);
});

test("LightEval details: texts are not graded by the document's metric; both spellings of the columns", async () => {
  const doc = { query: "2+3?", choices: ["4", "5"], gold_index: 1, id: "7", task_name: "aime24" };
  const metric = { "pass@k:k=1&n=2": 0.5 };
  const response = {
    input: "2+3?",
    text: ["\\boxed{5}", "\\boxed{6}"],
    reasonings: [null, "Hm"],
    output_tokens: [[1], [2, 3]],
  };
  const expected = ['d 7: ungraded ok "\\\\boxed{5}"', 'd 7: ungraded ok "\\\\boxed{6}"'];
  const named = [
    { doc, metric, model_response: response },
    { __doc__: doc, __metric__: metric, __model_response__: response },
  ];
  for (const row of named) {
    const file = await check(linesSource("d.jsonl", [row]), "lightEval", expected);
    assert.deepEqual(problemsOf(file), [["2+3?", "5"]]);
    const refs = file.runs[0]!.locate(file.runs[0]!.tally.problems[0]!.problem.key);
    assert.deepEqual(
      refs.map(({ tokens }) => tokens),
      [1, 2],
    );
  }
  const columnData = Object.entries(named[0]!).map(([name, value]) => ({
    name,
    data: [value],
    type: "JSON" as const,
  }));
  const bytes = new Uint8Array(parquetWriteBuffer({ columnData }));
  await check(memorySource("d.parquet", bytes), "lightEval", expected);
});

test("OpenCompass predictions: an object by index", async () => {
  const predictions = {
    "0": { origin_prompt: [{ role: "HUMAN", prompt: "2+3?" }], prediction: "\\boxed{5}", gold: "5" },
    "1": { origin_prompt: "2+4?", prediction: ["6", "7"], gold: ["6"] },
  };
  for (const source of both(predictions)) {
    const file = await check(source, "openCompass", [
      'r 0: ungraded ok "\\\\boxed{5}"',
      'r 1: ungraded ok "6"',
      'r 1: ungraded ok "7"',
    ]);
    assert.deepEqual(problemsOf(file), [
      ["2+3?", "5"],
      ["2+4?", "6"],
    ]);
  }
});

test("Evalchemy results: a run for each benchmark", async () => {
  const example = (id: number, outputs: readonly string[]) => ({
    id,
    problem: `2+${id}?`,
    expected_answer: String(2 + id),
    model_outputs: outputs,
    model_answers: outputs,
  });
  const result = {
    results: {
      AIME24: { examples: [example(60, ["62", "1"])], num_repeat: 2, accuracy_avg: 0.5, run_stats: [] },
      AMC23: { examples: [example(1, ["3"])], num_repeat: 1 },
    },
  };
  for (const source of both(result)) {
    const file = await check(source, "evalchemy", [
      'AIME24 60: ungraded ok "62"',
      'AIME24 60: ungraded ok "1"',
      'AMC23 1: ungraded ok "3"',
    ]);
    assert.deepEqual(problemsOf(file), [["2+60?", "62"]]);
  }
});

test("Inspect log as JSON: epochs are samples, the scorer grades, an error is a failed sample", async () => {
  const sample = (epoch: number, rest: object) => ({ id: 1, epoch, input: "2+3?", target: "5", ...rest });
  const output = (content: unknown, stop: string) => ({
    model: "m",
    choices: [{ message: { role: "assistant", content }, stop_reason: stop }],
    usage: { output_tokens: 9 },
  });
  const parts = [
    { type: "reasoning", reasoning: "2+3=5" },
    { type: "text", text: "ANSWER: 5" },
  ];
  const log = {
    version: 2,
    status: "success",
    eval: { task: "sums", model: "m" },
    samples: [
      sample(1, { output: output(parts, "stop"), scores: { match: { value: "C", answer: "5" } } }),
      sample(2, {
        output: output("ANSWER: 6", "max_tokens"),
        scores: { match: { value: "I", answer: "6" } },
      }),
      sample(3, { output: { model: "m", choices: [] }, error: { message: "Timed out." } }),
    ],
  };
  for (const source of both(log)) {
    const file = await check(source, "inspect", [
      'r 1: correct ok "ANSWER: 5"',
      'r 1: incorrect truncated "ANSWER: 6"',
      'r 1: ungraded failed ""',
    ]);
    assert.deepEqual(problemsOf(file), [["2+3?", "5"]]);
    const [ref] = file.runs[0]!.locate(file.runs[0]!.tally.problems[0]!.problem.key);
    assert.deepEqual([ref?.tokens, (await readSample(source, ref!)).reasoning], [9, "2+3=5"]);
  }
});

test("a packed Inspect log is refused with what to do", async () => {
  const { runs, issues } = await readRollouts(memorySource("2026_sums.eval", "PK\u0003\u0004 and so on"));
  assert.deepEqual(runs, []);
  assert.match(issues[0]?.message ?? "", /packed log of Inspect.*inspect log convert --to json/);
});

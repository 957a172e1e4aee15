import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { recordScores, type RecordScore } from "../../../src/core/trace/recordScores.ts";
import type { ScoredTrace } from "../../../src/core/trace/scoredTrace.ts";
import { traceSummary } from "../../../src/core/trace/traceSummary.ts";
import { sharedData, without } from "../../paths.ts";

function traceOf(score: RecordScore | undefined): ScoredTrace {
  if (score?.built.kind !== "built") assert.fail(JSON.stringify(score?.built));
  return score.built.trace;
}

const only = (record: unknown): ScoredTrace => {
  const scores = recordScores(record, "file.json");
  assert.equal(scores.length, 1);
  return traceOf(scores[0]);
};
const shown = (trace: ScoredTrace): string[] =>
  Array.from(trace.units.starts, (start, i) => trace.text.slice(start, trace.units.ends[i]));

const ada = sharedData("logprobs/openai_ada_echo.json");
test(
  "a real echo: the perplexities of the data's README to 1e-5, tokens that tile",
  { skip: without(ada) },
  () => {
    const scores = recordScores(JSON.parse(readFileSync(ada ?? "", "utf8")), "ada");
    const expected = [21.74447, 29.70792, 27.94044, 15.01462, 100.1374, 15.91754, 8.39597];
    assert.equal(scores.length, expected.length);
    for (const [i, score] of scores.entries()) {
      const trace = traceOf(score);
      const { perplexity, nullCount, floorCount, tokens } = traceSummary(trace);
      // The README gives seven digits.
      assert.ok(
        Math.abs((perplexity ?? 0) - (expected[i] ?? 0)) < 1e-5 * Math.max(1, (expected[i] ?? 0) / 20),
        `${perplexity}`,
      );
      assert.deepEqual([nullCount, floorCount], [1, 0]);
      assert.equal(trace.scorer.alignment, "exact");
      assert.equal(shown(trace).join(""), trace.text);
      if (i === 0) assert.equal(tokens, 236);
    }
  },
);

test("vLLM's prompt_logprobs: the token is found by its id, whatever the order of the keys", () => {
  const entry = (logprob: number, rank: number, decoded_token: string) => ({ logprob, rank, decoded_token });
  const choice = {
    index: 0,
    text: "x",
    logprobs: null,
    prompt_token_ids: [5, 900, 7],
    prompt_logprobs: [
      null,
      { "900": entry(-3, 2, " cat"), "12": entry(-0.5, 1, " dog") },
      { "7": entry(-9999, 40, " sat"), "12": entry(-0.5, 1, " dog") },
    ],
  };
  const trace = only({ model: "m", choices: [choice] });
  assert.deepEqual([...trace.tokens.ids], [5, 900, 7]);
  assert.deepEqual([...trace.tokens.logProbs], [Number.NaN, -3, -Infinity]);
  assert.deepEqual([...trace.tokens.ranks], [0, 2, 40]);
  assert.deepEqual(
    trace.tokens.alternatives.texts,
    [" dog", " cat", " dog"],
    "a token beyond the top is not among them",
  );
  const { tokens, nullCount, floorCount, lowCount, perplexity } = traceSummary(trace);
  assert.deepEqual([tokens, nullCount, floorCount, lowCount], [1, 1, 1, 1]);
  assert.equal(perplexity, Math.exp(3), "neither null nor floor is averaged in");
});

test("vLLM without ids is refused where a position has several entries", () => {
  const choice = { text: "", prompt_logprobs: [null, { "1": { logprob: -1 }, "2": { logprob: -2 } }] };
  assert.throws(() => recordScores({ choices: [choice] }, "f"), {
    message: /prompt_logprobs\[1\]: expected one entry, since the reply does not name its prompt_token_ids/,
  });
});

test("OpenAI chat log-probs: exact bytes, alternatives", () => {
  const content = [
    {
      token: "So",
      bytes: [83, 111],
      logprob: -0.1,
      top_logprobs: [
        { token: "So", logprob: -0.1 },
        { token: "We", logprob: -2.5 },
      ],
    },
    {
      token: "\\xf0\\x9f",
      bytes: [32, 240, 159],
      logprob: -4,
      top_logprobs: [
        { token: " x", logprob: -0.2 },
        { token: " y", logprob: -3 },
      ],
    },
    { token: "\\x98\\x80", bytes: [152, 128], logprob: -0.01, top_logprobs: [] },
  ];
  const trace = only({
    choices: [{ message: { role: "assistant", content: "So 😀" }, logprobs: { content } }],
  });
  assert.deepEqual(shown(trace), ["So", " 😀"]);
  assert.deepEqual([...trace.tokens.ranks], [1, -2, 0]);
});

test("echo: two alternatives of one text make the list incomplete; one more than asked for is the token itself", () => {
  const logprobs = {
    tokens: ["a", "b", "c", "d"],
    token_logprobs: [null, -1, -6, -0.1],
    top_logprobs: [null, { x: -0.5, b: -1 }, { x: -0.1, y: -2, c: -6 }, { d: -0.1, x: -2 }],
    text_offset: [0, 1, 2, 3],
  };
  const trace = only({ choices: [{ text: "abcd", logprobs }] });
  assert.deepEqual([...trace.tokens.ranks], [0, 2, -2, 1]);
  assert.deepEqual([...trace.tokens.alternatives.complete], [1, 1, 1, 1]);
  const collided = {
    ...logprobs,
    top_logprobs: [null, { b: -1 }, { x: -0.1, y: -2, c: -6 }, { d: -0.1, x: -2 }],
  };
  const { complete } = only({ choices: [{ text: "abcd", logprobs: collided }] }).tokens.alternatives;
  assert.deepEqual([...complete], [1, 0, 1, 1]);
  // Where no token is the likeliest, how many were asked for cannot be known.
  const unlikely = {
    ...logprobs,
    top_logprobs: [null, { x: -0.5, b: -1 }, { x: -0.1, y: -2, c: -6 }, { x: -0.01, d: -0.1 }],
  };
  const unsure = only({ choices: [{ text: "abcd", logprobs: unlikely }] }).tokens;
  assert.deepEqual([...unsure.alternatives.complete], [1, 0, 0, 0]);
  assert.deepEqual([...unsure.ranks], [0, 0, 0, 0]);
});

test("an echo with a generated token behind it is cut where the prompt ends", () => {
  const logprobs = { tokens: ["a", " b", "!"], token_logprobs: [null, -1, -0.5], top_logprobs: null };
  const trace = only({
    choices: [{ text: "a b!", logprobs }],
    usage: { prompt_tokens: 2, completion_tokens: 1 },
  });
  assert.equal(trace.text, "a b");
  assert.equal(trace.tokens.texts.length, 2);
});

test("SGLang, TGI, llama.cpp, Together, a batch line", () => {
  const meta = {
    input_token_logprobs: [
      [null, 1, "The"],
      [-1.2, 2, " end"],
    ],
    output_token_logprobs: [[-0.3, 3, "."]],
  };
  const sglang = recordScores({ text: ".", meta_info: meta }, "f");
  assert.deepEqual(
    sglang.map(({ scope, label }) => [scope, label]),
    [
      ["given", "sglangGenerate"],
      ["generated", "logprobs"],
    ],
  );
  assert.deepEqual([...traceOf(sglang[0]).tokens.logProbs], [Number.NaN, -1.2]);
  const prefill = [
    { id: 1, text: "<s>", logprob: null },
    { id: 2, text: "Hi", logprob: -2 },
  ];
  const tgi = only({ generated_text: "", details: { prefill, tokens: [] } });
  assert.deepEqual(shown(tgi), ["<s>", "Hi"]);
  const llama = only({
    content: "é",
    completion_probabilities: [
      { id: 1, token: "", bytes: [195], logprob: -1 },
      { id: 2, token: "", bytes: [169], logprob: -2 },
    ],
  });
  assert.deepEqual(shown(llama), ["é"]);
  const together = only({
    choices: [],
    prompt: [
      { text: "a b", logprobs: { tokens: ["a", " b"], token_logprobs: [null, -1], token_ids: [3, 4] } },
    ],
  });
  assert.deepEqual([...together.tokens.ids], [3, 4]);
  const body = {
    choices: [{ message: { content: "x" }, logprobs: { content: [{ token: "x", logprob: -1 }] } }],
  };
  assert.equal(only({ custom_id: "p#0", response: { status_code: 200, body } }).text, "x");
});

test("NeMo-RL: engine's and trainer's log-probs, zeros of the prompt, lists in lists", () => {
  const record = {
    content: ["What is 2+3?", "\\boxed{5}"],
    rewards: 1,
    generation_logprobs: [[0, 0, -0.11, -0.02]],
    prev_logprobs: [0, 0, -0.13, -9999],
    token_ids: [1, 2, 3, 4],
    input_lengths: 4,
  };
  const [engine, trainer] = recordScores(record, "train_data_step1.jsonl");
  assert.deepEqual(
    [engine?.label, trainer?.label],
    ["generation_logprobs (engine)", "prev_logprobs (trainer)"],
  );
  assert.deepEqual([...traceOf(engine).tokens.logProbs], [-0.11, -0.02]);
  assert.deepEqual([...traceOf(engine).tokens.ids], [3, 4]);
  assert.equal(traceOf(engine).text, "\\boxed{5}");
  assert.equal(traceOf(engine).scorer.alignment, "none");
  assert.match(traceOf(engine).scorer.notes.join(), /2 zeros .* taken as the prompt's/);
  assert.equal(traceSummary(traceOf(trainer)).floorCount, 1);
  const masked = recordScores({ ...record, token_loss_mask: [0, 0, 0, 1] }, "f");
  assert.deepEqual([...traceOf(masked[0]).tokens.logProbs], [-0.02]);
  assert.throws(() => recordScores({ ...record, token_ids: [1] }, "f"), {
    message: /token_ids: expected 4 values/,
  });
});

test("verifiers: the sampled nodes of an episode, and their reference", () => {
  const node = {
    sampled: true,
    message: { role: "assistant", content: "ab" },
    token_ids: [59, 79],
    mask: [true, true],
    logprobs: [-0.1, -0.02],
    reference_logprobs: [-0.5, -0.6],
  };
  const episode = { id: "e", traces: [{ nodes: [{ sampled: false, message: { content: "q" } }, node] }] };
  const scores = recordScores(episode, "traces.jsonl");
  assert.deepEqual(
    scores.map(({ label }) => label),
    ["traces[0].nodes[1].logprobs (engine)", "traces[0].nodes[1].reference_logprobs (reference)"],
  );
  assert.equal(traceOf(scores[0]).text, "ab");
  assert.ok(Math.abs((traceSummary(traceOf(scores[1])).sum ?? 0) + 1.1) < 1e-12);
});

test("log-probs beside the text, by whatever shape; none where there are none", () => {
  const skills = only({ generation: "a b", tokens: ["a", " b"], logprobs: [-1, "-inf"] });
  assert.deepEqual([...skills.tokens.logProbs], [-1, -Infinity]);
  assert.deepEqual(shown(skills), ["a", " b"]);
  assert.deepEqual(
    shown(
      only({
        response: "a b",
        logprobs: [
          { token: "a", logprob: -1 },
          { token: " b", logprob: -2 },
        ],
      }),
    ),
    ["a", " b"],
  );
  assert.deepEqual(recordScores({ question: "q", response: "a", score: 1 }, "f"), []);
  assert.deepEqual(recordScores("text", "f"), []);
});

test("a tokenizer that changes the text: its own spelling is shown, labelled", () => {
  const logprobs = { tokens: ["hello", " world"], token_logprobs: [null, -1], top_logprobs: null };
  const trace = only({ choices: [{ text: "Hello World", logprobs }] });
  assert.equal(trace.scorer.alignment, "detokenised");
  assert.equal(trace.text, "hello world");
  assert.match(trace.scorer.notes.join(), /as the scorer's tokens spell it/);
});

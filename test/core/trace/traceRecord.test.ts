import assert from "node:assert/strict";
import test from "node:test";
import { tracesOfLine } from "../../../src/core/trace/traceRecord.ts";

const record = {
  question: "What is 2 + 2?",
  answer: "4",
  response: "It is 4.",
  correct: true,
  logprobs: {
    content: [
      { token: "It", logprob: -0.5, top_logprobs: [] },
      { token: " is", logprob: -0.25, top_logprobs: [] },
      { token: " 4.", logprob: -2, top_logprobs: [] },
    ],
  },
};

test("a rollout's line: question, text, verdict and its own log-probs, laid over the text", async () => {
  const [trace, ...more] = await tracesOfLine(JSON.stringify(record), "a.jsonl");
  assert.deepEqual(more, []);
  assert.equal(trace?.question, record.question);
  assert.equal(trace?.text, record.response);
  assert.equal(trace?.verdict?.kind, "correct");
  assert.deepEqual([...(trace?.own?.tokens.logProbs ?? [])], [-0.5, -0.25, -2]);
  assert.deepEqual([...(trace?.own?.units.ends ?? [])], [2, 5, 8]);
  assert.equal(trace?.own?.scorer.source, "a.jsonl");
});

test("a line without log-probs has none; log-probs that do not fit together are none", async () => {
  const { logprobs: _, ...bare } = record;
  assert.equal((await tracesOfLine(JSON.stringify(bare), "a.jsonl"))[0]?.own, null);
  const torn = { ...bare, logprobs: [-0.5, -1], tokens: ["It"] };
  const [trace] = await tracesOfLine(JSON.stringify(torn), "a.jsonl");
  assert.equal(trace?.text, record.response);
  assert.equal(trace?.own, null);
});

test("a line that is no trace is refused with the reason", async () => {
  await assert.rejects(tracesOfLine("{", "a.jsonl"), { code: "input", message: /not JSON/ });
  await assert.rejects(tracesOfLine('{"a": 1}', "a.jsonl"), { code: "input", message: /no trace/ });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { entropyBounds } from "../../../src/core/trace/entropy.ts";
import { knownTokens } from "../../../src/core/trace/knownTokens.ts";
import type { ScoredTrace } from "../../../src/core/trace/scoredTrace.ts";
import { bytesOf, encode, logProbsAfter, scoreAfter, vocabularySize } from "../../fakes/server/scoreModel.ts";
import { chatTemplate, type ScoreShape } from "../../fakes/server/scoreServer.ts";
import { never, openedScorer, prompt, request, text, truth } from "./scoring.ts";

const close = (a: number, b: number): boolean => Math.abs(a - b) < 1e-3;

/** Log-probs of every token of the trace against the model's own, and its units against the text. */
function assertScores(trace: ScoredTrace, ids: readonly number[], first: number): void {
  const expected = truth(ids, first);
  assert.equal(trace.tokens.logProbs.length, expected.length);
  for (const [i, value] of expected.entries()) {
    assert.ok(
      close(trace.tokens.logProbs[i] as number, value),
      `token ${i}: ${trace.tokens.logProbs[i]}, not ${value}`,
    );
  }
  assert.equal(trace.text, text);
  assert.equal(trace.units.ends.at(-1), text.length);
  const shown = Array.from(trace.units.starts, (start, i) => text.slice(start, trace.units.ends[i]));
  assert.ok(shown.includes("😀") && shown.includes("\r\n"), JSON.stringify(shown));
}

/** The first token that ends behind the prompt, by the model's own bytes. */
function firstOwn(ids: readonly number[]): number {
  let end = 0;
  const prompted = new TextEncoder().encode(prompt).length;
  return ids.findIndex((id) => (end += bytesOf(id).length) > prompted);
}

const shapes: readonly (readonly [ScoreShape, string, number])[] = [
  ["vllm", "vllmPromptLogProbs", 5],
  ["sglang", "sglangGenerate", 5],
  ["echo", "openAiEcho", 5],
  ["fireworks", "openAiEcho", 5],
  ["together", "togetherEcho", 5],
  ["tgi", "tgiPrefill", 0],
  ["llamaCpp", "llamaCppForced", 5],
];

for (const [shape, method, top] of shapes) {
  test(`right values and ranges from a server of the shape ${shape}`, async (t) => {
    const { scorer, ability } = await openedScorer(t, { shape });
    assert.equal(ability.method, method);
    assert.ok((ability.largestDelta ?? 1) < 1e-6, "what it wrote is scored alike");
    const trace = await scorer.score(request(), never);
    const ids = encode(prompt + text);
    const first = firstOwn(ids);
    assertScores(trace, ids, first);
    assert.equal(trace.scorer.tokenisation, "text");
    assert.equal(trace.scorer.logProbKind, "raw");
    assert.equal(trace.scorer.alignment, "exact");
    assert.match(trace.scorer.notes.join(), /Re-tokenised/);
    const { alternatives } = trace.tokens;
    if (top === 0) return assert.equal(alternatives.logProbs.length, 0);
    const expected = scoreAfter(ids.slice(0, first + 3), ids[first + 3] as number, { top });
    const listed = alternatives.logProbs.subarray(alternatives.offsets[3], alternatives.offsets[4]);
    assert.ok(close(listed[0] as number, expected.top[0]?.logProb ?? 0));
    const rank = trace.tokens.ranks[3] as number;
    assert.ok(rank === expected.rank || (rank < 0 && expected.rank > -rank) || rank === 0, `rank ${rank}`);
  });
}

for (const shape of ["vllm", "sglang"] as const) {
  test(`token ids go through ${shape} as they are, without a second tokenisation`, async (t) => {
    const { scorer, server } = await openedScorer(t, { shape });
    const ids = { prompt: encode(prompt), trace: encode(text) };
    // A tokenisation that the tokenizer itself would not choose.
    const odd = {
      ...ids,
      trace: ids.trace.flatMap((id) => (bytesOf(id).length === 1 ? [id] : [...bytesOf(id)])),
    };
    const trace = await scorer.score(request({ ids: odd }), never);
    assertScores(trace, [...odd.prompt, ...odd.trace], odd.prompt.length);
    assert.deepEqual([...trace.tokens.ids], odd.trace);
    assert.equal(trace.scorer.tokenisation, "ids");
    assert.equal(trace.scorer.notes.length, 0);
    const last = server.requests.at(-1)?.body ?? {};
    assert.deepEqual(last["prompt"] ?? last["input_ids"], [...odd.prompt, ...odd.trace]);
    // SGLang keeps the prompt's prefix in its cache only when asked for nothing before it.
    if (shape === "sglang") assert.equal(last["logprob_start_len"], odd.prompt.length - 1);
  });
}

test("an older vLLM that does not return ids is read without alternatives", async (t) => {
  const { scorer } = await openedScorer(t, { shape: "vllm", hidesIds: true }, { top: 0 });
  const trace = await scorer.score(request({ top: 0 }), never);
  const ids = encode(prompt + text);
  assertScores(trace, ids, firstOwn(ids));
});

test("a chat is scored through the server's template", async (t) => {
  const { scorer } = await openedScorer(t, { shape: "vllm" });
  const messages = [{ role: "user", content: "Where is Paris?" } as const];
  const trace = await scorer.score(request({ context: { api: "chat", messages } }), never);
  const before = chatTemplate([...messages, { role: "assistant", content: "" }]);
  const ids = encode(before + text);
  assertScores(trace, ids, encode(before).length);
  assert.equal(trace.scorer.method, "vllmChatPromptLogProbs");
  assert.match(trace.scorer.notes.join(), /chat template/);
});

test("a chat template that changes the trace is refused, in words", async (t) => {
  const { scorer } = await openedScorer(t, { shape: "vllm", defect: "cutAfterThink" });
  const messages = [{ role: "user", content: "Where?" } as const];
  const thinking = request({ context: { api: "chat", messages }, text: "<think>so</think>Paris" });
  await assert.rejects(scorer.score(thinking, never), {
    code: "noScores",
    message: /chat template changes it/,
  });
});

test("a chat cannot be scored where only completions are", async (t) => {
  const { scorer } = await openedScorer(t, { shape: "echo" });
  const context = { api: "chat", messages: [] } as const;
  await assert.rejects(scorer.score(request({ context }), never), { code: "noScores" });
});

test("a token that holds the end of the prompt too counts to the trace, and is labelled", async (t) => {
  const { scorer } = await openedScorer(t, { shape: "echo" });
  const scored = (prompt: string, text: string): Promise<ScoredTrace> =>
    scorer.score(request({ context: { api: "completions", prompt }, text }), never);
  assert.equal((await scored("So", " the capital")).scorer.boundaryMerged, false);
  const merged = await scored("So t", "he capital");
  assert.equal(merged.scorer.boundaryMerged, true);
  assert.equal(merged.units.starts[0], 0);
  assert.equal(merged.text.slice(0, merged.units.ends[0]), "he");
});

test("entropy bounds from the top 5 hold the true entropy", async (t) => {
  const { scorer } = await openedScorer(t, { shape: "vllm" });
  const trace = await scorer.score(request(), never);
  const ids = encode(prompt + text);
  const first = firstOwn(ids);
  for (const i of [0, 4, 9]) {
    const exact = logProbsAfter(ids.slice(0, first + i)).reduce(
      (sum, value) => sum - Math.exp(value) * value,
      0,
    );
    const known = knownTokens(trace.tokens, i, vocabularySize);
    assert.ok(known);
    const { low, high } = entropyBounds(known);
    assert.ok(low <= exact && exact <= (high ?? 0), `${low} ${exact} ${high}`);
  }
});

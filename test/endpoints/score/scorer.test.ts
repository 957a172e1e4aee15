import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ScoreCache } from "../../../src/core/trace/scoreCache.ts";
import { decodeTrace, encodeTrace } from "../../../src/core/trace/traceJson.ts";
import { traceSummary } from "../../../src/core/trace/traceSummary.ts";
import { scoringSpans } from "../../../src/endpoints/score/windows.ts";
import { nodeFileStore } from "../../../src/node/fileStore.ts";
import { encode } from "../../fakes/server/scoreModel.ts";
import { never, openedScorer, prompt, request, text } from "./scoring.ts";

test("no more requests at one time than allowed, and one cancelled while it waits is never sent", async (t) => {
  const { scorer, server } = await openedScorer(t, { shape: "vllm" }, { concurrency: 2 });
  const before = server.requests.length;
  const controller = new AbortController();
  const all = Array.from({ length: 8 }, (_, i) => scorer.score(request({ text: `${text}${i}` }), never));
  const late = scorer.score(request({ text: "late" }), controller.signal);
  controller.abort();
  await assert.rejects(late, { code: "cancelled" });
  await Promise.all(all);
  assert.equal(server.requests.length - before, 8);
  assert.ok(server.peak() <= 2, `${server.peak()} at one time`);
});

test("a busy server is asked again after a while", async (t) => {
  const { scorer, slept } = await openedScorer(t, { shape: "vllm", failEvery: 5 });
  for (let i = 0; i < 6; i += 1) await scorer.score(request({ text: `${text}${i}` }), never);
  assert.ok(slept.length >= 1 && slept.every((ms) => ms >= 1000), JSON.stringify(slept));
});

test("a trace that does not fit is refused with what to do", async (t) => {
  const { scorer } = await openedScorer(t, { shape: "vllm", maxModelLength: 48 });
  const long = request({ text: "So we have the capital. ".repeat(20) });
  await assert.rejects(scorer.score(long, never), {
    code: "tooLong",
    message: /does not fit into the 48 tokens of the model's context\. Score it by windows/,
  });
});

test("or scored by overlapping windows, labelled as such", async (t) => {
  const { scorer, server } = await openedScorer(t, { shape: "vllm", maxModelLength: 48 });
  const long = "So we have the capital. ".repeat(9);
  const trace = await scorer.score(request({ text: long, tooLong: "window" }), never);
  assert.deepEqual(trace.scorer.window, { tokens: 47, stride: 23 });
  assert.match(trace.scorer.notes.join(), /between 23 and 47 tokens before it/);
  assert.equal(trace.scorer.alignment, "exact");
  const { tokens, nullCount } = traceSummary(trace);
  assert.deepEqual([tokens, nullCount], [encode(prompt + long).length - encode(prompt).length, 0]);
  // The toy model looks two tokens back, so windows change nothing.
  const { scorer: whole } = await openedScorer(t, { shape: "vllm" });
  const reference = await whole.score(request({ text: long }), never);
  assert.ok(
    trace.tokens.logProbs.every(
      (value, i) => Math.abs(value - (reference.tokens.logProbs[i] as number)) < 1e-9,
    ),
  );
  assert.ok(
    server.requests.every(({ body }) => !Array.isArray(body["prompt"]) || body["prompt"].length <= 47),
  );
});

test("windows: every token once, with at least half a window before it", () => {
  for (const [length, first, window] of [
    [100, 10, 40],
    [41, 1, 40],
    [200, 60, 40],
    [1000, 1, 7],
  ] as const) {
    const spans = scoringSpans(length, first, window);
    let at: number = first;
    for (const { start, from, end } of spans) {
      assert.equal(from, at);
      assert.ok(end - start <= window && end > from && start < from, JSON.stringify({ start, from, end }));
      if (start > 0) assert.ok(from - start >= Math.floor(window / 2));
      at = end;
    }
    assert.equal(at, length);
  }
});

test("half a surrogate pair is refused before anything is sent", async (t) => {
  const { scorer, server } = await openedScorer(t, { shape: "vllm" });
  const before = server.requests.length;
  await assert.rejects(scorer.score(request({ text: "a\uD83D" }), never), { code: "loneSurrogate" });
  assert.equal(server.requests.length, before);
});

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

test("nothing is scored twice, also by the next process, and a torn line is cut", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "scores-"));
  t.after(() => rm(folder, { recursive: true }));
  const { scorer, server, ability } = await openedScorer(t, { shape: "vllm" });
  const parts = { files: nodeFileStore, sha256, folder, owner: "test" };
  const source = { source: server.url, model: "toy", method: ability.method };
  const first = await ScoreCache.open(parts);
  const cached = first.over(scorer, source);
  const asked = server.requests.length;
  const [a, b] = await Promise.all([cached.score(request(), never), cached.score(request(), never)]);
  assert.equal(server.requests.length, asked + 1, "asked once for two at a time");
  assert.equal(a, b);
  const other = await cached.score(request({ top: 2 }), never);
  assert.equal(server.requests.length, asked + 2, "other settings are another score");
  const busy = await ScoreCache.open(parts);
  assert.ok(busy.readOnly, "another one may only read");
  await busy.close();
  await first.close();
  await appendFile(join(folder, "scores.jsonl"), '{"k":"');
  const second = await ScoreCache.open(parts);
  t.after(() => second.close());
  assert.equal(second.size, 2);
  const again = second.over(scorer, source);
  assert.deepEqual(await again.score(request(), never), a);
  assert.deepEqual(await again.score(request({ top: 2 }), never), other);
  assert.equal(server.requests.length, asked + 2, "all from the disk");
  assert.equal(second.hits, 2);
  await again.score(request({ text: "new" }), never);
  assert.equal((await readFile(join(folder, "scores.jsonl"), "utf8")).trimEnd().split("\n").length, 3);
});

test("a scored trace comes back from JSON as it was; one that does not fit together is named", async (t) => {
  const { scorer } = await openedScorer(t, { shape: "echo" });
  const trace = await scorer.score(request(), never);
  const spoilt = { ...trace, tokens: { ...trace.tokens, logProbs: trace.tokens.logProbs.slice() } };
  spoilt.tokens.logProbs[0] = Number.NaN;
  spoilt.tokens.logProbs[1] = -Infinity;
  const json: unknown = JSON.parse(JSON.stringify(encodeTrace(spoilt)));
  assert.deepEqual(decodeTrace(json), spoilt);
  assert.throws(() => decodeTrace({ ...(json as object), ids: [1] }), {
    code: "badInput",
    message: /^ids: expected \d+, got 1$/,
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { pooledScore } from "../../../src/core/trace/pooledScore.ts";

test("many traces: by token, by trace, by nats", () => {
  const pooled = pooledScore([
    { tokens: 1, sum: Math.log(1 / 8) },
    { tokens: 3, sum: 3 * Math.log(1 / 2) },
    { tokens: 2, sum: 2 * Math.log(1 / 4) },
    { tokens: 0, sum: 0 },
  ]);
  assert.equal(pooled.traces, 3);
  assert.equal(pooled.tokens, 6);
  // 2^(10 / 6), and the median of 8, 2, 4
  assert.ok(Math.abs((pooled.perplexity ?? 0) - 2 ** (10 / 6)) < 1e-12);
  assert.ok(Math.abs((pooled.medianPerplexity ?? 0) - 4) < 1e-12);
  assert.ok(Math.abs((pooled.natsPerTrace ?? 0) - (10 / 3) * Math.LN2) < 1e-12);
});

test("no scored trace: nothing to tell", () => {
  assert.deepEqual(pooledScore([{ tokens: 0, sum: 0 }]), {
    traces: 0,
    tokens: 0,
    perplexity: null,
    medianPerplexity: null,
    natsPerTrace: null,
  });
});

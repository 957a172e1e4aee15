import assert from "node:assert/strict";
import { test } from "node:test";
import { fc } from "../../fastCheck.ts";
import { traceOfTokens } from "../../../src/core/trace/buildTrace.ts";
import { logRatio } from "../../../src/core/trace/logRatio.ts";
import type { ScoredTrace } from "../../../src/core/trace/scoredTrace.ts";
import { splitSteps } from "../../../src/core/trace/steps.ts";
import { partScores, percentileAmong, traceSummary } from "../../../src/core/trace/traceSummary.ts";
import { unitAt, unitLogProbs, unitOfTokens } from "../../../src/core/trace/units.ts";

function trace(
  tokens: readonly (readonly [string, number | null])[],
  text = tokens.map(([token]) => token).join(""),
): ScoredTrace {
  const list = tokens.map(([token, logProb]) => ({
    id: null,
    text: token,
    bytes: null,
    special: false,
    logProb,
    rank: null,
    top: [],
    topComplete: true,
  }));
  const built = traceOfTokens(text, list, {
    source: "f",
    model: "m",
    method: "file",
    logProbKind: "raw",
    tokenisation: "text",
    top: 0,
    vocabularySize: null,
    window: null,
    notes: [],
  });
  if (built.kind === "failed") throw new Error(built.failure.message);
  return built.trace;
}

test("a trace in numbers: nulls and floors are counted, never averaged", () => {
  const one = trace(
    [
      ["a", null],
      [" b", -1],
      [" c", -5],
      [" d", -Infinity],
      ["<|im_end|>", -12],
    ],
    "a b c d",
  );
  assert.deepEqual(traceSummary(one), {
    tokens: 3,
    nullCount: 1,
    floorCount: 1,
    endCount: 0,
    sum: -18,
    mean: -6,
    perplexity: Math.exp(6),
    least: { logProb: -12, token: 4 },
    lowCount: 3,
    lowProbability: 0.01,
  });
  const dropped = traceSummary(one, { end: "drop", lowProbability: 0.5 });
  assert.deepEqual([dropped.tokens, dropped.endCount, dropped.sum, dropped.lowCount], [2, 1, -6, 3]);
  const none = traceSummary(trace([["a", null]]));
  assert.deepEqual([none.tokens, none.perplexity, none.mean, none.least], [0, null, null, null]);
});

test("perplexity by step: the steps' sums are the trace's", () => {
  const one = trace([
    ["First", -1],
    [" step.", -2],
    ["\n\n", -3],
    ["Second", -4],
    [" one", null],
    [".", -0.5],
  ]);
  const parts = partScores(one, splitSteps(one.text));
  assert.deepEqual(
    parts.map(({ tokens, unscored, meanSurprisal }) => [tokens, unscored, meanSurprisal]),
    [
      [3, 0, 2],
      [2, 1, 2.25],
    ],
  );
  assert.equal(parts[0]?.perplexity, Math.exp(2));
});

test("units: the one under an offset, the one of a token, sums of tokens that share a character", () => {
  const one = trace(
    [
      ["ab", -1],
      ["\uFFFD", -2],
      ["\uFFFD", -3],
      ["c", null],
      ["</s>", -1],
    ],
    "ab😀c",
  );
  assert.deepEqual([...unitLogProbs(one)], [-1, -5, Number.NaN, -1]);
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((offset) => unitAt(one.units, offset)),
    [0, 0, 1, 1, 2, -1],
  );
  assert.deepEqual([...unitOfTokens(one.units)], [0, 1, 1, 2, 3]);
});

test("log-ratio of two scorers, also of two tokenizers", () => {
  const a = trace([
    ["un", -1],
    ["believ", -2],
    ["able", -3],
    [" fact", -1],
  ]);
  const b = trace([
    ["unbel", -2],
    ["ievable", -1],
    [" ", -1],
    ["fact", -1],
  ]);
  const same = logRatio(a, a);
  assert.deepEqual([...(same?.values ?? [])], [0, 0, 0, 0]);
  const ratio = logRatio(a, b);
  assert.deepEqual([...(ratio?.ends ?? [])], [12, 17]);
  assert.deepEqual([...(ratio?.values ?? [])], [-6 - -3, -1 - -2]);
  assert.equal(logRatio(a, trace([["other", -1]])), null);
});

test("log-ratios add up to the difference of the sums, however the two tokenise", () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 29 }), { maxLength: 12 });
  const tokens = (at: readonly number[]): (readonly [string, number])[] => {
    const ends = [...at.toSorted((x, y) => x - y), 30];
    return ends.map(
      (end, i) => ["abcdefghijklmnopqrstuvwxyz0123".slice(ends[i - 1] ?? 0, end), -(end % 7) - 0.5] as const,
    );
  };
  fc.assert(
    fc.property(cuts, cuts, (x, y) => {
      const [a, b] = [trace(tokens(x)), trace(tokens(y))];
      const total = (logRatio(a, b)?.values ?? new Float64Array()).reduce((sum, value) => sum + value, 0);
      assert.ok(Math.abs(total - (traceSummary(a).sum - traceSummary(b).sum)) < 1e-9);
    }),
    { numRuns: 200 },
  );
});

test("percentile among others: mid-rank, with n", () => {
  assert.deepEqual(percentileAmong(3, [1, 2, 3, 4]), { percentile: 0.625, n: 4 });
  assert.deepEqual(percentileAmong(0, [1, 2]), { percentile: 0, n: 2 });
  assert.equal(percentileAmong(1, []), null);
});

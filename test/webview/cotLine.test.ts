import assert from "node:assert/strict";
import test from "node:test";
import { curveModel } from "../../webview/curves/curveModel.ts";
import { curvesSnapshot } from "../../src/host/panels/curvesSnapshot.ts";
import { done } from "./harness/fakeHost.ts";
import { syntheticRuns } from "./harness/syntheticRuns.ts";

const cot = {
  points: [1, 2, 3, 4].map((k) => ({ k, value: 0.1 * k, low: 0.1 * k - 0.05, high: 0.1 * k + 0.05 })),
  read: 12,
  texts: 90,
  preliminary: true,
  verified: ["key-0", "key-3"],
};
const snapshot = curvesSnapshot({
  version: 1,
  title: "t",
  options: { interval: "jbb", referenceId: null, finishedOnly: false },
  runs: syntheticRuns({ runs: 2 }).map((tally, i) => ({
    tally,
    progress: done(tally),
    cot: i === 1 ? cot : null,
  })),
  issues: [],
  error: null,
});

test("CoT-Pass@k stands beside pass@k of the run that has labels, with its numbers in words", () => {
  const { cotLines, notices } = curveModel(snapshot);
  assert.deepEqual(
    cotLines.map(({ series, cot: line }) => [series.runId, line]),
    [[snapshot.runs[1]?.id, cot]],
  );
  const words = notices.find(({ lead }) => lead.startsWith("CoT-Pass@k of"));
  assert.equal(
    words?.rest,
    "10.0 % [5.0, 15.0] at k = 1, 20.0 % [15.0, 25.0] at k = 2, 40.0 % [35.0, 45.0] at k = 4. 12 of 90 right answers read, so preliminary. 95 % for what reading all of them would show.",
  );
});

test("it is pass@k's: a majority has none", () => {
  assert.deepEqual(curveModel(snapshot, { metric: "majority", floor: false }).cotLines, []);
});

test("a run that stopped its problems early has no line, and says why", () => {
  const refusal = "Its problems ended at 2 right answers.";
  const [first, second] = snapshot.runs;
  const none = { ...cot, points: [], refusal };
  const { notices } = curveModel({ ...snapshot, runs: [first!, { ...second!, cot: none }] });
  const words = notices.find(({ lead }) => lead.startsWith("No CoT-Pass@k of"));
  assert.equal(words?.rest, refusal);
});

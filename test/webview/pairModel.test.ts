import assert from "node:assert/strict";
import { test } from "node:test";
import { binOf } from "../../src/core/estimate/histogram.ts";
import { firstLook, noFilter, restoredLook, type Look } from "../../webview/curves/look.ts";
import {
  chosenRows,
  filteredRows,
  histogramModel,
  pairModel,
  problemPassAtK,
  setName,
  type Pair,
} from "../../webview/curves/pairModel.ts";
import { rateEnds, rateWords } from "../../webview/curves/problemTable.ts";
import { sharedData, without } from "../paths.ts";
import { cases } from "./harness/cases.ts";
import { FakeHost } from "./harness/fakeHost.ts";
import { syntheticRuns } from "./harness/syntheticRuns.ts";

const snapshot = new FakeHost({ title: "t", runs: syntheticRuns({ problems: 60, n: 64 }) }).snapshot();

function pairOf(look: Partial<Look> = {}): Pair {
  const pair = pairModel(snapshot, { ...firstLook, ...look });
  assert.ok(pair);
  return pair;
}

test("without a choice the reference is compared with the next run; a chosen pair is kept", () => {
  assert.deepEqual([pairOf().first.id, pairOf().second?.id], ["run-base", "run-rl"]);
  const chosen = pairOf({ firstId: "run-distilled", secondId: "run-base" });
  assert.deepEqual([chosen.first.id, chosen.second?.id], ["run-distilled", "run-base"]);
  const gone = pairOf({ firstId: "no such run", secondId: "run-base" });
  assert.notEqual(gone.first.id, gone.second?.id);
});

test("one run alone has rows and no second column", () => {
  const alone = pairModel({ ...snapshot, runs: snapshot.runs.slice(0, 1) }, firstLook);
  assert.ok(alone);
  assert.equal(alone.second, null);
  assert.equal(alone.coverage, null);
  assert.equal(alone.rows[0]?.second, null);
  assert.equal(histogramModel(alone).transitions, null);
});

test("bins, transitions and their doors count the same problems", () => {
  const pair = pairOf();
  const { bins, transitions } = histogramModel(pair);
  for (const run of [0, 1] as const) {
    bins[run]?.forEach((value, bin) =>
      assert.equal(chosenRows(pair, { kind: "bin", run, bin }).length, value),
    );
  }
  transitions?.forEach((row, from) =>
    row.forEach((value, to) => {
      const rows = chosenRows(pair, { kind: "cell", from, to });
      assert.equal(rows.length, value);
      for (const { first, second } of rows)
        assert.deepEqual([binOf(first), second && binOf(second)], [from, to]);
    }),
  );
});

test("the four sets part the problems, and the threshold moves them", () => {
  const sizes = (threshold: 1 | 2): readonly number[] =>
    (["both", "aOnly", "bOnly", "neither"] as const).map(
      (set) => filteredRows(pairOf({ threshold }), { ...noFilter, set }).length,
    );
  assert.equal(
    sizes(1).reduce((sum, size) => sum + size, 0),
    60,
  );
  assert.ok((sizes(2)[3] ?? 0) >= (sizes(1)[3] ?? 0));
  assert.equal(setName(pairOf(), "aOnly"), "base only");
});

test("the filter looks into id, question and gold, and at accuracy and n", () => {
  const pair = pairOf();
  const target = pair.rows[5];
  assert.ok(target);
  assert.ok(filteredRows(pair, { ...noFilter, text: target.problem.preview.toUpperCase() }).includes(target));
  assert.deepEqual(filteredRows(pair, { ...noFilter, text: "no such words" }), []);
  for (const { first } of filteredRows(pair, { ...noFilter, accuracy: "zero" })) assert.equal(first.c, 0);
  for (const { first } of filteredRows(pair, { ...noFilter, accuracy: "low" }))
    assert.ok(first.c > 0 && first.c / first.n < 0.05);
  assert.equal(filteredRows(pair, { ...noFilter, at: { runId: "run-rl", k: 64 } }).length, 60);
  assert.equal(filteredRows(pair, { ...noFilter, at: { runId: "run-rl", k: 65 } }).length, 0);
});

test("mean of the problems' pass@k is the curve's value at the point that was clicked", () => {
  const pair = pairOf();
  const at = { runId: "run-rl", k: 8 };
  const values = pair.rows.map((row) => problemPassAtK(pair, row, at) ?? Number.NaN);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const curve = snapshot.runs[1]?.curve.find(({ k }) => k === 8)?.passAtK ?? Number.NaN;
  assert.ok(Math.abs(mean - curve) < 1e-12);
});

test("per-problem rates: exact interval, and a bound where nothing was right", () => {
  assert.equal(rateWords({ n: 256, c: 0 }), "at most 1.2");
  assert.equal(rateWords({ n: 0, c: 0 }), "");
  // Clopper-Pearson for 8 of 20: R's binom.test gives 0.1911901 to 0.6394574.
  const { low, high } = rateEnds({ n: 20, c: 8 });
  assert.ok(Math.abs(low - 0.1911901) < 1e-6 && Math.abs(high - 0.6394574) < 1e-6);
  assert.equal(rateWords({ n: 20, c: 8 }), "40.0 [19.1, 63.9]");
});

test("what an earlier page kept is taken when it fits, else dropped", () => {
  assert.deepEqual(restoredLook(null), firstLook);
  assert.deepEqual(restoredLook({ version: 7, tab: "problems" }), firstLook);
  assert.deepEqual(restoredLook({ version: 1, metric: "no such metric" }), firstLook);
  const kept: Look = { ...firstLook, tab: "coverage", cell: "both" };
  assert.deepEqual(restoredLook(JSON.parse(JSON.stringify(kept))), kept);
});

const game24 = [
  sharedData("rollouts/game24_io_100x100.json"),
  sharedData("rollouts/game24_cot_100x100.json"),
];

test("game24: 2x2 is 23/10/26/41", { skip: without(...game24) }, async () => {
  const load = cases["game24"];
  assert.ok(load);
  const pair = pairModel(new FakeHost(await load()).snapshot(), firstLook);
  const { both, aOnly, bOnly, neither } = pair?.coverage ?? {};
  assert.deepEqual([both?.length, aOnly?.length, bOnly?.length, neither?.length], [23, 10, 26, 41]);
});

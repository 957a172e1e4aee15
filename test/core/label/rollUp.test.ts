import assert from "node:assert/strict";
import { test } from "node:test";
import { agreement, conflictsOf } from "../../../src/core/label/agreement.ts";
import { cotStudy } from "../../../src/core/label/cotStudy.ts";
import { rollUp } from "../../../src/core/label/rollUp.ts";
import { itemOf, labelsOf, runOf, type Say } from "./labelledRun.ts";

test("the paper's form: a problem counts with one right chain, ambiguous ones are left out of both numbers", () => {
  // AIME24, base: 7 problems with 0 < accuracy < 5 %, one of them ambiguous, 5 of the other 6 with a right chain.
  const run = runOf(7, { n: 64, c: 2 });
  const says: Say[] = [
    ...[0, 1, 2, 3, 4].map((problem): Say => ({ item: itemOf(problem, 1), verdict: "correct" })),
    { item: itemOf(0, 0), verdict: "wrong" },
    { item: itemOf(1, 0), verdict: "ambiguous" },
    { item: itemOf(5, 0), verdict: "wrong" },
    { item: itemOf(5, 1), verdict: "wrong" },
    { item: itemOf(6, 0), verdict: "ambiguous" },
    { item: itemOf(6, 1), verdict: "wrong" },
  ];
  const [found] = rollUp([run], labelsOf(says));
  assert.equal(found?.form, "5/6");
  assert.deepEqual(
    [found?.right, found?.wrong, found?.ambiguous, found?.open, found?.unlabelled],
    [5, 1, 1, 0, 0],
  );
  // Clopper and Pearson for 5 of 6.
  assert.deepEqual([found?.share?.low.toFixed(4), found?.share?.high.toFixed(4)], ["0.3588", "0.9958"]);
  assert.deepEqual(found?.texts, { all: 14, correct: 5, wrong: 4, ambiguous: 2, conflict: 0 });
});

test("24 of 25; what is read in part and found wrong so far is in the denominator and said to be open", () => {
  const run = runOf(27, { n: 128, c: 3 });
  const says = Array.from({ length: 24 }, (_, p): Say => ({ item: itemOf(p, 2), verdict: "correct" }));
  const labels = labelsOf([...says, { item: itemOf(24, 0), verdict: "wrong" }]);
  const [found] = rollUp([run], labels);
  assert.deepEqual([found?.form, found?.open, found?.unlabelled, found?.solved], ["24/25", 1, 2, 27]);
});

test("the window is strict at both ends, bins part it by accuracy, problems without a right answer are none", () => {
  const problems = [0, 1, 2, 3, 10, 30, 64].map((c, p) => ({
    ...(runOf(1, { n: 60, c }).problems[0] as ReturnType<typeof runOf>["problems"][number]),
    problemKey: `p${p}`,
    n: c === 64 ? 64 : 60,
  }));
  const run = { runId: "r", name: "r", problems };
  // 3/60 = .05 is outside the default window and inside the first bin.
  assert.equal(rollUp([run], labelsOf([]))[0]?.solved, 2);
  const [all] = rollUp([run], labelsOf([]), { above: null, below: null });
  assert.equal(all?.solved, 6);
  assert.deepEqual(
    all?.bins.map(({ solved }) => solved),
    [3, 1, 2],
  );
  assert.equal(all?.share, null);
  assert.equal(rollUp([run], labelsOf([]), { above: 0, below: 1 })[0]?.solved, 5);
});

test("two who differ leave an item out until it is settled; of three the majority holds; models never count", () => {
  const run = runOf(1, { n: 64, c: 1 });
  const item = itemOf(0, 0);
  const says: Say[] = [
    { item, verdict: "correct", rater: "anna" },
    { item, verdict: "wrong", rater: "bo" },
    { item, verdict: "wrong", rater: "judge", kind: "model" },
  ];
  assert.equal(rollUp([run], labelsOf(says))[0]?.ambiguous, 1);
  const cy: Say = { item, verdict: "wrong", rater: "cy" };
  assert.equal(rollUp([run], labelsOf([...says, cy]))[0]?.wrong, 1);
  const settled: Say = { item, verdict: "correct", rater: "cy", adjudication: true };
  assert.equal(rollUp([run], labelsOf([...says, cy, settled]))[0]?.form, "1/1");
  assert.deepEqual(
    conflictsOf(labelsOf([...says, cy])).map(({ majority, adjudication }) => [majority, adjudication]),
    [["wrong", null]],
  );
  const alone: Say = { item, verdict: "correct", rater: "judge", kind: "model" };
  assert.equal(rollUp([run], labelsOf([alone]))[0]?.unlabelled, 1);
  assert.equal(rollUp([run], labelsOf([{ ...alone, adjudication: true }]))[0]?.unlabelled, 1);
});

test("agreement: pairs of humans, each model against each human and against what they agreed on", () => {
  const says = [0, 1, 2, 3].flatMap((problem): readonly Say[] => {
    const item = itemOf(problem, 0);
    return [
      { item, verdict: problem < 2 ? "correct" : "wrong", rater: "anna" },
      { item, verdict: problem < 3 ? "correct" : "wrong", rater: "bo" },
      { item, verdict: "correct", rater: "judge", kind: "model" },
    ];
  });
  const report = agreement(labelsOf(says), { draws: 50 });
  assert.equal(report.items, 4);
  const [pair] = report.humans;
  assert.deepEqual([pair?.a.name, pair?.b?.name, pair?.items, pair?.same], ["anna", "bo", 4, 0.75]);
  assert.deepEqual(pair?.counts, [
    [1, 0, 1],
    [0, 0, 0],
    [0, 0, 2],
  ]);
  assert.equal(pair?.kappa?.value, 0.5);
  assert.deepEqual(
    report.models.map(({ b, items, same }) => [b?.name ?? null, items, same]),
    [
      ["anna", 4, 0.5],
      ["bo", 4, 0.75],
      [null, 3, 2 / 3],
    ],
  );
  assert.deepEqual(
    report.conflicts.map(({ item, labels }) => [item, labels.length]),
    [[itemOf(2, 0), 2]],
  );
});

test("runs that stopped early are in no count: what they did not sample would stand as not right", () => {
  const stopped = { ...runOf(8, { n: 40, c: 2 }, "stopped"), stopPlan: { r: 2, nMax: 64 } };
  const plain = runOf(8, { n: 64, c: 2 }, "plain");
  const labels = labelsOf([{ item: itemOf(0, 0), verdict: "correct" }]);
  assert.deepEqual(
    rollUp([stopped, plain], labels).map(({ runId }) => runId),
    ["plain"],
  );
  const study = cotStudy([stopped, plain], labels, { ks: [1], draws: 10 });
  assert.deepEqual([study.runs.map(({ runId }) => runId), study.pairs], [["plain"], []]);
  assert.equal(
    study.refusal,
    "CoT-Pass@k and the problems with a right chain of thought cannot be told of stopped: its problems ended at 2 right " +
      "answers, so chains that would have come later were never written. The labels are kept; for CoT-Pass@k sample the " +
      "same number for every problem.",
  );
  assert.equal(cotStudy([plain], labels, { ks: [1], draws: 10 }).refusal, null);
});

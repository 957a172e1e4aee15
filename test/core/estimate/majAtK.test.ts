import assert from "node:assert/strict";
import test from "node:test";
import { fc } from "../../fastCheck.ts";
import type { AnswerGroup } from "../../../src/core/model.ts";
import { exactMajority, firstMajorityIsCorrect, majAtK } from "../../../src/core/estimate/majAtK.ts";
import { closeTo, subsets } from "./brute.ts";

/** Every k-subset votes; a tie of r answers, s of them correct, counts s/r; no vote counts 0. */
function enumerated(n: number, groups: readonly AnswerGroup[], k: number): number {
  const labels = groups.flatMap((group, g) => Array.from({ length: group.count }, () => g));
  const all = subsets(n, k);
  const sum = all.reduce((total, subset) => {
    const votes = groups.map((_, g) => subset.filter((sample) => labels[sample] === g).length);
    const most = Math.max(0, ...votes);
    const winners = groups.filter((_, g) => most > 0 && votes[g] === most);
    return winners.length === 0
      ? total
      : total + winners.filter(({ correct }) => correct).length / winners.length;
  }, 0);
  return sum / all.length;
}

const problem = fc
  .tuple(fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.boolean()), { maxLength: 5 }), fc.nat(2))
  .map(([list, silent]) => {
    const groups = list.map(([count, correct], i): AnswerGroup => ({ answer: String(i), count, correct }));
    return { n: groups.reduce((sum, { count }) => sum + count, 0) + silent, groups };
  })
  .filter(({ n }) => n >= 1 && n <= 10);

test("maj@k is the share of k-subsets whose vote is right, ties split, with any number of right answers and of silent samples", () => {
  fc.assert(
    fc.property(problem, ({ n, groups }) => {
      for (let k = 1; k <= n; k++) {
        closeTo(
          exactMajority({ n, groups }, k),
          enumerated(n, groups, k),
          1e-12,
          `k ${k} of ${JSON.stringify(groups)}`,
        );
      }
    }),
    { seed: 7, numRuns: 150 },
  );
});

test("maj@1 is the accuracy, also at n = 1024 with many answers", () => {
  const groups = Array.from({ length: 120 }, (_, i): AnswerGroup => ({
    answer: String(i),
    count: 8,
    correct: i % 3 === 0,
  }));
  const n = 1024;
  closeTo(exactMajority({ n, groups }, 1), (40 * 8) / n, 1e-12);
  const both = exactMajority(
    {
      n: 1000,
      groups: [
        { answer: "a", count: 600, correct: true },
        { answer: "b", count: 400, correct: false },
      ],
    },
    101,
  );
  assert.ok(both > 0.97 && both < 1);
});

test("Monte Carlo agrees with the exact value, says that it is not exact, and repeats with its seed", () => {
  const groups: AnswerGroup[] = [
    { answer: "a", count: 40, correct: true },
    { answer: "b", count: 35, correct: false },
    { answer: "c", count: 10, correct: true },
    { answer: "d", count: 5, correct: false },
  ];
  const counts = { n: 100, groups };
  const sampled = majAtK(counts, [3, 10, 31, 100, 101], { exactCost: 0, subsets: 20_000, seed: 4 });
  [3, 10, 31].forEach((k, i) => {
    assert.equal(sampled[i]?.exact, false);
    closeTo(sampled[i]?.value ?? Number.NaN, exactMajority(counts, k), 0.015, `k ${k}`);
  });
  assert.deepEqual(sampled[3], { value: 1, exact: true });
  assert.equal(sampled[4], null);
  assert.deepEqual(
    majAtK(counts, [3, 10], { exactCost: 0, seed: 4 }),
    majAtK(counts, [3, 10], { exactCost: 0, seed: 4 }),
  );
});

test("one vote over all samples: a tie goes to the answer that was seen first; nobody answering is wrong", () => {
  const right = { answer: "a", count: 4, correct: true };
  const wrong = { answer: "b", count: 4, correct: false };
  assert.equal(firstMajorityIsCorrect([right, wrong]), true);
  assert.equal(firstMajorityIsCorrect([wrong, right]), false);
  assert.equal(firstMajorityIsCorrect([]), false);
  assert.equal(exactMajority({ n: 8, groups: [wrong, right] }, 8), 0.5);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { lostAtSteps, type StepCounts } from "../../../src/core/estimate/lostAtStep.ts";
import { unsolvedBound } from "../../../src/core/estimate/unsolvedBound.ts";
import { fc } from "../../fastCheck.ts";

const steps = fc
  .record({ problems: fc.integer({ min: 0, max: 6 }), steps: fc.uniqueArray(fc.nat(500), { maxLength: 6 }) })
  .chain(({ problems, steps: numbers }) => {
    const count = fc
      .record({ n: fc.integer({ min: 0, max: 4 }), right: fc.double({ min: 0, max: 1, noNaN: true }) })
      .map(({ n, right }) => ({ n, c: right < 0.5 ? 0 : Math.round(n * right) }));
    const counts = fc.array(count, { minLength: problems, maxLength: problems });
    return fc.tuple(...numbers.map((step) => counts.map((own): StepCounts => ({ step, counts: own }))));
  });

test("lost and gained, against looking at every problem and every step anew", () => {
  fc.assert(
    fc.property(steps, (all) => {
      const result = lostAtSteps(all);
      assert.deepEqual(
        result.map(({ step }) => step),
        all.map(({ step }) => step).sort((a, b) => a - b),
      );
      const cell = (step: number, problem: number) =>
        all.find((one) => one.step === step)?.counts[problem] ?? { n: 0, c: 0 };
      const numbers = result.map(({ step }) => step);
      for (const { step, lost, gained, solved, problems } of result) {
        const before = numbers.filter((other) => other < step);
        const after = numbers.filter((other) => other > step);
        const count = all[0]?.counts.length ?? 0;
        let [right, sampled] = [0, 0];
        for (let problem = 0; problem < count; problem++) {
          const { n, c } = cell(step, problem);
          if (n > 0) sampled++;
          if (c > 0) right++;
          const solvedAt = before.filter((other) => cell(other, problem).c > 0);
          const own = lost.find((one) => one.problem === problem);
          assert.equal(own !== undefined, n > 0 && c === 0 && solvedAt.length > 0);
          const seen = before.some((other) => cell(other, problem).n > 0);
          assert.equal(gained.includes(problem), c > 0 && seen && solvedAt.length === 0);
          if (own === undefined) continue;
          assert.deepEqual(own.solvedAt, solvedAt);
          assert.deepEqual(own.last, cell(solvedAt.at(-1) ?? -1, problem));
          assert.equal(own.bound, unsolvedBound(n));
          assert.equal(own.againAt, after.find((other) => cell(other, problem).c > 0) ?? null);
        }
        assert.equal(solved, right);
        assert.equal(problems, sampled);
      }
    }),
    { numRuns: 500 },
  );
});

test("a problem that base and step 40 solved, 0 of 256 at step 120: lost there, solved again at 270", () => {
  const one = (step: number, n: number, c: number): StepCounts => ({ step, counts: [{ n, c }] });
  const [, , third] = lostAtSteps([one(270, 256, 1), one(0, 256, 9), one(120, 256, 0), one(40, 128, 2)]);
  assert.equal(third?.step, 120);
  const [lost] = third.lost;
  assert.deepEqual(lost?.solvedAt, [0, 40]);
  assert.deepEqual(lost.last, { n: 128, c: 2 });
  assert.equal(lost.againAt, 270);
  assert.ok(Math.abs(lost.bound - 0.01163) < 1e-5);
});

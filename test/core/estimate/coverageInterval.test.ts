import assert from "node:assert/strict";
import { test } from "node:test";
import { coverage } from "../../../src/core/estimate/coverage.ts";
import { coverageIntervals } from "../../../src/core/estimate/coverageInterval.ts";

const cells = (both: number, aOnly: number, bOnly: number, neither: number) =>
  coverage([
    ...Array.from(
      { length: both },
      () =>
        [
          { n: 8, c: 1 },
          { n: 8, c: 1 },
        ] as const,
    ),
    ...Array.from(
      { length: aOnly },
      () =>
        [
          { n: 8, c: 1 },
          { n: 8, c: 0 },
        ] as const,
    ),
    ...Array.from(
      { length: bOnly },
      () =>
        [
          { n: 8, c: 0 },
          { n: 8, c: 1 },
        ] as const,
    ),
    ...Array.from(
      { length: neither },
      () =>
        [
          { n: 8, c: 0 },
          { n: 8, c: 0 },
        ] as const,
    ),
  ]);

test("srr is the Jeffreys interval of P of P + S", () => {
  // Quantiles of 400,000 draws of Beta(114.5, 20.5) by Python's random.betavariate: 0.7830 and 0.9034.
  const { srr } = coverageIntervals(cells(114, 20, 1, 15), { draws: 40_000 });
  assert.ok(srr);
  assert.ok(Math.abs(srr.low - 0.783) < 0.003, `${srr.low}`);
  assert.ok(Math.abs(srr.high - 0.9034) < 0.003, `${srr.high}`);
});

test("every interval holds its estimate, also at 0 and 1", () => {
  for (const counts of [cells(10, 0, 0, 5), cells(0, 7, 0, 5), cells(19, 4, 0, 7), cells(3, 3, 3, 3)]) {
    const intervals = coverageIntervals(counts);
    for (const rate of ["srr", "ndr", "sds", "nscr"] as const) {
      const [value, ends] = [counts[rate], intervals[rate]];
      assert.equal(value === null, ends === null);
      if (value !== null && ends) assert.ok(ends.low <= value && value <= ends.high, rate);
    }
  }
});

test("the same seed gives the same ends, another one nearly the same", () => {
  const counts = cells(40, 12, 5, 20);
  assert.deepEqual(coverageIntervals(counts, { seed: 4 }), coverageIntervals(counts, { seed: 4 }));
  const [a, b] = [coverageIntervals(counts, { seed: 1 }).nscr, coverageIntervals(counts, { seed: 2 }).nscr];
  assert.ok(a && b && Math.abs(a.low - b.low) < 0.02 && Math.abs(a.high - b.high) < 0.02);
});

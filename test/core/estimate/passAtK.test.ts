import assert from "node:assert/strict";
import test from "node:test";
import { fc } from "../../fastCheck.ts";
import { passAtK } from "../../../src/core/estimate/passAtK.ts";
import { unsolvedRow } from "../../../src/core/estimate/unsolvedRow.ts";
import { closeTo, exactPassAtK, subsets } from "./brute.ts";

test("pass@k is the share of k-subsets that hold a correct sample, for every n up to 9", () => {
  for (let n = 1; n <= 9; n++) {
    for (let c = 0; c <= n; c++) {
      for (let k = 1; k <= n; k++) {
        const all = subsets(n, k);
        const hits = all.filter((subset) => subset.some((sample) => sample < c)).length;
        closeTo(passAtK(n, c, k) ?? Number.NaN, hits / all.length, 1e-15, `n ${n} c ${c} k ${k}`);
      }
    }
  }
});

test("pass@k is not estimable where n < k, 0 without a correct sample, 1 where no k-subset misses", () => {
  assert.equal(passAtK(7, 3, 8), null);
  assert.equal(passAtK(8, 0, 8), 0);
  assert.equal(passAtK(8, 1, 8), 1);
  assert.equal(passAtK(8, 5, 4), 1);
});

test("pass@k for n up to 1e6 agrees with exact integers to 1e-12, and to 1e-12 of its value", () => {
  const cases = [
    [1000, 500, 3],
    [1024, 1, 512],
    [1024, 40, 100],
    [10_000, 3, 7],
    [100_000, 300, 300],
    [1_000_000, 1, 1],
    [1_000_000, 2, 1000],
    [1_000_000, 700, 700],
    [1_000_000, 5, 999_990],
    [1_000_000, 900_000, 2],
  ] as const;
  for (const [n, c, k] of cases) {
    // C(n, min) with a small second index only: the formula is symmetric in c and k.
    const exact = exactPassAtK(n, Math.max(c, k), Math.min(c, k));
    const value = passAtK(n, c, k) ?? Number.NaN;
    closeTo(value, exact, 1e-12 * exact, `n ${n} c ${c} k ${k}`);
  }
});

test("a row of U(k) equals 1 - pass@k at every k, by either way of computing it", () => {
  const count = fc
    .integer({ min: 1, max: 3000 })
    .chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 0, max: n })));
  fc.assert(
    fc.property(count, fc.integer({ min: 1, max: 60 }), ([n, c], step) => {
      const ks = [...new Set([1, 2, 3, ...Array.from({ length: 60 }, (_, i) => i * step), n])]
        .filter((k) => k >= 1 && k <= n)
        .sort((a, b) => a - b);
      const row = unsolvedRow(n, c, ks);
      ks.forEach((k, i) =>
        closeTo(1 - (row[i] ?? Number.NaN), passAtK(n, c, k) ?? Number.NaN, 1e-12, `n ${n} c ${c} k ${k}`),
      );
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("pass@k never falls in k or in c", () => {
  const triple = fc
    .integer({ min: 2, max: 2000 })
    .chain((n) =>
      fc.tuple(fc.constant(n), fc.integer({ min: 0, max: n - 1 }), fc.integer({ min: 1, max: n - 1 })),
    );
  fc.assert(
    fc.property(triple, ([n, c, k]) => {
      const here = passAtK(n, c, k) ?? Number.NaN;
      assert.ok(here >= 0 && here <= 1);
      assert.ok((passAtK(n, c, k + 1) ?? Number.NaN) >= here - 1e-14);
      assert.ok((passAtK(n, c + 1, k) ?? Number.NaN) >= here - 1e-14);
    }),
    { seed: 2 },
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { gPassAlongK, gPassCurve } from "../../../src/core/estimate/gPassCurve.ts";
import { passAtK } from "../../../src/core/estimate/passAtK.ts";

const counts = [
  { n: 8, c: 0 },
  { n: 8, c: 3 },
  { n: 8, c: 8 },
  { n: 4, c: 2 },
];

test("along k it is the curve of each k, over the problems with that many samples", () => {
  const points = gPassAlongK(counts, { ks: [1, 2, 4, 8, 16], tau: 0.5 });
  assert.deepEqual(
    points.map(({ k, problems }) => [k, problems]),
    [
      [1, 4],
      [2, 4],
      [4, 4],
      [8, 3],
    ],
  );
  for (const { k, value } of points) {
    const [alone] = gPassCurve(counts, { k, taus: [0.5] });
    assert.ok(Math.abs(value - (alone?.value ?? Number.NaN)) < 1e-12, `k = ${k}`);
  }
});

test("with the least tau it is pass@k", () => {
  for (const { k, value } of gPassAlongK(counts, { ks: [1, 2, 4], tau: 0.01 })) {
    const rates = counts.map(({ n, c }) => passAtK(n, c, k) ?? Number.NaN);
    assert.ok(Math.abs(value - rates.reduce((sum, rate) => sum + rate, 0) / rates.length) < 1e-12);
  }
});

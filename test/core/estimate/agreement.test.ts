import assert from "node:assert/strict";
import { test } from "node:test";
import { cohenKappa } from "../../../src/core/estimate/kappa.ts";
import { krippendorffAlpha, krippendorffInterval } from "../../../src/core/estimate/krippendorff.ts";
import { fc } from "../../fastCheck.ts";

function near(actual: number | null | undefined, expected: number): void {
  assert.ok(typeof actual === "number" && Math.abs(actual - expected) < 1e-6, `${actual} is not ${expected}`);
}

test("kappa: husbands and wives of Hout, Duncan and Sobel 1987, as R's vcd prints Kappa(SexualFun)", () => {
  const table = [
    [7, 7, 2, 3],
    [2, 8, 3, 7],
    [1, 5, 4, 9],
    [2, 8, 9, 14],
  ];
  // Unweighted 0.1293 (ASE 0.06860); in whole numbers (91 * 33 - 2219) / (91^2 - 2219).
  const plain = cohenKappa(table);
  near(plain?.value, 784 / 6062);
  assert.equal(plain?.value.toFixed(4), "0.1293");
  assert.equal(plain?.standardError.toFixed(4), "0.0686");
  const linear = cohenKappa(table, "linear");
  assert.equal(linear?.value.toFixed(4), "0.2374");
  assert.equal(linear?.standardError.toFixed(4), "0.0783");
});

test("kappa: the psychiatric table of Fleiss 1981, page 213, as SAS prints it, also weighted", () => {
  const table = [
    [75, 1, 4],
    [5, 4, 1],
    [0, 0, 10],
  ];
  const plain = cohenKappa(table);
  near(plain?.value, 23 / 34);
  assert.equal(plain?.standardError.toFixed(4), "0.0877");
  assert.deepEqual([plain?.low.toFixed(4), plain?.high.toFixed(4)], ["0.5046", "0.8484"]);
  const linear = cohenKappa(table, "linear");
  near(linear?.value, 13 / 18);
  assert.deepEqual([linear?.value.toFixed(4), linear?.standardError.toFixed(4)], ["0.7222", "0.0843"]);
});

test("kappa, quadratic: the abstractors' table of R's irrCAC", () => {
  const quadratic = cohenKappa(
    [
      [13, 0, 0],
      [0, 20, 7],
      [0, 4, 56],
    ],
    "quadratic",
  );
  near(quadratic?.value, 91 / 102);
  assert.deepEqual([quadratic?.value.toFixed(4), quadratic?.standardError.toFixed(4)], ["0.8922", "0.0354"]);
});

test("kappa where it says little: undefined for one level only, an honest lower end where nobody ever differed", () => {
  assert.equal(
    cohenKappa([
      [0, 0],
      [0, 0],
    ]),
    null,
  );
  assert.equal(
    cohenKappa(
      [
        [10, 0],
        [0, 0],
      ],
      "linear",
    ),
    null,
  );
  const perfect = cohenKappa([
    [3, 0],
    [0, 2],
  ]);
  assert.deepEqual([perfect?.value, perfect?.high], [1, 1]);
  // 5 of 5 alike: po may be .478 (Clopper and Pearson), chance alone gives .52.
  near(perfect?.low, (0.4781762498950185 - 0.52) / 0.48);
});

/** Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", C: four observers, twelve units, missing values. */
const observers = [
  [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
  [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
  [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
  [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
];
const units = Array.from({ length: 12 }, (_, unit) =>
  [1, 2, 3, 4, 5].map((level) => observers.filter((row) => row[unit] === level).length),
);

test("alpha: Krippendorff's own example with missing values, nominal .743 and ordinal .815", () => {
  near(krippendorffAlpha(units, "nominal"), 113 / 152);
  near(krippendorffAlpha(units, "ordinal"), 0.8153875);
});

test("alpha: Krippendorff's binary example, two observers and ten units, .095", () => {
  const a = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0];
  const b = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0];
  const binary = a.map((value, i) => [0, 1].map((level) => Number(value === level) + Number(b[i] === level)));
  near(krippendorffAlpha(binary, "nominal"), 1 - (19 * 8) / 168);
});

test("alpha's interval: contains alpha, one rater's units say nothing, the same seed the same ends", () => {
  const interval = krippendorffInterval(units, "nominal");
  assert.ok(interval !== null && interval.low < 0.6 && interval.high > 0.9 && interval.low < interval.value);
  assert.deepEqual(krippendorffInterval([...units, [1, 0, 0, 0, 0]], "nominal"), interval);
  assert.equal(
    krippendorffAlpha(
      [
        [2, 0],
        [3, 0],
      ],
      "ordinal",
    ),
    null,
  );
  assert.equal(krippendorffInterval([[1, 0]], "nominal"), null);
});

test("two raters of like habits: 1 - alpha = (1 - 1 / 2N) (1 - kappa)", () => {
  const cell = fc.integer({ min: 1, max: 60 });
  const three = fc.tuple(cell, cell, cell);
  fc.assert(
    fc.property(fc.tuple(three, three, three), (counts) => {
      // Scott's pi and kappa agree where both raters have the same marginals: make the table symmetric.
      const table = counts.map((row, i) => row.map((count, j) => 5 + count + (counts[j]?.[i] ?? 0)));
      const items = table.flatMap((row, i) =>
        row.flatMap((count, j) => {
          const unit = [0, 0, 0];
          unit[i] = (unit[i] ?? 0) + 1;
          unit[j] = (unit[j] ?? 0) + 1;
          return Array.from({ length: count }, () => unit);
        }),
      );
      const [alpha, kappa] = [krippendorffAlpha(items, "nominal"), cohenKappa(table)?.value];
      assert.ok(alpha !== null && kappa !== undefined);
      // alpha = 1 - (1 - 1 / 2N)(1 - pi)
      assert.ok(Math.abs(1 - alpha - (1 - 1 / (2 * items.length)) * (1 - kappa)) < 1e-9);
    }),
    { numRuns: 15 },
  );
});

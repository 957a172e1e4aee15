// Grid, histogram, coverage and the figures of single cells.
import assert from "node:assert/strict";
import test from "node:test";
import { fc } from "../../fastCheck.ts";
import { clopperPearson } from "../../../src/core/estimate/clopperPearson.ts";
import { coverAtTau } from "../../../src/core/estimate/coverAtTau.ts";
import { coverage } from "../../../src/core/estimate/coverage.ts";
import { gPassAtK } from "../../../src/core/estimate/gPassAtK.ts";
import { binLabels, binOf, binTransitions, histogram } from "../../../src/core/estimate/histogram.ts";
import { kGrid } from "../../../src/core/estimate/kGrid.ts";
import { midPMcNemar } from "../../../src/core/estimate/midPMcNemar.ts";
import { newlySolved } from "../../../src/core/estimate/newlySolved.ts";
import { onlyByNoise } from "../../../src/core/estimate/onlyByNoise.ts";
import { unsolvedBound } from "../../../src/core/estimate/unsolvedBound.ts";
import { without } from "../../paths.ts";
import { choose, closeTo, ratio, subsets } from "./brute.ts";
import { cotPath, ioPath, readCounts } from "./game24.ts";

test("the grid is floor(2^(i/4)), the powers of 2 and n, without repeats", () => {
  assert.deepEqual(kGrid(8), [1, 2, 3, 4, 5, 6, 8]);
  assert.deepEqual(
    kGrid(100),
    [1, 2, 3, 4, 5, 6, 8, 9, 11, 13, 16, 19, 22, 26, 32, 38, 45, 53, 64, 76, 90, 100],
  );
  assert.deepEqual(kGrid(1), [1]);
  assert.deepEqual(kGrid(0), []);
  assert.equal(kGrid(1024).at(-1), 1024);
});

test("12 bins by exact edges: c/n on an edge belongs to the bin below it", () => {
  assert.equal(binLabels.length, 12);
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((c) => binOf({ n: 10, c })),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11],
  );
  assert.equal(binOf({ n: 1000, c: 901 }), 10);
  assert.equal(binOf({ n: 1000, c: 999 }), 10);
  assert.equal(binOf({ n: 1000, c: 101 }), 2);
  assert.equal(binOf({ n: 0, c: 0 }), null);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 0, max: 100_000 }), (n, raw) => {
      const c = raw % (n + 1);
      const bin = binOf({ n, c });
      // Integer arithmetic only: bin b in 1..9 means (b-1) n < 10 c <= b n.
      if (c === 0) assert.equal(bin, 0);
      else if (c === n) assert.equal(bin, 11);
      else assert.ok(bin !== null && (bin - 1) * n < 10 * c && (bin === 10 || 10 * c <= bin * n));
    }),
    { seed: 3 },
  );
});

test("transitions between bins: rows are the first run's histogram, columns the second's", () => {
  const a = [
    { n: 4, c: 0 },
    { n: 4, c: 4 },
    { n: 4, c: 2 },
    { n: 0, c: 0 },
  ];
  const b = [
    { n: 8, c: 1 },
    { n: 8, c: 8 },
    { n: 8, c: 0 },
    { n: 8, c: 8 },
  ];
  const matrix = binTransitions(a, b);
  assert.deepEqual(
    matrix.map((row) => row.reduce((sum, x) => sum + x, 0)),
    histogram(a),
  );
  assert.equal(matrix[0]?.[2], 1);
  assert.equal(matrix[11]?.[11], 1);
  assert.equal(matrix[5]?.[0], 1);
});

test("coverage of the paper's tables: AIME24 19/4/0/7, LiveCodeBench 19/4/1/27", () => {
  const aime = coverage(pairsOf({ both: 19, aOnly: 4, bOnly: 0, neither: 7 }));
  assert.deepEqual(
    [aime.both.length, aime.aOnly.length, aime.bOnly.length, aime.neither.length],
    [19, 4, 0, 7],
  );
  closeTo(aime.srr ?? 0, 0.826, 5e-4);
  assert.equal(aime.ndr, 0);
  assert.equal(aime.sds, 0);
  closeTo(aime.nscr ?? 0, -0.174, 5e-4);
  const code = coverage(pairsOf({ both: 19, aOnly: 4, bOnly: 1, neither: 27 }));
  closeTo(code.ndr ?? 0, 0.05, 1e-12);
  closeTo(code.sds ?? 0, 0.094, 5e-4);
  closeTo(code.nscr ?? 0, -0.125, 1e-12);
});

test("coverage: threshold, pairs without samples, and nothing solved", () => {
  const pairs = [
    [
      { n: 8, c: 1 },
      { n: 8, c: 2 },
    ],
    [
      { n: 8, c: 3 },
      { n: 0, c: 0 },
    ],
    [
      { n: 8, c: 2 },
      { n: 8, c: 1 },
    ],
  ] as const;
  const twice = coverage(pairs, 2);
  assert.deepEqual([twice.aOnly, twice.bOnly, twice.problems], [[2], [0], 2]);
  const none = coverage([
    [
      { n: 8, c: 0 },
      { n: 8, c: 0 },
    ],
  ]);
  assert.deepEqual([none.srr, none.ndr, none.sds, none.nscr], [null, null, null, null]);
});

test("the bound of a problem that was not solved", () => {
  const expected = [
    [8, 31.2],
    [16, 17.1],
    [32, 8.9],
    [64, 4.57],
    [128, 2.31],
    [256, 1.16],
    [512, 0.58],
    [1024, 0.29],
  ] as const;
  for (const [n, percent] of expected) closeTo(100 * unsolvedBound(n), percent, 0.06, `n ${n}`);
  closeTo((1 - unsolvedBound(1_000_000)) ** 1_000_000, 0.05, 1e-9);
});

test("Clopper-Pearson holds its tails: P(X >= c | low) = P(X <= c | high) = 2.5 %", () => {
  for (const [c, n] of [
    [0, 10],
    [10, 10],
    [3, 17],
    [1, 64],
    [250, 500],
    [12, 1024],
  ] as const) {
    const { low, high } = clopperPearson(c, n);
    if (c > 0) closeTo(upperTail({ c, n, p: low }), 0.025, 1e-9, `low ${c}/${n}`);
    else assert.equal(low, 0);
    if (c < n) closeTo(1 - upperTail({ c: c + 1, n, p: high }), 0.025, 1e-9, `high ${c}/${n}`);
    else assert.equal(high, 1);
  }
  closeTo(clopperPearson(0, 10).high, 1 - 0.025 ** (1 / 10), 1e-12);
  closeTo(clopperPearson(5, 1_000_000).high, 1.16683e-5, 1e-9);
});

test("mid-P McNemar against a sum over all outcomes; none can be significant under 6 discordant pairs", () => {
  for (const [b, c] of [
    [0, 0],
    [3, 3],
    [10, 26],
    [1, 7],
    [0, 5],
    [40, 22],
  ] as const) {
    const n = b + c;
    const mass = (x: number) => ratio(choose(n, x), 2n ** BigInt(n));
    let p = -mass(Math.min(b, c));
    for (let x = 0; x <= Math.min(b, c); x++) p += 2 * mass(x);
    closeTo(midPMcNemar(b, c), n === 0 ? 1 : Math.min(1, p), 1e-12, `${b} ${c}`);
  }
  closeTo(midPMcNemar(26, 10), 0.0076, 5e-5);
  for (let b = 0; b <= 5; b++) for (let c = 0; b + c < 6; c++) assert.ok(midPMcNemar(b, c) > 0.03);
  assert.equal(midPMcNemar(3, 11), midPMcNemar(11, 3));
});

test("only by noise: all successes fall in the first run's samples, by enumeration", () => {
  const [a, b] = [
    { n: 4, c: 2 },
    { n: 3, c: 1 },
  ];
  const all = subsets(7, 3);
  const inA = all.filter((subset) => subset.every((sample) => sample < 4)).length;
  closeTo(
    onlyByNoise([
      [a, b],
      [
        { n: 4, c: 0 },
        { n: 3, c: 0 },
      ],
    ]),
    inA / all.length,
    1e-12,
  );
});

test("newly solved: at most f1, nothing where everything is solved", () => {
  const { f0, f1, expected, upper } = newlySolved([
    ...copies(5, { n: 8, c: 0 }),
    ...copies(3, { n: 8, c: 1 }),
    { n: 8, c: 7 },
  ]);
  assert.deepEqual([f0, f1], [5, 3]);
  closeTo(expected, 5 * (1 - Math.exp(-3 / 5)), 1e-12);
  assert.ok(expected <= f1 && upper <= f0);
  assert.equal(newlySolved([{ n: 8, c: 1 }]).expected, 0);
});

test("G-Pass@k is the share of k-subsets with at least ceil(tau k) correct", () => {
  for (const [n, c, k, tau] of [
    [8, 3, 4, 0.5],
    [8, 5, 5, 1],
    [9, 4, 6, 0.25],
    [7, 7, 3, 1],
    [8, 2, 3, 0],
  ] as const) {
    const all = subsets(n, k);
    const least = Math.max(1, Math.ceil(tau * k));
    const hits = all.filter((subset) => subset.filter((sample) => sample < c).length >= least).length;
    closeTo(gPassAtK({ n, c }, k, tau) ?? Number.NaN, hits / all.length, 1e-12);
  }
  assert.equal(gPassAtK({ n: 3, c: 1 }, 4, 0.5), null);
});

test(
  "Game of 24: 2x2, noise, G-Pass@16 and Cover@tau as published in the data folder",
  { skip: without(ioPath, cotPath) },
  () => {
    const [io, cot] = [readCounts(ioPath as string), readCounts(cotPath as string)];
    const pairs = io.map((count, i) => [count, cot[i] as (typeof cot)[number]] as const);
    const found = coverage(pairs);
    assert.deepEqual(
      [found.both.length, found.aOnly.length, found.bOnly.length, found.neither.length],
      [23, 10, 26, 41],
    );
    closeTo(onlyByNoise(pairs), 8.9, 0.05);
    const gPass = (counts: typeof io) =>
      [0.25, 0.5, 0.75, 1].map(
        (tau) =>
          (100 * counts.reduce((sum, count) => sum + (gPassAtK(count, 16, tau) ?? 0), 0)) / counts.length,
      );
    [12.1064, 6.6335, 2.7724, 0.9297].forEach((value, i) => closeTo(gPass(io)[i] ?? Number.NaN, value, 5e-5));
    [5.5788, 0.7824, 0.0397, 0].forEach((value, i) => closeTo(gPass(cot)[i] ?? Number.NaN, value, 5e-5));
    const taus = [0.01, 0.05, 0.1, 0.25, 0.5, 0.9];
    assert.deepEqual(
      taus.map((tau) => coverAtTau(io, tau)),
      [33, 17, 15, 12, 6, 1],
    );
    assert.deepEqual(
      taus.map((tau) => coverAtTau(cot, tau)),
      [49, 23, 14, 4, 1, 0],
    );
  },
);

interface Cells {
  readonly both: number;
  readonly aOnly: number;
  readonly bOnly: number;
  readonly neither: number;
}

function pairsOf({ both, aOnly, bOnly, neither }: Cells) {
  const [yes, no] = [
    { n: 16, c: 2 },
    { n: 16, c: 0 },
  ];
  return [
    ...copies(both, [yes, yes] as const),
    ...copies(aOnly, [yes, no] as const),
    ...copies(bOnly, [no, yes] as const),
    ...copies(neither, [no, no] as const),
  ];
}

function copies<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value);
}

/** P(X >= c) for X ~ Bin(n, p), by summing the masses one by one from the recursion. */
function upperTail({ c, n, p }: { c: number; n: number; p: number }): number {
  let mass = (1 - p) ** n;
  let below = 0;
  for (let x = 0; x < c; x++) {
    below += mass;
    mass *= ((n - x) / (x + 1)) * (p / (1 - p));
  }
  return 1 - below;
}

import assert from "node:assert/strict";
import test from "node:test";
import { envelope } from "../../../src/core/estimate/forecast/envelope.ts";
import {
  countCells,
  fitBetaBinomial,
  logLikelihood,
  logMasses,
  massSums,
  modelPassAtK,
} from "../../../src/core/estimate/forecast/betaBinomial.ts";
import { forecast, forecastGrid } from "../../../src/core/estimate/forecast/forecast.ts";
import { goodnessOfFit } from "../../../src/core/estimate/forecast/goodnessOfFit.ts";
import { posteriorGrid, posteriorPassAtK } from "../../../src/core/estimate/forecast/posteriorGrid.ts";
import { logGamma, polygammas } from "../../../src/core/estimate/logGamma.ts";
import { studentTail } from "../../../src/core/estimate/studentTail.ts";
import { betaVariate, binomial, closeTo, mean, plainRandom } from "./brute.ts";

test("log gamma and its derivatives: recurrence, reflection at 1/2, differences", () => {
  closeTo(logGamma(0.5), Math.log(Math.PI) / 2, 1e-13);
  for (const x of [1e-5, 0.07, 0.9, 3.3, 14.9, 15.1, 700.25])
    closeTo(logGamma(x + 1), logGamma(x) + Math.log(x), 1e-12 * Math.max(1, Math.abs(logGamma(x))));
  for (const x of [0.3, 2.7, 40.1]) {
    const h = 1e-4;
    const { digamma, trigamma } = polygammas(x);
    closeTo(digamma, (logGamma(x + h) - logGamma(x - h)) / (2 * h), 1e-6);
    closeTo(trigamma, (polygammas(x + h).digamma - polygammas(x - h).digamma) / (2 * h), 1e-5);
  }
  closeTo(polygammas(1).digamma, -0.5772156649015329, 1e-13);
  closeTo(polygammas(1).trigamma, Math.PI ** 2 / 6, 1e-13);
});

test("Student's tail at the tables' points", () => {
  for (const [t, df, p] of [
    [12.706, 1, 0.025],
    [2.228, 10, 0.025],
    [2.0, 60, 0.025],
    [0, 5, 0.5],
  ] as const)
    closeTo(studentTail(t, df), p, 3e-5 + (df === 60 ? 1e-4 : 0));
});

test("beta-binomial masses add up to 1; pass@k of the model is the integral of 1 - (1-p)^k", () => {
  const [a, b, n] = [0.4, 2.5, 12];
  const cells = Array.from({ length: n + 1 }, (_, c) => ({ n, c, multiplicity: 1 }));
  closeTo(mean([...logMasses(cells, a, b)].map(Math.exp)) * (n + 1), 1, 1e-12);
  const random = plainRandom(1);
  const rates = Array.from({ length: 200_000 }, () => betaVariate(random, a, b));
  closeTo(modelPassAtK({ a, b, zeros: 0 }, 30), mean(rates.map((p) => 1 - (1 - p) ** 30)), 0.004);
  closeTo(modelPassAtK({ a, b, zeros: 0.25 }, 30), 0.75 * modelPassAtK({ a, b, zeros: 0 }, 30), 1e-12);
});

function drawCounts(problems: number, n: number, rate: (random: () => number) => number, seed = 7) {
  const random = plainRandom(seed);
  return Array.from({ length: problems }, () => ({ n, c: binomial(random, n, rate(random)) }));
}

test("the fit is a maximum: no neighbour is more likely, wherever Newton starts", () => {
  const cells = countCells(drawCounts(300, 40, (random) => betaVariate(random, 0.3, 2)));
  const fit = fitBetaBinomial(cells, { a: 1, b: 1 });
  const elsewhere = fitBetaBinomial(cells, { a: 0.01, b: 50 });
  closeTo(fit.a, elsewhere.a, 1e-4);
  closeTo(fit.b, elsewhere.b, 1e-3);
  closeTo(fit.a, 0.3, 0.07);
  closeTo(fit.b, 2, 0.7);
  for (const [da, db] of [
    [1.01, 1],
    [0.99, 1],
    [1, 1.01],
    [1, 0.99],
  ] as const)
    assert.ok(logLikelihood(massSums(cells, fit.a * da, fit.b * db)) < fit.logLikelihood);
});

test("zero-inflated: the share of unsolvable problems is found, and with it the curve beyond n", () => {
  const counts = drawCounts(500, 64, (random) => (random() < 0.4 ? 0 : betaVariate(random, 0.8, 1.5)));
  const truth = 0.6 * modelPassAtK({ a: 0.8, b: 1.5, zeros: 0 }, 256);
  const rate = posteriorPassAtK(posteriorGrid(counts, true), 256);
  assert.ok(rate.low <= truth && truth <= rate.high, `${rate.low} ${truth} ${rate.high}`);
  const plain = posteriorPassAtK(posteriorGrid(counts, false), 256);
  assert.ok(plain.value > rate.value + 0.03, "the plain model goes on rising");
});

test("the posterior's interval holds the truth of a beta in most data sets (simulated at length elsewhere)", () => {
  const truth = modelPassAtK({ a: 0.2, b: 1, zeros: 0 }, 64);
  let hits = 0;
  const repetitions = 25;
  for (let i = 0; i < repetitions; i++) {
    const counts = drawCounts(60, 16, (random) => betaVariate(random, 0.2, 1), 100 + i);
    const { low, high } = posteriorPassAtK(posteriorGrid(counts, false), 64);
    if (low <= truth && truth <= high) hits++;
  }
  assert.ok(hits >= 22, String(hits));
});

test("the envelope holds any law's curve beyond n, and begins at pass@n", () => {
  const random = plainRandom(2);
  const rates = Array.from({ length: 200 }, () => (random() < 0.3 ? 0.004 : random() ** 2));
  const counts = rates.map((p) => ({ n: 64, c: binomial(random, 64, p) }));
  const points = envelope(counts, { n: 64, ks: [65, 128, 1024] });
  for (const { k, least, most, low, high } of points) {
    const truth = mean(rates.map((p) => 1 - (1 - p) ** k));
    assert.ok(low <= truth && truth <= high, `k ${k}: ${low} ${truth} ${high}`);
    assert.ok(low <= least && least <= most && most <= high && high <= 1);
  }
  const [f0, f1] = [0, 1].map((c) => counts.filter((count) => count.c === c).length) as [number, number];
  const last = points[2] ?? assert.fail();
  closeTo(last.least, 1 - f0 / 200, 1e-12);
  closeTo(last.most, 1 - (f0 / 200) * (f0 / (f0 + f1 / 64)) ** 960, 1e-9);
});

test("refusals: each reason alone, and no model value with one", () => {
  const beta = (random: () => number) => betaVariate(random, 0.2, 2);
  const reasons = (counts: readonly { n: number; c: number }[], ks: number[] = [14, 100]) => {
    const found = forecast(counts, ks);
    for (const point of found?.points ?? [])
      assert.equal(point.betaBinomial === null, point.refusals.length > 0);
    return found?.refusals;
  };
  assert.deepEqual(reasons(drawCounts(100, 64, beta)), []);
  assert.deepEqual(reasons(drawCounts(29, 64, (random) => random() ** 6))?.[0], "fewProblems");
  assert.deepEqual(reasons(drawCounts(200, 7, beta)), ["fewSamples"]);
  assert.deepEqual(reasons(drawCounts(60, 64, () => 0.9)), ["allSolved", "fewSolvedOnce"]);
  assert.deepEqual(reasons(drawCounts(60, 64, () => 0)), ["noneSolved", "fewSolvedOnce"]);
  assert.ok(reasons(drawCounts(200, 64, (random) => (random() < 0.5 ? 0.02 : 0.6)))?.includes("poorFit"));
  const far = forecast(drawCounts(100, 64, beta), [128, 257]);
  assert.deepEqual(
    far?.points.map(({ refusals }) => refusals.includes("tooFar")),
    [false, true],
  );
  assert.equal(forecast([], null), null);
});

test("the test of fit is even for data of the model", () => {
  const ps = Array.from({ length: 24 }, (_, i) => {
    const counts = drawCounts(40, 16, (random) => betaVariate(random, 0.4, 1.5), 300 + i);
    return goodnessOfFit(counts, fitBetaBinomial(countCells(counts), { a: 1, b: 1 }), i);
  });
  const below = (x: number) => ps.filter((p) => p <= x).length / ps.length;
  assert.ok(below(0.05) <= 0.15 && below(0.5) > 0.3 && below(0.5) < 0.7, ps.join(" "));
});

test("the forecast's grid begins after n and ends at 4 n", () => {
  const ks = forecastGrid(64);
  assert.ok((ks[0] ?? 0) > 64 && ks.at(-1) === 256);
});

// Runs under a stop plan as the panels and commands see them: compareRuns is unbiased at every k by exact enumeration of all
// sequences of draws, the 2x2 is that of all samples, and what needs all samples is refused, never shown wrong.
import assert from "node:assert/strict";
import test from "node:test";
import { type IndexedSample, tallyStopped, withReach } from "../../../src/core/dataset/stoppedTally.ts";
import { tallySamples } from "../../../src/core/dataset/tallySamples.ts";
import type { StopPlan } from "../../../src/core/estimate/adaptive/stopPlan.ts";
import { compareRuns, countOf } from "../../../src/core/estimate/compareRuns.ts";
import { confirmedLost } from "../../../src/core/estimate/confirmedLost.ts";
import { coverage } from "../../../src/core/estimate/coverage.ts";
import { isCutOff } from "../../../src/core/estimate/countValues.ts";
import { crossover } from "../../../src/core/estimate/crossover.ts";
import { gap } from "../../../src/core/estimate/gap.ts";
import { histogram } from "../../../src/core/estimate/histogram.ts";
import { newlySolved } from "../../../src/core/estimate/newlySolved.ts";
import { onlyByNoise } from "../../../src/core/estimate/onlyByNoise.ts";
import { parity } from "../../../src/core/estimate/parity.ts";
import { rateInterval } from "../../../src/core/estimate/rateInterval.ts";
import { meterWords, stoppedMeter, stoppedRefusal } from "../../../src/core/estimate/stoppedRun.ts";
import type { Problem, ProblemTally, RunTally } from "../../../src/core/model.ts";
import { closeTo, plainRandom } from "./brute.ts";

const problemAt = (index: number): Problem => ({
  key: `p${index}`,
  id: String(index),
  index,
  question: "?",
  gold: "1",
  line: null,
});

const samplesOf = (draws: readonly boolean[]): IndexedSample[] =>
  draws.map((right, index) => [
    index,
    {
      outcome: { kind: "ok" },
      verdict: { kind: right ? "correct" : "incorrect", how: "", extracted: right ? "1" : "0" },
    },
  ]);

function runOf(name: string, problems: readonly ProblemTally[], plan: StopPlan | null): RunTally {
  const common = {
    id: name,
    name,
    role: "other",
    dataset: "d",
    protocol: null,
    verifier: "x",
    metadata: {},
  } as const;
  return plan === null
    ? { ...common, problems }
    : { ...common, stopPlan: plan, problems: withReach(problems) };
}

function stoppedRun(
  name: string,
  plan: StopPlan,
  sequences: readonly (readonly boolean[])[],
  heads: (problem: number) => boolean = () => true,
): RunTally {
  const problems = sequences.map((draws, i) =>
    tallyStopped(problemAt(i), samplesOf(draws), { plan, heads: () => heads(i) }),
  );
  return runOf(name, problems, plan);
}

const uniformRun = (name: string, sequences: readonly (readonly boolean[])[]): RunTally =>
  runOf(
    name,
    sequences.map((draws, i) =>
      tallySamples(
        problemAt(i),
        samplesOf(draws).map(([, sample]) => sample),
      ),
    ),
    null,
  );

/** All sequences of n draws with their probability. */
function* sequencesOf(n: number, p: number): Generator<{ draws: boolean[]; weight: number }> {
  for (let bits = 0; bits < 2 ** n; bits++) {
    const draws = Array.from({ length: n }, (_, i) => ((bits >> i) & 1) === 1);
    const right = draws.filter(Boolean).length;
    yield { draws, weight: p ** right * (1 - p) ** (n - right) };
  }
}

const everyK = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
const quick = { draws: 2, pairs: "reference" } as const;

test("compareRuns on stopped runs is unbiased at every k up to nMax, with and without a random tail", () => {
  const nMax = 7;
  for (const r of [1, 2, 4])
    for (const tail of [null, { n0: 3, probability: 0.5 }] as const)
      for (const p of [0.1, 0.55]) {
        const expected = new Float64Array(nMax);
        for (const { draws, weight } of sequencesOf(nMax, p))
          for (const [heads, chance] of tail
            ? ([
                [true, tail.probability],
                [false, 1 - tail.probability],
              ] as const)
            : ([[true, 1]] as const)) {
            const run = stoppedRun("a", { r, nMax, tail }, [draws], () => heads);
            const { curve, nMax: reach } = compareRuns([run], { ...quick, ks: everyK(nMax) }).runs[0]!;
            assert.equal(reach, nMax);
            assert.equal(curve.length, nMax);
            for (const { k, passAtK } of curve) expected[k - 1]! += weight * chance * passAtK;
          }
        for (const k of everyK(nMax)) closeTo(expected[k - 1]!, 1 - (1 - p) ** k, 1e-12);
      }
});

test("the difference and dSE of a stopped and a plain run are unbiased too", () => {
  const [nMax, n, pa, pb] = [5, 3, 0.3, 0.7];
  const plan = { r: 2, nMax };
  let [difference, dSE] = [0, 0];
  for (const a of sequencesOf(nMax, pa))
    for (const b of sequencesOf(n, pb)) {
      const runs = [stoppedRun("a", plan, [a.draws]), uniformRun("b", [b.draws])] as const;
      const report = compareRuns(runs, { ...quick, ks: [3], referenceId: "b" });
      difference += a.weight * b.weight * report.differences[0]!.points[0]!.difference;
      const pair = [countOf(runs[0].problems[0]!), countOf(runs[1].problems[0]!)] as const;
      dSE += a.weight * b.weight * gap([pair], nMax, { draws: 2 })!.gap;
    }
  closeTo(difference, (1 - pb) ** 3 - (1 - pa) ** 3, 1e-12);
  closeTo(dSE, 1 - (1 - pa) ** nMax - pb, 1e-12);
});

function madeSequences(seed: number, problems: number, n: number): boolean[][] {
  const random = plainRandom(seed);
  return Array.from({ length: problems }, (_, i) => {
    const p = i % 4 === 0 ? 0 : random() ** 3;
    return Array.from({ length: n }, () => random() < p);
  });
}

test("2x2, newly solvable and pass@nMax are those of all samples, for every threshold up to r", () => {
  const [nMax, r] = [64, 3];
  const [a, b] = [madeSequences(1, 80, nMax), madeSequences(2, 80, nMax)];
  const counts = (run: RunTally) => run.problems.map((tally) => countOf(tally));
  const pairsOf = (one: RunTally, other: RunTally) =>
    counts(one).map((count, i) => [count, counts(other)[i]!] as const);
  const plan = { r, nMax };
  const stopped = [stoppedRun("a", plan, a), stoppedRun("b", plan, b)] as const;
  const uniform = [uniformRun("a", a), uniformRun("b", b)] as const;
  for (const threshold of [1, 2, 3])
    assert.deepEqual(coverage(pairsOf(...stopped), threshold), coverage(pairsOf(...uniform), threshold));
  assert.deepEqual(newlySolved(counts(stopped[0])), newlySolved(counts(uniform[0])));
  const [ofStopped, ofUniform] = [compareRuns(stopped, quick), compareRuns(uniform, quick)];
  closeTo(ofStopped.runs[0]!.curve.at(-1)!.passAtK, ofUniform.runs[0]!.curve.at(-1)!.passAtK, 1e-12);
  const meter = stoppedMeter(stopped[0])!;
  assert.equal(meter.uniform, 80 * nMax);
  assert.ok(meter.problemsOver === 80 && meter.spent === 80 * nMax);
  assert.equal(ofStopped.runs[0]!.stopped!.spent, meter.spent);
});

test("what came back behind a stop is discarded but paid for; a gap leaves a problem unfinished", () => {
  const plan = { r: 1, nMax: 4 };
  const right = samplesOf([false, true, true, false]);
  const whole = tallyStopped(problemAt(0), [...right].reverse(), { plan, heads: () => true });
  assert.deepEqual([whole.n, whole.c, whole.stopped?.made, whole.stopped?.over], [2, 1, 4, true]);
  const gapped = tallyStopped(problemAt(1), right.slice(1), { plan, heads: () => true });
  assert.deepEqual([gapped.n, gapped.c, gapped.stopped?.over], [0, 0, false]);
});

test("while a problem is unfinished, the whole run reaches no further than it: the hard ones are not left out", () => {
  const plan = { r: 1, nMax: 10, tail: { n0: 2, probability: 0.5 } };
  const [easy, hard, notBegun] = [[true], [false, false, false, false], []];
  const run = stoppedRun("a", plan, [easy, hard, notBegun]);
  const { runs } = compareRuns([run], { ...quick, ks: everyK(10) });
  assert.deepEqual(
    runs[0]!.curve.map(({ k, problems }) => [k, problems]),
    everyK(4).map((k) => [k, 2]),
  );
  assert.deepEqual([runs[0]!.stopped!.problemsOver, runs[0]!.nMax], [1, 4]);
  const cut = stoppedRun("a", plan, [easy, [false, false]], () => false);
  assert.equal(compareRuns([cut], quick).runs[0]!.nMax, 10);
  assert.ok(isCutOff(countOf(cut.problems[1]!)));
  assert.equal(stoppedMeter(cut)!.notContinued, 1);
});

test("shares of right answers, votes and per-problem tests are refused, never shown", () => {
  const run = stoppedRun("low", { r: 1, nMax: 4 }, [[true], [false, true]]);
  const counts = run.problems.map((tally) => countOf(tally));
  assert.deepEqual(
    histogram(counts),
    Array.from({ length: 12 }, () => 0),
  );
  const pairs = counts.map((count) => [count, { n: 4, c: 0 }] as const);
  assert.deepEqual(confirmedLost(pairs), []);
  assert.ok(Number.isNaN(onlyByNoise(pairs)));
  assert.equal(newlySolved(counts).f1, Infinity);
  const [report] = compareRuns([run], quick).runs;
  assert.deepEqual([report!.majority, report!.majorityOfAll], [null, null]);
  assert.deepEqual(compareRuns([run], { ...quick, finishedOnly: true }).runs[0]!.curve, []);
  assert.deepEqual(compareRuns([run], { ...quick, interval: "fixed" }).runs[0]!.curve, []);
  assert.match(
    stoppedRefusal([run], "The histogram")!,
    /^The histogram cannot be told of low: .* for the histogram sample/,
  );
  assert.equal(stoppedRefusal([uniformRun("b", [[true]])], "The histogram"), null);
});

test("fixed target: an interval with r >= 2 and no tail, none else", () => {
  const sequences = madeSequences(5, 60, 32);
  const fixed = (plan: StopPlan) =>
    compareRuns([stoppedRun("a", plan, sequences)], { ...quick, interval: "fixed" }).runs[0]!.curve;
  const points = fixed({ r: 2, nMax: 32 });
  assert.equal(points.at(-1)!.k, 32);
  assert.ok(points.every(({ low, passAtK, high }) => low < passAtK && passAtK < high));
  assert.deepEqual(fixed({ r: 1, nMax: 32 }), []);
  assert.deepEqual(fixed({ r: 2, nMax: 32, tail: { n0: 8, probability: 0.5 } }), []);
});

test("a crossover of stopped runs is looked for up to nMax", () => {
  const [a, b] = [madeSequences(1, 80, 16), madeSequences(9, 80, 16)];
  const plan = { r: 2, nMax: 16 };
  const [one, other] = [stoppedRun("a", plan, a), stoppedRun("b", plan, b)];
  const pairs = one.problems.map((tally, i) => [countOf(tally), countOf(other.problems[i]!)] as const);
  const found = crossover(pairs, { draws: 200 })!;
  assert.deepEqual([found.kEnd, found.problems], [16, 80]);
});

test("the parity line names another way of sampling", () => {
  const plan = { r: 2, nMax: 256, tail: { n0: 64, probability: 0.5 } };
  const { same, sentence } = parity([stoppedRun("rl", plan, []), uniformRun("base", [])]);
  assert.equal(same, false);
  assert.match(
    sentence,
    /rl until 2 are right, at most 256, unsolved after 64 goes on with probability 0\.5/,
  );
  assert.ok(parity([stoppedRun("a", plan, []), stoppedRun("b", plan, [])]).same);
});

test("the meter's words", () => {
  assert.equal(meterWords({ uniform: 15_000, spentOnThese: 9120 }), "spent 9,120 of 15,000: 39 % saved");
  assert.equal(meterWords({ uniform: 0, spentOnThese: 0 }), "no problem is over yet");
});

test("one problem's interval holds its rate at least 95 % of the time, by enumeration of every end point", () => {
  for (const { r, nMax } of [
    { r: 1, nMax: 20 },
    { r: 2, nMax: 30 },
    { r: 4, nMax: 24 },
  ])
    for (const p of [0.01, 0.05, 0.2, 0.5, 0.8, 0.97]) {
      const plan = { r, nMax };
      let covered = 0;
      /** Chances of being under way with so many right. */
      let alive = new Map([[0, 1]]);
      for (let n = 1; n <= nMax; n++) {
        const next = new Map<number, number>();
        for (const [before, chance] of alive)
          for (const [c, of] of [
            [before + 1, chance * p],
            [before, chance * (1 - p)],
          ] as const) {
            if (c < r && n < nMax) {
              next.set(c, (next.get(c) ?? 0) + of);
              continue;
            }
            const { low, high } = rateInterval({ n, c, stop: plan });
            if (low <= p && p <= high) covered += of;
          }
        alive = next;
      }
      assert.ok(covered >= 0.95, `r ${r}, n ${nMax}, p ${p}: ${covered}`);
    }
});

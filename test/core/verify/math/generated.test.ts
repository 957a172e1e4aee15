// Gates false positives at none: rewrites, near misses and cross pairs of the golds of public benchmarks and our own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyMathPair } from "../../../../src/core/verify/math/mathVerifier.ts";
import { generate, nearMisses, rewrites } from "./generate.ts";
import { benchmarkGolds, ownGolds } from "./golds.ts";

const all = [...generate(benchmarkGolds())];

test("every rule of the generator is used on our own golds", () => {
  const used = new Set([...generate(ownGolds)].map(({ rule }) => rule));
  assert.deepEqual(
    [...Object.keys(rewrites), ...Object.keys(nearMisses)].filter((rule) => !used.has(rule)),
    [],
  );
});

test("near misses are never equal", () => {
  const wrong = all.filter(
    ({ gold, response, expected }) =>
      expected === "different" && verifyMathPair(gold, response).verdict === "equal",
  );
  assert.deepEqual(wrong, []);
});

test("near misses are decided", () => {
  const undecided = all.filter(
    ({ gold, response, expected }) =>
      expected === "different" && verifyMathPair(gold, response).verdict === "undecided",
  );
  assert.deepEqual(undecided, []);
});

test("rewrites are equal", () => {
  const wrong = all.filter(
    ({ gold, response, expected }) =>
      expected === "equal" && verifyMathPair(gold, response).verdict !== "equal",
  );
  assert.deepEqual(wrong, []);
});

/** The value of a plain gold, to know which cross pairs are numerically distinct. */
function valueOf(gold: string): number | null {
  const fraction = /^(-?)\\[dt]?frac\s*\{?(\d+?)\}?\s*\{?(\d+)\}?$/.exec(gold);
  if (fraction !== null) return (Number(`${fraction[1]}1`) * Number(fraction[2])) / Number(fraction[3]);
  return /^-?\d*\.?\d+$/.test(gold) ? Number(gold) : null;
}

test("two different numbers are never equal, in any of 40,000 cross pairs", () => {
  const numbers = benchmarkGolds()
    .map((gold) => ({ gold, value: valueOf(gold) }))
    .filter(({ value }) => value !== null)
    .slice(-200);
  assert.ok(numbers.length >= 10);
  for (const a of numbers) {
    for (const b of numbers) {
      const same = Math.abs(a.value! - b.value!) < 1e-9;
      const { verdict } = verifyMathPair(a.gold, `\\boxed{${b.gold}}`);
      assert.equal(verdict, same ? "equal" : "notEqual", `${a.gold} and ${b.gold}`);
    }
  }
});

/** Pairs of our own golds that are one answer. */
const oneAnswer = new Set(["3:5|0.6"]);

test("different golds of our own are never equal, nor undecided", () => {
  for (const gold of ownGolds) {
    for (const other of ownGolds) {
      if (gold === other || oneAnswer.has(`${gold}|${other}`)) continue;
      assert.equal(verifyMathPair(gold, `\\boxed{${other}}`).verdict, "notEqual", `${gold} and ${other}`);
    }
  }
});

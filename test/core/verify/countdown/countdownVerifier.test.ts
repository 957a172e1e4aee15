import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fc } from "../../../fastCheck.ts";
import type { CountdownProblem } from "../../../../src/core/verify/countdown/problem.ts";
import { countdownVerifier } from "../../../../src/core/verify/countdown/countdownVerifier.ts";
import { verifierFor } from "../../../../src/core/verify/verifierFor.ts";
import { verifierId } from "../../../../src/core/verify/verifierSpec.ts";
import type { Verdict } from "../../../../src/core/model.ts";
import { derivations, isDerivation } from "./derivations.ts";

const [strict, answer] = [countdownVerifier("strict"), countdownVerifier("answer")];
const example: CountdownProblem = { numbers: [2, 4, 7, 7], target: 36 };
const right = ` 7 + 4 = 11 left: 2 7 11
 11 + 7 = 18 left: 2 18
 18 * 2 = 36
Answer: 36`;

/** As the demo models were trained on it. */
const countdownPrompt = ({ numbers, target }: CountdownProblem): string =>
  `Numbers: ${numbers.join(" ")}\nTarget: ${target}\n`;

function judged(response: string, problem = example, verifier = strict): Verdict {
  const verdict = verifier.verify({
    question: countdownPrompt(problem),
    gold: `${problem.target}`,
    response,
  });
  assert.ok(!(verdict instanceof Promise));
  return verdict;
}

const how = (response: string): string => {
  const verdict = judged(response);
  return "how" in verdict ? `${verdict.kind}: ${verdict.how}` : verdict.kind;
};

describe("countdown@1", () => {
  it("has a name and version for each mode", () => {
    assert.deepEqual([strict.id, answer.id], ["countdown@1:strict", "countdown@1:answer"]);
  });

  it("accepts the trace of the task's description, with the numbers left in any order and any line ends", () => {
    assert.deepEqual(judged(right), { kind: "correct", how: "every step", extracted: "36" });
    assert.equal(judged(right.replace("2 7 11", "11 2 7")).kind, "correct");
    assert.equal(judged(`${right.replaceAll("\n", "\r\n")}\n`).kind, "correct");
    assert.equal(judged(right.replace("= 36", "= 36 left: 36")).kind, "correct");
  });

  it("names the first rule that a trace breaks", () => {
    const broken: Readonly<Record<string, string>> = {
      [right.replace("7 + 4", "7 + 3")]: "incorrect: step 1: 7 and 3 are not both left",
      [right.replace("7 + 4", "4 + 4")]: "incorrect: step 1: 4 and 4 are not both left",
      [right.replace("4 = 11", "4 = 12")]: "incorrect: step 1: 7 + 4 is not 12",
      [right.replace("2 7 11", "2 7 12")]: "incorrect: step 1: left are 2 7 11",
      [right.replace("2 7 11", "7 11")]: "incorrect: step 1: left are 2 7 11",
      [right.replace(" left: 2 18", "")]: "incorrect: step 2: the numbers left are missing",
      [right.replace("18 * 2 = 36", "18 - 2 = 16")]: "incorrect: the answer is not the last result, 16",
      [right.replace("18 * 2 = 36\nAnswer: 36", "18 - 2 = 16\nAnswer: 16")]:
        "incorrect: the result is not the target, 36",
      [right.replace(" 18 * 2 = 36\n", "")]: "incorrect: step 3: not a step such as 7 + 4 = 11 left: 2 7 11",
      [right.replace("\nAnswer: 36", "")]: "incorrect: no answer after the last step",
      [`${right}\nNumbers: 1 2 3 4`]: "incorrect: text after the answer",
      " 7 * 7 = 49 left: 2 4 49\n 49 + 4 = 53 left: 2 53\n": "incorrect: step 2: 53 is above 50",
      " 2 / 4 = 0 left: 0 7 7\n": "incorrect: step 1: 2 / 4 is not 0",
      " 2 - 4 = 2 left: 2 7 7\n": "incorrect: step 1: 2 - 4 is not 2",
      "no idea": "unparsed",
    };
    for (const [response, expected] of Object.entries(broken)) assert.equal(how(response), expected);
  });

  it("looks at the last number alone in the answer mode", () => {
    const cheat = " 7 + 4 = 12 left: 2 2 2\nAnswer: 36";
    assert.deepEqual(judged(cheat, example, answer), {
      kind: "correct",
      how: "last number",
      extracted: "36",
    });
    assert.equal(judged(cheat).kind, "incorrect");
    assert.equal(judged(`${right}\nAnswer: 35`, example, answer).kind, "incorrect");
    assert.equal(judged("none", example, answer).kind, "unparsed");
  });

  it("is undecided about the answer to another question", () => {
    const verdict = strict.verify({ question: "What is 6 * 6?", gold: "36", response: right });
    assert.deepEqual(verdict, {
      kind: "undecided",
      reason: "the question is no Countdown problem",
      extracted: "36",
    });
  });

  it("suits a dataset whose every question is of the task", () => {
    const problem = { question: countdownPrompt(example) };
    assert.equal(verifierId(verifierFor([problem, problem])), "countdown@1:strict");
    for (const problems of [[], [problem, { question: "What is 6 * 6?" }]])
      assert.equal(verifierId(verifierFor(problems)), "math@1:standard");
  });
});

const cards = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 4, maxLength: 4 });

describe("countdown@1:strict against every derivation there is", () => {
  it("accepts every derivation of the target, and nothing of another target", () => {
    fc.assert(
      fc.property(cards, fc.nat(), (numbers, pick) => {
        const all = derivations(numbers);
        const { text, result } = all[pick % all.length]!;
        assert.equal(judged(text, { numbers, target: result }).kind, "correct", text);
        assert.equal(judged(text, { numbers, target: result }, answer).kind, "correct", text);
        assert.equal(judged(text, { numbers, target: result + 1 }).kind, "incorrect", text);
      }),
      { numRuns: 40, seed: 7 },
    );
  });

  it("judges a trace with one or two tokens exchanged, dropped or doubled as the list of all derivations does", () => {
    const edit = fc.record({ at: fc.nat(), token: fc.nat(), kind: fc.nat({ max: 3 }) });
    let stillRight = 0;
    fc.assert(
      fc.property(cards, fc.nat(), fc.array(edit, { minLength: 1, maxLength: 2 }), (numbers, pick, edits) => {
        const all = derivations(numbers);
        const { text, result } = all[pick % all.length]!;
        const changed = edits.reduce(edited, text);
        const problem = { numbers, target: result };
        const expected = isDerivation(changed, problem);
        stillRight += expected ? 1 : 0;
        assert.equal(judged(changed, problem).kind === "correct", expected, changed);
      }),
      { numRuns: 150, seed: 11 },
    );
    assert.ok(stillRight > 0 && stillRight < 75, `${stillRight} of the changed traces are still right`);
  });
});

const vocabulary = ["+", "-", "*", "/", "=", "left:", "Answer:", "\n", ...Array.from({ length: 52 }, String)];

function edited(
  text: string,
  { at, token, kind }: { readonly at: number; readonly token: number; readonly kind: number },
): string {
  const tokens = text.match(/\n|[^\s]+/g) ?? [];
  const place = tokens.length === 0 ? 0 : at % tokens.length;
  const numbers = tokens.filter((other) => /\d/.test(other));
  const word = vocabulary[token % vocabulary.length]!;
  if (kind === 0) tokens.splice(place, 1);
  else if (kind === 1) tokens.splice(place, 0, tokens[place] ?? word);
  else tokens[place] = kind === 2 ? (numbers[token % numbers.length] ?? word) : word;
  return tokens.join(" ").replaceAll(/ ?\n ?/g, "\n ");
}

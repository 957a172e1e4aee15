import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Verdict } from "../../../src/core/model.ts";
import { choiceVerifier } from "../../../src/core/verify/choice.ts";
import { optionsOf } from "../../../src/core/verify/choice/options.ts";
import { processorMs } from "./processorMs.ts";

const capitals = "What is the capital of France?\nA. Berlin\nB. Paris\nC. Rome\nD. A good question";
const values = "Compute $x$.\n$\\textbf{(A)}\\ 40\\qquad\\textbf{(B)}\\ \\frac{1}{2}\\qquad\\textbf{(C)}\\ 42\\qquad\\textbf{(D)}\\ 2\\sqrt{3}\\qquad\\textbf{(E)}\\ 50$"; // prettier-ignore
const verify = (gold: string, response: string, question = capitals): Verdict =>
  choiceVerifier.verify({ question, gold, response }) as Verdict;
const chosen = (response: string, question = capitals): string | null => {
  const verdict = verify("B", response, question);
  return verdict.kind === "unparsed" ? null : "extracted" in verdict ? verdict.extracted : verdict.kind;
};

/** [response, letter] */
const letters: readonly (readonly [string, string])[] = [
  ["B", "B"], ["(B)", "B"], ["B.", "B"], ["b", "B"], ["(b)", "B"], ["**B**", "B"], ["$B$", "B"], ["B) Paris", "B"], ["B. Paris", "B"], ["B: Paris", "B"], ["(B) Paris", "B"], ["Option B", "B"], ["\\text{(C)}", "C"],
  ["\\boxed{B}", "B"], ["\\boxed{\\text{B}}", "B"], ["\\boxed{\\text{(B)}}", "B"], ["\\boxed{\\textbf{(B)}}", "B"], ["\\boxed{\\textbf{(B)}~Paris}", "B"], ["\\boxed{\\textbf{(B) }\\text{Paris}}", "B"], ["$\\boxed{\\mathrm{B}}$", "B"], ["\\boxed{(b)}", "B"], ["\\boxed{b}", "B"], ["\\boxed{Paris}", "B"], ["\\boxed{\\text{Paris}}", "B"], ["\\boxed{B. Paris}", "B"],
  ["#### B", "B"], ["<answer>B</answer>", "B"], ["<answer> (B) Paris </answer>", "B"], ["<think>(A)? The answer is A.</think>The answer is (B).", "B"], ["\\boxed{A} no wait, \\boxed{B}", "B"],
  ["The answer is B.", "B"], ["The answer is (B).", "B"], ["the answer is (b)", "B"], ["The answer is: **B**", "B"], ["**The answer is (B) Paris.**", "B"], ["The correct answer is B, since Paris is the capital.", "B"], ["The correct option is (B).", "B"], ["The correct choice is **B**", "B"], ["Answer: B", "B"], ["**Answer:** B", "B"], ["**Answer: B**", "B"], ["Final Answer: (B)", "B"], ["Answer (B)", "B"], ["Answer: $\\textbf{(B)}$", "B"], ["Answer: B. Paris", "B"], ["Answer: B because Paris is the capital", "B"], ["Answer: option B", "B"], ["The answer is option (B): Paris", "B"],
  ["The answer is Paris.", "B"], ["The answer is **Paris**.", "B"], ["Paris", "B"], ["The answer is \"Paris\".", "B"], ["So I would choose B.", "B"], ["I'd go with (B).", "B"], ["(B) is correct.", "B"], ["Thus (B) is the correct answer.", "B"], ["So B is correct.", "B"], ["Therefore, option B is the right answer.", "B"],
  ["答案是B", "B"], ["答案：B", "B"], ["答案为 B。", "B"], ["因此，选B。", "B"], ["故选：B", "B"], ["正确选项是（B）", "B"], ["所以选择 B 项", "B"],
  ["(A) is wrong, (C) is wrong. The answer is (B).", "B"], ["The answer is A. Wait, no. The answer is B.", "B"], ["As (A) says, Berlin is large, but (B) is correct.", "B"], ["Answer: A\n\nOn reflection:\n\nAnswer: B", "B"], ["Let me think.\nBerlin is in Germany.\n\n**B**", "B"], ["The answer is A.", "A"], ["A", "A"], ["Answer: A", "A"], ["The answer is A, Berlin.", "A"], ["The answer is A because it is.", "A"],
]; // prettier-ignore

/** No option is chosen: articles, pronouns, names, negations. */
const none: readonly string[] = [
  "The answer is a prime number.", "A good answer is hard to find.", "A", "I think so.", "The answer is A number that I do not know.", "Answer: I don't know", "The answer isn't A.", "The answer is not B.", "The answer cannot be (A).", "(A) is incorrect.", "(A) is not correct.", "Vitamin C is the answer to everything.", "Plan B is correct in most cases.", "The answer to this is unclear.", "As a rule, a capital is a city.", "Is it A? Is it B? I wonder.", "The answer is Berlinale.", "An answer: a city.", "Both A's and B's arguments hold.", "I choose a city at random.", "I choose A city at random.", "In France, A. Camus is known. The answer is unknown.", "", "The answer is", "Option", "Dr. B said so.", "选项很多，答案不清楚",
].filter((response) => response !== "A"); // prettier-ignore

describe("choice@1", () => {
  it("has its name and version", () => assert.equal(choiceVerifier.id, "choice@1"));

  for (const [response, letter] of letters)
    it(`${JSON.stringify(response)} chooses ${letter}`, () => assert.equal(chosen(response), letter));

  for (const response of none)
    it(`${JSON.stringify(response)} chooses nothing`, () => assert.equal(chosen(response), null));

  it("the gold answer is a letter, a dressed letter, an option's text or its number from 0", () => {
    for (const gold of ["B", "b", "(B)", "B.", "\\text{(B)}", "\\textbf{(B)}", "B) Paris", "(B) Paris", "Paris", "paris", "1", "#### B", "\\boxed{B}"])
      assert.deepEqual(verify(gold, "The answer is (B)."), { kind: "correct", how: "letter", extracted: "B" }, gold); // prettier-ignore
    for (const gold of ["A", "C", "Rome", "0", "2"]) assert.equal(verify(gold, "The answer is (B).").kind, "incorrect", gold); // prettier-ignore
  });

  it("an option's text wins over a number that could be an index", () => {
    const question = "How many?\n(A) 1\n(B) 2\n(C) 3";
    assert.equal(verify("2", "(B)", question).kind, "correct");
    assert.equal(verify("2", "(C)", question).kind, "incorrect");
  });

  it("takes the value of an option for its letter, however it is written", () => {
    for (const [answer, letter] of [
      ["0.5", "B"],
      ["\\frac12", "B"],
      ["\\sqrt{12}", "D"],
      ["42", "C"],
      ["42.0", "C"],
    ] as const)
      // prettier-ignore
      assert.equal(chosen(`The answer is \\boxed{${answer}}.`, values), letter, answer);
    assert.deepEqual(verify("C", "\\boxed{41}", values), {
      kind: "incorrect",
      how: "no option",
      extracted: "41",
    });
  });

  it("an article or initial that begins an option's text is not its letter", () => {
    const question = "Which?\nA. E. coli\nB. A. thaliana\nC. D. rerio\nD. A good guess";
    assert.equal(chosen("The answer is A. thaliana", question), "B");
    assert.equal(chosen("\\boxed{\\text{E. coli}}", question), "A");
    assert.equal(chosen("The answer is A good guess.", question), "D");
    assert.equal(chosen("Answer: a good guess", question), "D");
  });

  it("two letters are no answer to a question with one, and one is none to a question with two", () => {
    for (const response of ["The answer is A or B.", "\\boxed{A, B}", "Answer: (A) and (B)", "Answer: A, B"])
      assert.deepEqual(
        verify("B", response),
        { kind: "incorrect", how: "letter", extracted: "AB" },
        response,
      );
    for (const gold of ["AC", "A, C", "A,C", "A and C", "(A), (C)"])
      for (const response of [
        "\\boxed{AC}",
        "\\boxed{A, C}",
        "Answer: A and C",
        "Answer: C, A",
        "选AC",
        "\\boxed{A} and \\boxed{C}",
      ])
        assert.equal(verify(gold, response).kind, "correct", `${gold} | ${response}`);
    assert.equal(verify("AC", "\\boxed{A}").kind, "incorrect");
    assert.equal(verify("AC", "\\boxed{ABC}").kind, "incorrect");
  });

  it("words of letters are no choices", () => {
    assert.equal(chosen("The answer is BAD.", "No options here."), null);
    assert.equal(verify("AC", "The answer is CAB.").kind, "unparsed");
  });

  it("without options in the question a letter is still a letter", () => {
    assert.equal(verify("C", "The answer is (C).", "Look at the picture.").kind, "correct");
    assert.equal(verify("C", "\\boxed{C}", "Look at the picture.").kind, "correct");
    assert.equal(verify("C", "\\boxed{7}", "Look at the picture.").kind, "incorrect");
    assert.equal(verify("Paris", "\\boxed{Paris}", "Capital of France?").kind, "correct");
    assert.equal(verify("Paris", "\\boxed{Rome}", "Capital of France?").kind, "incorrect");
  });

  it("a gold answer that the question does not list cannot be judged by", () => {
    assert.equal(verify("F", "The answer is B.").kind, "undecided");
  });

  it("is quick with hostile text", () => {
    for (const piece of [
      "answer ",
      "answer is ",
      "(A) ",
      "A. ",
      "\\boxed{",
      "\\text{",
      " ",
      "* ",
      "选",
      "A, ",
      "A and ",
      "$",
      "#### ",
      "<answer>",
      "\n",
      "(",
      "the option to the answer of ",
    ]) {
      const text = piece.repeat(100_000);
      const tookMs = processorMs(() => {
        verify("B", text, text);
        verify(text.slice(0, 5000), "The answer is B", text);
        verify("B", `The answer is ${text}`);
      });
      assert.ok(tookMs < 1000, `${JSON.stringify(piece)}: ${tookMs.toFixed(0)} ms`);
    }
  });
});

describe("optionsOf", () => {
  const texts = (question: string): readonly string[] =>
    optionsOf(question).map(({ letter, text }) => `${letter}=${text}`);

  it("reads lists of every dress", () => {
    const wanted = ["A=1", "B=2", "C=3"];
    for (const question of [
      "Q?\nA. 1\nB. 2\nC. 3", "Q?\nA) 1\nB) 2\nC) 3", "Q?\n(A) 1\n(B) 2\n(C) 3", "Q?\nA: 1\nB: 2\nC: 3", "Q?\n\nA、1\nB、2\nC、3", "Q? (A) 1 (B) 2 (C) 3", "Q? A. 1 B. 2 C. 3", "Q?\n- A. 1\n- B. 2\n- C. 3", "Q?\n**A.** 1\n**B.** 2\n**C.** 3", "Q?\n（A）1 （B）2 （C）3",
      "Q? $\\textbf{(A)}\\ 1\\qquad\\textbf{(B)}\\ 2\\qquad\\textbf{(C)}\\ 3$", "Q?\n$\\mathrm{(A)} 1 \\quad \\mathrm{(B)} 2 \\quad \\mathrm{(C)} 3$", "Q? (A) 1, (B) 2, (C) 3\nAnswer with a letter.",
    ]) assert.deepEqual(texts(question), wanted, question); // prettier-ignore
  });

  it("sees no list in names, points and sentences", () => {
    for (const question of ["By A. B. Smith.", "Points A, B and C lie on a line.", "Let A: (0,0) and B: (1,1) be points.", "Show (A) and (B).", "A prime number. B is composite.", "Plan A. Then wait."])
      assert.deepEqual(texts(question), [], question); // prettier-ignore
  });

  it("an option may speak of others, and the last list of the longest counts", () => {
    assert.deepEqual(texts("Q?\n(A) x\n(B) y\n(C) Both (A) and (B)\n(D) none"), ["A=x", "B=y", "C=Both (A) and (B)", "D=none"]); // prettier-ignore
    assert.deepEqual(texts("Example:\nA. 1\nB. 2\n\nNow:\nA. 3\nB. 4"), ["A=3", "B=4"]);
  });
});

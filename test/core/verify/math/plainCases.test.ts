// Answers as GSM8K and MATH have them; properties of numbers; marks that are repeated a hundred thousand times.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fc } from "../../../fastCheck.ts";
import { verifyMathPair } from "../../../../src/core/verify/math/mathVerifier.ts";
import { processorMs } from "../processorMs.ts";

const equalPairs: readonly (readonly [string, string])[] = [
  ["18", "18"],
  ["#### 18", "so he makes $18.\n#### 18"],
  ["1450000", "#### $1,450,000"],
  ["025", "\\boxed{25}"],
  ["27.0", "27"],
  ["10{,}000", "\\boxed{10000}"],
  ["10,\\!000", "10,000"],
  ["1 000", "1000.0"],
  ["\\frac{3}{4}", "\\boxed{\\dfrac34}"],
  ["3/4", "0.75"],
  ["\\frac{1}{3}", "0.333333"],
  ["-\\frac{7}{2}", "\\frac{-7}{2}"],
  ["3\\frac{1}{2}", "3.5"],
  ["3 1/2", "\\frac72"],
  ["10\\%", "0.1"],
  ["50\\%", "50%"],
  ["90^\\circ", "\\boxed{90}"],
  ["90", "90^{\\circ}"],
  ["18\\text{ cm}^2", "\\boxed{18}"],
  ["12", "The final answer is $12$. I hope it is correct."],
  ["5", "The final answer is: 5 dollars."],
  ["7", "Thinking...\n\n**Answer:** 7"],
  ["7", "Answer:\n\n$7$"],
  ["7", "<think>8, \\boxed{8}</think>\n<answer>7</answer>"],
  ["7", "I think <answer> \\boxed{7} "],
  ["7", "\\boxed{6} no, wait: \\boxed{7}"],
  ["\\left( 3, \\frac{\\pi}{2} \\right)", "\\boxed{(3,\\dfrac{\\pi}{2})}"],
  ["[0,\\infty)", "\\left[0, \\infty\\right)"],
  ["1,-2", "\\boxed{-2, 1}"],
  ["1,-2", "\\boxed{1 \\text{ and } -2}"],
  ["\\{1,2\\}", "1, 2"],
  ["x=5", "5"],
  ["5", "x = 5"],
  ["\\text{Evelyn}", "\\boxed{evelyn}"],
  ["\\text{(C)}", "C"],
  ["2\\sqrt{3}", "\\boxed{2 \\sqrt3}"],
  ["x^{2}+1", "x^2 + 1"],
  ["\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}", "\\boxed{\\begin{pmatrix}1\\\\2\\end{pmatrix}}"],
  ["6.02 \\times 10^{23}", "602000000000000000000000"],
  ["\\frac{11}{2}", "\\boxed{\\text{The value is } } so \\boxed{5.5}"],
];

const unequalPairs: readonly (readonly [string, string])[] = [
  ["10000", "100000"],
  ["18", "\\boxed{18} then \\boxed{19}"],
  ["\\frac{1}{3}", "0.3333"],
  ["3.14", "\\pi"],
  ["10", "10\\%"],
  ["0.1", "10"],
  ["0", "0.0000001"],
  ["0.0000001", "0.0000002"],
  ["1000000000000000000000000000000", "1000000000000000000000000000001.0"],
  ["(1,2)", "[1,2]"],
  ["(1,2)", "(2,1)"],
  ["(0,1]", "(0,1)"],
  ["1,2", "1,2,3"],
  ["1,1,2", "1,2,2"],
  ["x=5", "y=5"],
  ["5x", "5"],
  ["5", "5x"],
  ["x", "X"],
  ["x^2+1", "x^2-1"],
  ["A", "B"],
  ["23", "2\\cdot3"],
  ["2\\frac{3}{4}", "\\frac{23}{4}"],
  ["5", "-5"],
  ["12", "1,2"],
];

describe("plain answers", () => {
  for (const [gold, pred] of equalPairs) {
    it(`${gold} = ${pred}`.replaceAll("\n", "\\n"), () =>
      assert.equal(verifyMathPair(gold, pred).verdict, "equal"),
    );
  }
  for (const [gold, pred] of unequalPairs) {
    it(`${gold} != ${pred}`.replaceAll("\n", "\\n"), () =>
      assert.equal(verifyMathPair(gold, pred).verdict, "notEqual"),
    );
  }

  it("division by zero is no value", () => {
    assert.equal(verifyMathPair("1/0", "2/0").verdict, "undecided");
  });

  it("an answer that was taken back is none, two parts of one answer are", () => {
    for (const words of [" no, wait: ", ", or actually ", ". Hmm, that should be ", "，不对，应该是"])
      assert.equal(verifyMathPair("7", `\\boxed{6}${words}\\boxed{7}`).verdict, "equal", words);
    assert.equal(verifyMathPair("6,7", "\\boxed{6} and \\boxed{7}").verdict, "equal");
  });

  it("writes of one rational number are equal, and those of its neighbour are not", () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(10n ** 30n), 10n ** 30n),
        fc.bigInt(1n, 10n ** 12n),
        fc.bigInt(1n, 99n),
        (num, den, factor) => {
          const gold = `\\frac{${num}}{${den}}`;
          assert.equal(verifyMathPair(gold, `\\boxed{${num * factor}/${den * factor}}`).verdict, "equal");
          assert.equal(verifyMathPair(gold, `${num * factor + 1n}/${den * factor}`).verdict, "notEqual");
        },
      ),
    );
  });

  it("finds no answer in strict mode where none is marked, even when a number stands in the text", () => {
    for (const response of [
      "",
      "I get 18 or so",
      "\\boxed{",
      "\\boxed{}",
      "it is $18$",
      "<think>18</think> ok",
      "#### Step 2: add",
    ])
      assert.equal(verifyMathPair("18", response, { mode: "strict" }).verdict, "unparsed", response);
  });
});

const marks = ["\\boxed{", "{", "$", "\\frac", "answer is ", "#### ", "(", "1,", "\\text{", "<answer>", " ", "\\left", "0/", "answer ", `answer${" ".repeat(50)}`, "*.", "}", "\n"]; // prettier-ignore

describe("100 000 times", () => {
  for (const mark of marks) {
    it(`${JSON.stringify(mark)} is read in time`, () => {
      const tookMs = processorMs(() => {
        verifyMathPair("1", mark.repeat(100_000));
        verifyMathPair("1", `\\boxed{${mark.repeat(600)}}`);
        verifyMathPair(mark.repeat(300), `\\boxed{${mark.repeat(600)}}`);
      });
      assert.ok(tookMs < 1000, `${tookMs} ms`);
    });
  }
});

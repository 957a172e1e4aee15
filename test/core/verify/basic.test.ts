import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import type { Verdict } from "../../../src/core/model.ts";
import { basicVerifier, verifyPair } from "../../../src/core/verify/basic.ts";
import { extractAnswer } from "../../../src/core/verify/extract.ts";
import { parseRational } from "../../../src/core/verify/rational.ts";
import { sharedData, without } from "../../paths.ts";

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
  ["(1,2)", "1,2"],
  ["(0,1]", "(0,1)"],
  ["1,2", "1,2,3"],
  ["1,1,2", "1,2,2"],
  ["32,349", "32, 349"],
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
  ["1/0", "2/0"],
  ["1", ""],
];

describe("verifyPair", () => {
  for (const [gold, pred] of equalPairs) {
    it(`${gold} = ${pred}`.replaceAll("\n", "\\n"), () =>
      assert.equal(verifyPair(gold, pred).verdict, "equal"),
    );
  }
  for (const [gold, pred] of unequalPairs) {
    it(`${gold} != ${pred}`.replaceAll("\n", "\\n"), () =>
      assert.equal(verifyPair(gold, pred).verdict, "notEqual"),
    );
  }

  it("says by what rule, and what it took for the answer", () => {
    assert.deepEqual(verifyPair("\\frac{1}{3}", "\\boxed{0.333333}"), {
      verdict: "equal",
      how: "rounding",
      extracted: "0.333333",
    });
    assert.deepEqual(verifyPair("1,2", "2,1"), { verdict: "equal", how: "list", extracted: "2,1" });
  });

  it("does not decide what is too long", () => {
    assert.equal(verifyPair("1", `\\boxed{${"1".repeat(5000)}}`).verdict, "undecided");
  });

  it("an answer equals itself, whatever the text", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9][-0-9a-z+()\\{}, ./^]{0,30}$/), (text) => {
        assert.equal(verifyPair(text, text).verdict, "equal");
      }),
    );
  });

  it("writes of one rational number are equal, and those of its neighbour are not", () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(10n ** 30n), 10n ** 30n),
        fc.bigInt(1n, 10n ** 12n),
        fc.bigInt(1n, 99n),
        (num, den, factor) => {
          const gold = `\\frac{${num}}{${den}}`;
          assert.equal(verifyPair(gold, `\\boxed{${num * factor}/${den * factor}}`).verdict, "equal");
          assert.equal(verifyPair(gold, `${num * factor + 1n}/${den * factor}`).verdict, "notEqual");
        },
      ),
    );
  });
});

/** The basic verifier answers at once. */
const judged = (question: string, gold: string, response: string): Verdict =>
  basicVerifier.verify({ question, gold, response }) as Verdict;

describe("basicVerifier", () => {
  const verify = (gold: string, response: string): Verdict => judged("q", gold, response);

  it("finds no answer in prose without a mark, even when a number stands in it", () => {
    for (const response of [
      "",
      "I get 18 or so",
      "\\boxed{",
      "\\boxed{}",
      "it is $5$",
      "<think>hm</think> ok",
      "#### Step 2: add",
    ]) {
      assert.deepEqual(verify("18", response), { kind: "unparsed" }, response);
    }
  });

  it("takes a response that is one number as the answer: what direct prompts get", () => {
    assert.equal(verify("25", " 025.\n").kind, "correct");
    assert.equal(verify("25", "$25$").kind, "correct");
  });

  it("looks at the thoughts only when nothing follows them", () => {
    assert.equal(verify("1", "<think>\\boxed{1}</think>").kind, "correct");
    assert.equal(verify("1", "<think>\\boxed{1}</think>\\boxed{2}").kind, "incorrect");
  });

  it("is quick with hostile text", () => {
    const texts = [
      "\\boxed{",
      "{",
      "$",
      "\\frac",
      "answer is ",
      "#### ",
      "(",
      "1,",
      "\\text{",
      "<answer>",
      " ",
      "\\left",
      "0/",
      "answer ",
      "answer" + " ".repeat(50),
      "*.",
      "}",
      "\n",
    ];
    for (const piece of texts) {
      const text = piece.repeat(100_000);
      const start = performance.now();
      verify("1", text);
      verify("1", `\\boxed{${piece.repeat(600)}}`);
      verify(piece.repeat(300), `\\boxed{${piece.repeat(600)}}`);
      const ms = performance.now() - start;
      assert.ok(ms < 1000, `${JSON.stringify(piece)}: ${ms} ms`);
    }
  });

  it("reads nested braces and the last complete box", () => {
    assert.equal(
      extractAnswer("\\boxed{\\frac{1}{\\sqrt{2}}} and \\boxed{1")?.answer,
      "\\frac{1}{\\sqrt{2}}",
    );
    assert.equal(extractAnswer("\\boxed{\\{1\\}}")?.answer, "\\{1\\}");
    assert.equal(extractAnswer("\\boxed 7.")?.answer, "7");
  });
});

describe("parseRational", () => {
  it("refuses what is no number", () => {
    for (const text of [
      "",
      ".",
      "-",
      "1/0",
      "1//2",
      "1,00",
      "1,0000",
      "--1",
      "1e",
      "1e99999",
      "e5",
      "%",
      "\\frac{}{2}",
      "1.2.3",
    ]) {
      assert.equal(parseRational(text), null, text);
    }
  });
});

describe("real answers", () => {
  const cot = sharedData("rollouts/math_cot_100x8.jsonl");
  it(
    "agree with the labels of 800 Qwen solutions but for the known wrong label",
    { skip: without(cot) },
    () => {
      const rows = jsonLines(cot!) as { question: string; gt: string; code: string[]; score: boolean[] }[];
      const differing = rows.flatMap((row) =>
        row.code.flatMap((response, at) => {
          const verdict = judged(row.question, row.gt, response);
          return (verdict.kind === "correct") === row.score[at] ? [] : [row.gt];
        }),
      );
      assert.deepEqual(differing, ["10{,}000"]);
    },
  );

  for (const [name, least] of [
    ["math_verify_half", 74],
    ["gold_pairs_fifth", 1049],
  ] as const) {
    const path = sharedData(`math-cases/${name}.jsonl`);
    it(`${name}: no false positive`, { skip: without(path) }, () => {
      const cases = jsonLines(path!) as { gold: string; pred: string; expected: boolean }[];
      const verdicts = cases.map(({ gold, pred }) => verifyPair(gold, pred).verdict === "equal");
      const falsePositives = cases.filter(({ expected }, at) => !expected && verdicts[at]);
      assert.deepEqual(falsePositives, []);
      assert.ok(cases.filter(({ expected }, at) => expected === verdicts[at]).length >= least);
    });
  }
});

const jsonLines = (path: string): readonly unknown[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);

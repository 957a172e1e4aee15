import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fc } from "../../fastCheck.ts";
import { arithmeticClaims, falseClaims } from "../../../src/core/trace/arithmetic/claims.ts";
import { fixture, sharedData, without } from "../../paths.ts";

const read = (name: string): string => readFileSync(fixture(`traces/${name}`), "utf8");
const shown = (text: string): string[] =>
  falseClaims(text).map((claim) => `${text.slice(claim.start, claim.end)} (${claim.value})`);

test("the two false sums of the showcase are found, and nothing else", () => {
  assert.deepEqual(shown(read("townSurvey.md")), [
    "195 + 367 + 562 + 900 = 1924 (2024)",
    "437 + 2 \\cdot 234 = 805 (905)",
  ]);
});

test("a right chain of thought has none, with much that looks like arithmetic", () => {
  const text = read("townSurveyRight.md");
  assert.deepEqual(shown(text), []);
  const judged = arithmeticClaims(text).filter(({ verdict }) => verdict === "true");
  assert.ok(judged.length >= 19, `${judged.length} judged`);
});

/** Each with the value that the message names. */
const wrong: readonly (readonly [string, string])[] = [
  ["so 2 + 2 = 5.", "4"],
  ["\\(3 \\times 4 = 13\\)", "12"],
  ["$$\\frac{1}{2} + \\frac{1}{3} = \\frac{2}{5}$$", "5/6"],
  ["= 3 + 4 = 8", "7"],
  ["10% of 50 = 6", "5"],
  ["The total is $12.50 + $3.75 = $16.20.", "16.25"],
  ["10{,}000 + 1 = 10{,}002", "10001"],
  ["2^{10} = 1000", "1024"],
  ["(2 + 3)(4) = 24", "20"],
  ["3 + 4\n= 8", "7"],
  ["&= 5 \\cdot 5 \\\\ &= 24", "25"],
  ["-3 + 5 = 1", "2"],
  ["1 - 5 = 4", "-4"],
  ["10/3 = 3.43", "10/3"],
  ["7! means 5040; 6 * 7 = 41 (roughly speaking no)", "42"],
  ["**5 + 5 = 11**", "10"],
];

for (const [text, value] of wrong) {
  test(`false: ${text}`, () => {
    // "roughly" makes a line one of estimates, yet this is off by far more than rounding.
    assert.equal(falseClaims(text)[0]?.value, value);
  });
}

const left = [
  "x + 3 = 5 and 2x = 9",
  "f(3) = 10, g (2 + 1) = 7, \\sin(30) = 1/2 + 1/2",
  "17 mod 5 = 3 + 1",
  "3 + 4 \\equiv 2 \\pmod 5, 3 + 4 = 2 \\pmod 5",
  "1011_2 + 1 = 12",
  "in base 2, 11 + 10 = 101",
  "2 + 3 \\ne 6, 2 + 3 != 6, 2 + 3 <= 6, 2 + 3 == 6",
  "5! = 100 + 20, 2 + 3 = 5!",
  "3\\frac{1}{2} = 1.5 + 1",
  "6/2(1+2) = 1",
  "2^3^2 = 500",
  "the sum of 3 and 5 + 1 = 9",
  "3 hours + 20 minutes = 200 minutes",
  "2 million + 3 = 2000003",
  "10 + 5 = 3 remainder 1",
  "17 / 5 = 3, or 17/5 = 3 R 2",
  "0.333 * 3 = 1, 3.14 * 25 = 78.54",
  "- 3 + 4 = 7",
  "1. 3 + 4 = 7",
  "3:4 = 6:8 and 12:30 + 1 = 13:30",
  "(1, 2) + (3, 4) = (4, 6)",
  "a_1 + 2 = 4 - 1, \\pi + 1 = 4",
  "1 + 2 + ... + 10 = 55, 1 + 2 + \\cdots + 10 = 55",
  "|3 - 5| = 2, \\lfloor 7/2 \\rfloor = 3",
  "Step 1 - 3 + 4 = 7",
  "total - 3 + 4 = 2",
  "48 = 100% + 20%",
  "90^3 = 729,\\!000",
  "2 + 3 = 5x, 2 + 3 = 6 x",
  "x^2 + 2 = 3 \\cdot 5",
];

for (const text of left) test(`left alone: ${text}`, () => assert.deepEqual(shown(text), []));

test("sums of random whole numbers are judged as they are", () => {
  const number = fc.integer({ min: -9999, max: 9999 });
  fc.assert(
    fc.property(number, number, number, fc.constantFrom("+", "-", "*"), (a, b, off, operator) => {
      const exact = operator === "+" ? a + b : operator === "-" ? a - b : a * b;
      const text = `Then (${a}) ${operator} (${b}) = ${exact + off}, which we wanted.`;
      const [claim] = arithmeticClaims(text);
      assert.equal(claim?.verdict, off === 0 ? "true" : "false");
      assert.equal(claim?.value, String(exact));
    }),
    { numRuns: 300 },
  );
});

test("hostile texts: no crash, no freeze", () => {
  for (const text of [
    "(".repeat(2e4) + "=",
    "1+".repeat(1e4) + "1=2",
    "=".repeat(2e4),
    "\\frac{".repeat(2e4),
    "9".repeat(1e5) + "=1+1",
  ]) {
    const before = process.cpuUsage();
    arithmeticClaims(text);
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < 1e6, `${(user + system) / 1000} ms for ${text.slice(0, 10)}`);
  }
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 60 }),
      (text) => void arithmeticClaims(`1 + 1 ${text} = 2`),
    ),
    { numRuns: 30 },
  );
});

const cots = sharedData("rollouts/math_cot_100x8.jsonl");
test(
  "800 real chains of thought: every flag of a right-looking sum was checked by hand",
  { skip: without(cots) },
  () => {
    const records = readFileSync(cots ?? "", "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { code: string[] });
    const flags = records.flatMap(({ code }, problem) =>
      code.flatMap((text) => falseClaims(text).map(() => problem)),
    );
    // All 77 are false as they are written; 67 of them are the swapped divisions ("1 \div 50 = 50") of problem 97.
    assert.equal(flags.length, 77);
    assert.equal(flags.filter((problem) => problem === 97).length, 67);
  },
);

const golds = sharedData("rollouts/gsm8k_4models.jsonl");
test(
  "1,319 solutions written by people: 4,300 claims, none flagged that is not false as written",
  { skip: without(golds) },
  () => {
    const lines = readFileSync(golds ?? "", "utf8")
      .trim()
      .split("\n");
    const texts = lines.map((line) => (JSON.parse(line) as { ground_truth: string }).ground_truth);
    const claims = texts.flatMap((text) => arithmeticClaims(text));
    assert.ok(claims.length > 4300);
    // A sum that runs on ("3/2 = $1.50+$3.00=$4.50") and a slip of the pen ("$32 - $20 = $300").
    assert.equal(claims.filter(({ verdict }) => verdict === "false").length, 2);
  },
);

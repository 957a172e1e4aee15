import assert from "node:assert/strict";
import { test } from "node:test";
import { memorySource } from "../../../src/core/dataset/memorySource.ts";
import { readDataset } from "../../../src/core/dataset/readDataset.ts";
import { referenceSolutions } from "../../../src/core/dataset/referenceSolutions.ts";

const lines = (...rows: readonly unknown[]) =>
  memorySource(
    "set.jsonl",
    rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row))).join("\n"),
  );

test("worked solutions by problem, past a broken line and a repeated problem; a bare answer is none", async () => {
  const solution = "First add the two numbers, which gives 12. Then halve it, so the answer is 6.";
  const source = lines(
    { problem: "What is half of 5 + 7?", solution, answer: "6" },
    "{broken",
    { problem: "What is half of 5 + 7?", solution: `${solution} Again.`, answer: "6" },
    { problem: "What is 2 + 2?", solution: "4", answer: "4" },
    { problem: "How many eggs are left?", answer: "16 - 3 = 13 eggs\n#### 13" },
  );
  const { problems } = await readDataset(source);
  const found = await referenceSolutions(source);
  assert.deepEqual(
    problems.map(({ key }) => found.get(key)),
    [solution, undefined, "16 - 3 = 13 eggs\n#### 13"],
  );
});

test("a dataset of answers alone has none", async () => {
  const found = await referenceSolutions(lines({ question: "What is 2 + 2?", answer: "4" }));
  assert.equal(found.size, 0);
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fc } from "../../fastCheck.ts";
import { splitSteps, splitThinking } from "../../../src/core/trace/steps.ts";
import { fixture } from "../../paths.ts";

const titles = (text: string): string[] => splitSteps(text).map(({ title }) => title);

test("steps: blank lines, numbered lines and words that begin a step", () => {
  assert.deepEqual(titles("First thought.\nIt goes on.\n\nSecond thought."), [
    "First thought.",
    "Second thought.",
  ]);
  assert.deepEqual(titles("Intro\nStep 1: add\nmore\nStep 2: subtract"), [
    "Intro",
    "Step 1: add",
    "Step 2: subtract",
  ]);
  assert.deepEqual(titles("We know:\n1. a\n2. b\n**Step 3.** c"), [
    "We know:",
    "1. a",
    "2. b",
    "**Step 3.** c",
  ]);
  assert.deepEqual(titles("### A\ntext\n### B\ntext"), ["### A", "### B"]);
  assert.deepEqual(titles("one line"), ["one line"]);
  assert.deepEqual(splitSteps(""), []);
});

test("LaTeX displays and code are not broken, and belong to what leads to them", () => {
  const display = "So we get\n\n\\[\na = b\n\n+ c\n\\]\n\nand then\n\n$$x\n\n= 1$$\n\nDone.";
  assert.deepEqual(titles(display), ["So we get", "and then", "Done."]);
  const code = "Try:\n\n```python\na = 1\n\nStep 2 = 3\n```\n\nThat works.";
  assert.deepEqual(titles(code), ["Try:", "That works."]);
  const align = "Then\n\\begin{align*}\na &= 1 \\\\\n\n1. &= 2\n\\end{align*}\nnext";
  assert.deepEqual(titles(align), ["Then"]);
  assert.deepEqual(titles("a \\[ never closed\n\nb"), ["a \\[ never closed", "b"]);
});

test("the thinking is a part of its own: with both tags, with the end alone, and cut off", () => {
  const parts = (text: string) =>
    splitThinking(text).map(({ kind, inner }) => [kind, text.slice(inner.start, inner.end)]);
  assert.deepEqual(parts("<think>a\n\nb</think>\n\nc"), [
    ["think", "a\n\nb"],
    ["answer", "\n\nc"],
  ]);
  assert.deepEqual(parts("a\n</think>c"), [
    ["think", "a\n"],
    ["answer", "c"],
  ]);
  assert.deepEqual(parts("<think>a"), [["think", "a"]]);
  assert.deepEqual(parts("plain"), [["answer", "plain"]]);
  const steps = splitSteps("<think>\na\n\nb\n</think>\n\nc");
  assert.deepEqual(
    steps.map(({ part, title }) => [part, title]),
    [
      ["think", "a"],
      ["think", "b"],
      ["answer", "c"],
    ],
  );
});

test("a real trace", () => {
  const text = readFileSync(fixture("traces/townSurvey.md"), "utf8");
  assert.deepEqual(
    titles(text).map((title) => title.slice(0, 10)),
    ["A town of ", "Step 1. Ad", "Step 2. Co", "Step 3. Th", "Step 4. Pu", "The answer"],
  );
});

test("steps tile any text", () => {
  const part = fc.constantFrom(
    "\n",
    "\n\n",
    "Step 1",
    "a b",
    "\\[",
    "\\]",
    "$$",
    "```",
    "<think>",
    "</think>",
    "1. ",
    "\\begin{x}",
    "\\end{x}",
    "\r\n",
    " ",
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      const text = parts.join("");
      let end = 0;
      for (const [i, step] of splitSteps(text).entries()) {
        assert.equal(step.index, i);
        assert.equal(step.start, end);
        assert.ok(step.end > step.start);
        end = step.end;
      }
      assert.equal(end, text.length);
    }),
    { numRuns: 500 },
  );
});

test("hostile texts take linear time", () => {
  for (const text of [
    "\\[".repeat(5e4),
    "\n".repeat(1e5),
    "\\begin{a}".repeat(2e4),
    "1. \n".repeat(3e4),
    "$$ a ".repeat(3e4),
  ]) {
    const before = process.cpuUsage();
    splitSteps(text);
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < 2e6, `${(user + system) / 1000} ms for ${JSON.stringify(text.slice(0, 10))}`);
  }
});

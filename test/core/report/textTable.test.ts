import assert from "node:assert/strict";
import { test } from "node:test";
import { toCsv, toLatex, toMarkdown, toTabs } from "../../../src/core/report/textTable.ts";

const sample = {
  head: ["name", "value"],
  rows: [
    ['a "b", c', 0.5],
    ["line\nbreak", null],
  ],
};

test("CSV quotes what needs it, numbers keep all digits, null is empty", () => {
  assert.equal(toCsv(sample), 'name,value\r\n"a ""b"", c",0.5\r\n"line\nbreak",\r\n');
  assert.equal(toCsv({ head: ["x"], rows: [[0.1234567890123]] }), "x\r\n0.1234567890123\r\n");
});

test("Markdown keeps a cell in its cell and carries no markup", () => {
  const text = toMarkdown({ head: ["name"], rows: [["a | b\nc <img>"]] });
  assert.equal(text, "| name |\n| --- |\n| a \\| b c &lt;img&gt; |\n");
  const [cell = ""] = toMarkdown({ head: ["[5](http://x) *a* `b` _c_ [5.5, 10.7]"], rows: [] }).split("\n");
  assert.equal(cell, "| [5\\](http://x) \\*a\\* \\`b\\` \\_c\\_ [5.5, 10.7] |");
});

test("columns of numbers stand at the right, dashes and single words between them or not", () => {
  const rows = [
    ["a", "12", "[1.0, 2.0]", "–"],
    ["b", "reference", "–", "x"],
    ["c", "at most 3.1", "[−2.0, 4.0]", "4"],
    ["d", "−4.0 [−5.0, −3.0]", "", ""],
  ];
  const [, rule] = toMarkdown({ head: ["name", "n", "interval", "mixed"], rows }).split("\n");
  assert.equal(rule, "| --- | ---: | ---: | --- |");
});

test("LaTeX: numbers at the right, nothing in a cell is a command", () => {
  const text = toLatex({
    head: ["Model", "pass@1, %", "vs base"],
    rows: [
      ["a_b & 50% \\input{x} $~^#", "8.1 [5.5, 10.7]", "\u221212.7 [\u221218.7, \u22127.3]"],
      ["[draft]", "at most 1.2", null],
    ],
  });
  assert.equal(
    text,
    [
      "% \\usepackage{booktabs}",
      "\\begin{tabular}{lrr}",
      "\\toprule",
      "Model & pass@1, \\% & vs base \\\\",
      "\\midrule",
      "a\\_b \\& 50\\% \\textbackslash{}input\\{x\\} \\$\\textasciitilde{}\\textasciicircum{}\\# & 8.1 [5.5, 10.7] & $-$12.7 [$-$18.7, $-$7.3] \\\\",
      "{}[draft] & at most 1.2 &  \\\\",
      "\\bottomrule",
      "\\end{tabular}",
      "",
    ].join("\n"),
  );
});

test("the clipboard gets tabs, and no line break inside a cell", () => {
  assert.equal(toTabs(sample), 'name\tvalue\na "b", c\t0.5\nline break\t');
});

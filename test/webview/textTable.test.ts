import assert from "node:assert/strict";
import { test } from "node:test";
import { fileStem } from "../../webview/curves/exports.ts";
import { toCsv, toLatex, toMarkdown, toTabs } from "../../webview/curves/textTable.ts";
import { sorted, type Column } from "../../webview/shared/table.ts";

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

test("file names from titles", () => {
  assert.equal(fileStem("count/down: 4?"), "count-down-4");
  assert.equal(fileStem("../.."), "curves");
  assert.equal(fileStem("überprüfung"), "überprüfung");
});

test("sorting: numbers by value, text by number in it, empty last either way, ties in order", () => {
  const columns: Column<{ v: number | string | null; i: number }>[] = [
    { id: "v", head: "v", cell: ({ v }) => v, sortBy: ({ v }) => v },
  ];
  const order = (values: readonly (number | string | null)[], descending: boolean): readonly number[] =>
    sorted({ rows: values.map((v, i) => ({ v, i })), columns, sort: { column: "v", descending } }).map(
      ({ i }) => i,
    );
  assert.deepEqual(order([3, null, 1, 2], false), [2, 3, 0, 1]);
  assert.deepEqual(order([3, null, 1, 2], true), [0, 3, 2, 1]);
  assert.deepEqual(order(["p10", "p9", "p10"], false), [1, 0, 2]);
});

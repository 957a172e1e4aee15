import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProblemTally, RunTally } from "../../../src/core/model.ts";
import { passAtK } from "../../../src/core/estimate/passAtK.ts";
import type { Block, TableBlock } from "../../../src/core/report/blocks.ts";
import { reportFiles } from "../../../src/core/report/files.ts";
import { lineChartSvg } from "../../../src/core/report/lineChart.ts";
import { type ReportRun, runReport } from "../../../src/core/report/runReport.ts";
import { seriesOf } from "../../../src/core/report/series.ts";

const n = 16;
const hostile = `<script>alert("x")</script> & | $_{}`;

function tally(name: string, role: "base" | "rl", counts: readonly number[], step: number): RunTally {
  const problems = counts.map((c, i): ProblemTally => ({
    problem: {
      key: `p${i}`,
      id: `p${i}`,
      question: "",
      gold: null,
      source: { path: null, line: null },
    } as never,
    n,
    c,
    truncated: 0,
    refused: 0,
    unparsed: 0,
    undecided: 0,
    error: 0,
    failed: 0,
    ungraded: 0,
    finishedN: n,
    finishedC: c,
    duplicates: 0,
    tokens: 28 * n,
    answers: null,
  }));
  return {
    id: name,
    name,
    role,
    dataset: "d.jsonl",
    protocol: null,
    verifier: "file",
    metadata: { step },
    problems,
  };
}

const base = tally("base", "base", [0, 1, 2, 3, 1, 2, 0, 5, 1, 2, 3, 1], 0);
const rl = tally(hostile, "rl", [0, 0, 9, 12, 0, 8, 0, 16, 0, 7, 10, 0], 300);
const later = tally("later", "rl", [0, 0, 9, 14, 0, 9, 0, 16, 0, 0, 12, 0], 450);

const runOf = (run: RunTally): ReportRun => ({
  tally: run,
  source: null,
  file: { name: `${run.role}.jsonl`, sha256: "ab".repeat(32) },
  scored: {
    name: run.name,
    sets: [
      {
        head: {
          scorer: { name: "base", source: "http://127.0.0.1", model: "b", method: "vllmPromptLogProbs" },
          prompt: "verbatim",
          texts: "samples",
        },
        lines: run.problems.map(({ problem: { key } }, i) => ({
          kind: "scored",
          problemKey: key,
          index: 0,
          print: 1,
          numbers: {
            tokens: 10,
            nullCount: 0,
            floorCount: 0,
            endCount: 0,
            sum: -1 - i / 10,
            least: -1,
            lowCount: 0,
            entropy: null,
          },
          byIds: false,
        })),
      },
    ],
    isCorrect: (key) => key === "p3",
  },
});

const input = {
  title: `Report ${hostile}`,
  madeAt: "2026-11-21T08:00:00.000Z",
  runs: [base, rl, later].map(runOf),
  findings: [],
};
const report = runReport(input);

function tableNamed(start: string): TableBlock {
  const found = report.blocks.find(
    (block): block is TableBlock => block.kind === "table" && block.title.startsWith(start),
  );
  assert.ok(found, start);
  return found;
}

test("the tables hold what the estimators say, each rate with its interval", () => {
  const curves = tableNamed("pass@k, %");
  assert.deepEqual(curves.head, ["run", "k = 1", "k = 4", "k = 16"]);
  const mean =
    base.problems.reduce((sum, one) => sum + (passAtK(n, one.c, 4) ?? 0), 0) / base.problems.length;
  assert.match(
    curves.rows[0]?.[2] ?? "",
    new RegExp(`^${(100 * mean).toFixed(1)} \\[\\d+\\.\\d, \\d+\\.\\d\\]$`),
  );
  assert.deepEqual(tableNamed("Problems with at least one").rows[0]?.slice(1, 5), ["6", "4", "0", "2"]);
  assert.deepEqual(
    tableNamed("By training step").rows.map((row) => row.slice(1, 6)),
    [
      ["0", "10", "12", "0", "0"],
      ["300", "6", "12", "4", "0"],
      ["450", "5", "12", "5", "0"],
    ],
  );
  const [all, correct] = tableNamed("Perplexity of traces").rows;
  assert.deepEqual([all?.[1], all?.[3]], ["all", "12"]);
  assert.deepEqual([correct?.[1], correct?.[3], correct?.[5]], ["correct", "1", Math.exp(0.13).toFixed(3)]);
  assert.deepEqual(tableNamed("Problems by accuracy").rows[0]?.slice(1, 4), ["2", "4", "5"]);
  assert.equal(tableNamed("Data and files").rows[2]?.[4], "ab".repeat(32));
});

test("a page needs nothing from outside and takes names as words", () => {
  const files = reportFiles(report);
  assert.deepEqual(
    [...files.keys()],
    ["report.html", "report.md", "tables.tex", "chart-1.svg", "chart-2.svg"],
  );
  const html = files.get("report.html") ?? "";
  assert.doesNotMatch(html, /<script|<link|<img|src=|href=|url\(/);
  assert.match(html, /default-src 'none'/);
  const markdown = files.get("report.md") ?? "";
  for (const [, chart] of markdown.matchAll(/\]\((chart-\d\.svg)\)/g)) assert.ok(files.has(chart ?? ""));
  assert.doesNotMatch(markdown, /(?<!\\)<script/);
  const tex = files.get("tables.tex") ?? "";
  assert.equal(
    tex.match(/\\begin\{tabular\}/g)?.length,
    report.blocks.filter(({ kind }) => kind === "table").length,
  );
  // Every special sign of a name is written out.
  assert.match(tex, /\\& \\textbar\{\} \\\$\\_\\\{\\\}/);
});

test("a Markdown and a LaTeX table keep their columns whatever stands in them", () => {
  const block: TableBlock = {
    kind: "table",
    title: "T",
    head: ["a", "b"],
    rows: [["[x](y) | y\nz", "−1"]],
    note: "",
  };
  const files = reportFiles({ title: "t", madeAt: "", blocks: [block] });
  const markdown = files.get("report.md") ?? "";
  assert.deepEqual(markdown.trimEnd().split("\n").slice(-5), [
    "**T**",
    "",
    "| a | b |",
    "| --- | ---: |",
    "| \\[x\\](y) \\| y z | −1 |",
  ]);
  assert.match(files.get("tables.tex") ?? "", /\n {2}\{\}\[x\]\(y\) \\textbar\{\} y z & \$-\$1 \\\\\n/);
});

test("lines lie where their values are, and names do not overlap", () => {
  const series = seriesOf([base, rl, later]);
  const lines = [base, rl, later].map(({ id, name }) => ({
    name,
    style: series.get(id)!.style,
    points: [1, 2, 4].map((x) => ({ x, y: 0.5, low: 0.25, high: 0.75 })),
  }));
  const svg = lineChartSvg(
    { xTitle: "k", yTitle: "pass@k", yUnit: " %", xScale: "log2", lines, yRange: [0, 1] },
    "pass@k",
  );
  // Half way up, and at equal steps of a doubling.
  assert.match(svg, /points="56\.0,172\.0 333\.0,172\.0 610\.0,172\.0"/);
  const ends = [...svg.matchAll(/x="632\.0" y="([\d.]+)"/g)].map(([, y]) => Number(y));
  assert.equal(ends.length, 3);
  assert.ok(ends.every((y, at) => at === 0 || y - (ends[at - 1] ?? 0) >= 15));
  assert.equal(
    lineChartSvg({ xTitle: "k", yTitle: "", yUnit: "", xScale: "log2", lines: [], yRange: null }, ""),
    "",
  );
});

test("runs alone make a report: no reference, no scores, nothing solved", () => {
  const alone = runReport({
    ...input,
    runs: [
      {
        ...runOf(tally("none", "rl", [0, 0], 1)),
        scored: { name: "none", sets: [], isCorrect: () => false },
      },
    ],
  });
  const kinds = new Set(alone.blocks.map(({ kind }: Block) => kind));
  assert.ok(kinds.has("table") && kinds.has("chart"));
  assert.doesNotMatch(reportFiles(alone).get("report.html") ?? "", /NaN|Infinity|undefined/);
  assert.doesNotMatch(reportFiles(report).get("report.html") ?? "", /NaN|Infinity|undefined/);
});

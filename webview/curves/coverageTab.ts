import { unsolvedBound } from "../../src/core/estimate/unsolvedBound.ts";
import type { CoverageCell } from "../../src/core/estimate/coverage.ts";
import { dropdown, iconButton } from "../shared/controls.ts";
import { el, fill } from "../shared/dom.ts";
import { percent } from "../shared/format.ts";
import type { App, Shown, TabView } from "./app.ts";
import { capital, cellGrid, cells, rowsOf } from "./coverageCells.ts";
import { boundNote, ratesTable, rateRows } from "./coverageRates.ts";
import { finishedOnlyBox } from "./curveTools.ts";
import { commonFoot, nText } from "./foot.ts";
import { onlyOneRun } from "./onlyOneRun.ts";
import { pairModel, rate, setName, shortNames, type Pair, type ProblemRow } from "./pairModel.ts";
import { pairKey, pairTools } from "./pairTools.ts";
import {
  badge,
  chevronColumn,
  headName,
  numberColumn,
  previewColumn,
  problemTable,
  ratioColumn,
  ratioText,
} from "./problemTable.ts";
import { toTabs, type TextTable } from "./textTable.ts";

export function createCoverageTab(app: App): TabView {
  return {
    tools: (state) => {
      const pair = pairModel(state.snapshot, state.look);
      if (!pair) return { key: "", build: () => [] };
      const { threshold } = state.look;
      const n = nText([pair.first, ...(pair.second ? [pair.second] : [])]);
      return {
        key: JSON.stringify([...pairKey(state, pair), threshold, state.snapshot.options.finishedOnly]),
        labels: { "solved-means": solvedMeans(n) },
        build: () => [
          ...pairTools(app, state, pair),
          pair.second &&
            dropdown({
              id: "solved-means",
              label: "Solved means",
              choices: solvedMeans(n).map((label, i) => ({ value: i === 0 ? "1" : "2", label })),
              value: String(threshold),
              change: (value) => app.show({ threshold: value === "2" ? 2 : 1 }),
            }),
          el("span", { class: "space" }),
          finishedOnlyBox(app, state.snapshot.options.finishedOnly),
        ],
      };
    },
    render: (host, state) => {
      const pair = pairModel(state.snapshot, state.look);
      if (!pair?.coverage || !pair.second) return fill(host, onlyOneRun(app, "Coverage"));
      fill(
        host,
        el(
          "div",
          { class: "coverageParts" },
          el(
            "section",
            { class: "coverageCells", "aria-label": "Coverage" },
            cellGrid(app, pair, state.look.cell),
          ),
          cellList(app, pair, state.look.cell),
          el(
            "section",
            { class: "coverageRates", "aria-label": "Rates" },
            ratesTable(pair),
            boundNote(pair, state.look.threshold),
          ),
        ),
      );
    },
    foot: (state) => {
      const pair = pairModel(state.snapshot, state.look);
      if (!pair) return [];
      const runs = [pair.first, ...(pair.second ? [pair.second] : [])];
      const n = Math.max(...runs.map((run) => run.nMax));
      return commonFoot(state.snapshot, runs, [
        { label: "interval", value: "95 % Jeffreys, over problems" },
        { label: "bound", value: `1 \u2212 0.05^(1/n) = ${percent(unsolvedBound(n))} %` },
      ]);
    },
    data: (state) => coverageData(state),
    text: (state) => coverageData(state),
    figure: () => null,
    leave: () => undefined,
  };
}

const solvedMeans = (n: string): readonly string[] => [
  `at least 1 right of ${n}`,
  `at least 2 right of ${n}`,
];

function cellList(app: App, pair: Pair, cell: CoverageCell): HTMLElement {
  const rows = rowsOf(pair, cell);
  const [first, second] = shortNames(pair);
  const bound = (run: 0 | 1, name: string) => ({
    id: `bound${run}`,
    head: () => [headName(name), ", at most"],
    numeric: true,
    cell: (row: ProblemRow) => `${percent(unsolvedBound((run === 0 ? row.first : row.second)?.n ?? 0))} %`,
  });
  const accuracy = (run: 0 | 1, name: string) => ({
    id: `accuracy${run}`,
    head: () => [headName(name), ", %"],
    numeric: true,
    cell: (row: ProblemRow) => percent(rate((run === 0 ? row.first : row.second) ?? { n: 0, c: 0 }) ?? 0),
  });
  const zero = pair.coverage?.threshold === 1;
  const firstSolved = cell === "both" || cell === "aOnly";
  const secondSolved = cell === "both" || cell === "bOnly";
  return el(
    "section",
    { class: "listColumn", "aria-label": "Problems of the chosen cell" },
    el(
      "div",
      { class: "row listHead" },
      el("h2", {}, capital(setName(pair, cell))),
      badge(rows.length),
      el("span", { class: "dim", title: cellWords(pair, cell) }, cellWords(pair, cell)),
      el("span", { class: "space" }),
      iconButton({
        id: "copy-list",
        icon: "copy",
        label: "Copy the list",
        press: () => app.run(app.client.call("copyText", { text: toTabs(rowsText(pair, rows)) })),
      }),
    ),
    rows.length === 0
      ? el("p", { class: "dim" }, "No problem is here.")
      : problemTable(app, pair, {
          id: "coverage-problems",
          label: `Problems: ${cellWords(pair, cell)}`,
          columns: [
            numberColumn,
            previewColumn,
            ratioColumn(pair, 0),
            firstSolved || !zero ? accuracy(0, first) : bound(0, first),
            ratioColumn(pair, 1),
            secondSolved || !zero ? accuracy(1, second) : bound(1, second),
            chevronColumn,
          ],
          rows,
          sort: { column: cell === "bOnly" ? "ratio1" : "ratio0", descending: true },
        }),
  );
}

function cellWords({ series: [first, second] }: Pair, cell: CoverageCell): string {
  const [a, b] = [first?.name ?? "", second?.name ?? ""];
  return {
    both: `solved by ${a} and by ${b}`,
    aOnly: `solved by ${a}, not by ${b}`,
    bOnly: `solved by ${b}, not by ${a}`,
    neither: "solved by neither",
  }[cell];
}

function rowsText(pair: Pair, rows: readonly ProblemRow[]): TextTable {
  return {
    head: ["id", "set", ...pair.series.map(({ name }) => `${name} c/n`)],
    rows: rows.map((row) => [
      row.problem.id,
      row.set ? setName(pair, row.set) : null,
      ratioText(row.first),
      ...(row.second ? [ratioText(row.second)] : []),
    ]),
  };
}

function coverageData(state: Shown): TextTable {
  const pair = pairModel(state.snapshot, state.look);
  if (!pair?.coverage) return { head: [], rows: [] };
  return {
    head: ["quantity", "value", "low", "high"],
    rows: [
      ...cells.map((cell) => [setName(pair, cell), rowsOf(pair, cell).length, null, null]),
      ...rateRows(pair).map((row) => [row.name, row.value, row.ends?.low ?? null, row.ends?.high ?? null]),
    ],
  };
}

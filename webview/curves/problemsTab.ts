import { count, percent } from "../../src/core/numberWords.ts";
import type { TextTable } from "../../src/core/report/textTable.ts";
import { fill } from "../shared/dom.ts";
import type { Column, Sort } from "../shared/table.ts";
import type { App, FootItem, Shown, TabView } from "./app.ts";
import { commonFoot, nText } from "./foot.ts";
import { noFilter, type Look } from "./look.ts";
import { filteredRows, pairModel, problemPassAtK, type Pair, type ProblemRow } from "./pairModel.ts";
import { pairKey } from "./pairTools.ts";
import {
  countCells,
  everyRunCells,
  everyRunColumns,
  everyRunHead,
  meanMixedGroups,
  signalCells,
  signalColumns,
  signalHead,
} from "./problemColumns.ts";
import {
  changeColumn,
  chevronColumn,
  cutOffColumn,
  numberColumn,
  previewColumn,
  problemTable,
  rateColumns,
  setColumn,
  setWords,
} from "./problemTable.ts";
import { nothingMatches, problemTools, setLabels } from "./problemTools.ts";
import type { RunView } from "../../src/protocol/curves.ts";

export function createProblemsTab(app: App): TabView {
  return {
    tools: (state) => {
      const pair = pairModel(state.snapshot, state.look);
      if (!pair) return { key: "", build: () => [] };
      const { set, accuracy, at } = state.look.filter;
      const labels = setLabels(pair);
      return {
        key: JSON.stringify([
          ...pairKey(state, pair),
          [set, accuracy, at],
          [state.look.columns, state.look.groupSize],
        ]),
        labels: { "filter-set": labels },
        build: () => problemTools(app, state, { pair, labels }),
      };
    },
    render: (host, state) => {
      const pair = pairModel(state.snapshot, state.look);
      if (!pair) return fill(host);
      const rows = filteredRows(pair, state.look.filter);
      if (rows.length === 0)
        return fill(
          host,
          nothingMatches(pair, state.look.filter, () => app.show({ filter: noFilter })),
        );
      fill(
        host,
        problemTable(app, pair, {
          id: "problems-table",
          label: "Problems",
          columns: problemColumns(pair, state.look),
          rows,
          sort: defaultSort(pair),
        }),
      );
    },
    foot: (state) => {
      const pair = pairModel(state.snapshot, state.look);
      if (!pair) return [];
      const runs = [pair.first, ...(pair.second ? [pair.second] : [])];
      const sort = state.look.sorts["problems-table"] ?? defaultSort(pair);
      return [
        ...commonFoot(state.snapshot, runs, [
          {
            label: "per-problem interval",
            value: `Clopper\u2013Pearson 95 %; at 0 of ${unsolvedN(runs)} the one-sided bound`,
          },
          ...trainingItems(pair, state.look),
          {
            label: "sorted by",
            value: sortWords(pair, state.look, sort),
          },
        ]),
      ];
    },
    data: (state) => problemsData(state),
    text: (state) => problemsData(state),
    figure: () => null,
    leave: () => undefined,
  };
}

/** What an unsolved problem has: under a plan the most. */
const unsolvedN = (runs: readonly RunView[]): string =>
  nText(runs.map((run) => (run.stopped ? { nMin: run.nMax, nMax: run.nMax } : run)));

const defaultSort = ({ second }: Pair) => ({ column: second ? "change" : "ratio0", descending: !second });

/** Without such a column problems stand by their number. */
function sortWords(pair: Pair, look: Look, { column, descending }: Sort): string {
  const by = problemColumns(pair, look).find(({ id }) => id === column);
  if (!by || by.head === "#") return `number, ${by && descending ? "descending" : "ascending"}`;
  const run = pair.runs.find(({ id }) => column === `every-${id}`);
  const own = column.endsWith("1") ? pair.second : pair.first;
  const name = typeof by.head === "string" ? by.head.toLowerCase() : (run ?? own)?.name;
  return `${name}, ${descending ? "descending" : "ascending"}`;
}

/** What a trainer with groups would have to learn from: over the problems that are listed. */
function trainingItems(pair: Pair, { columns, filter, groupSize }: Look): readonly FootItem[] {
  if (columns !== "signal") return [];
  const rows = filteredRows(pair, filter);
  return pair.series.flatMap(({ name }, run) => {
    const mean = meanMixedGroups(rows, run, groupSize);
    return mean === null ? [] : [{ label: `${name} mixed groups`, value: `${percent(mean)} %` }];
  });
}

function problemColumns(
  pair: Pair,
  { columns, filter: { at }, groupSize }: Look,
): readonly Column<ProblemRow>[] {
  if (columns === "every" && pair.runs.length > 2)
    return [numberColumn, previewColumn, ...everyRunColumns(pair), chevronColumn];
  if (columns === "signal")
    return [numberColumn, previewColumn, ...signalColumns(pair, groupSize), chevronColumn];
  const passColumn: Column<ProblemRow> | null = at && {
    id: "passAtK",
    head: `pass@${count(at.k)}, %`,
    numeric: true,
    cell: (row) => {
      const value = problemPassAtK(pair, row, at);
      return value === null ? "" : percent(value);
    },
    sortBy: (row) => problemPassAtK(pair, row, at),
    data: (row) => ({ value: problemPassAtK(pair, row, at) ?? "" }),
  };
  return [
    numberColumn,
    previewColumn,
    ...rateColumns(pair, 0),
    ...(pair.second ? rateColumns(pair, 1) : []),
    ...(passColumn ? [passColumn] : []),
    ...(pair.second ? [changeColumn("Change"), setColumn(pair)] : []),
    cutOffColumn,
    chevronColumn,
  ];
}

/** Written into the tools by the frame, which keeps the search field while one types. */
export function problemCountText(state: Shown): string {
  const pair = pairModel(state.snapshot, state.look);
  if (!pair) return "";
  const [shown, all] = [filteredRows(pair, state.look.filter).length, pair.rows.length];
  return shown === all ? `${count(all)} problems` : `${count(shown)} of ${count(all)} problems`;
}

function problemsData(state: Shown): TextTable {
  const pair = pairModel(state.snapshot, state.look);
  if (!pair) return { head: [], rows: [] };
  const { columns, groupSize, filter } = state.look;
  const rows = filteredRows(pair, filter);
  if (columns === "every" && pair.runs.length > 2)
    return {
      head: ["id", "problem_key", ...everyRunHead(pair)],
      rows: rows.map((row) => [row.problem.id, row.problem.key, ...everyRunCells(pair, row)]),
    };
  const signal = columns === "signal";
  const perRun = (row: ProblemRow, run: number): readonly (number | null)[] =>
    countCells((run === 0 ? row.first : row.second) ?? { n: 0, c: 0 });
  return {
    head: [
      "id",
      "problem_key",
      ...pair.series.flatMap(({ name }) =>
        ["c", "n", "accuracy", "low", "high"].map((part) => `${name} ${part}`),
      ),
      ...(pair.second ? ["change", "set"] : []),
      "truncated",
      ...(signal ? signalHead(pair, groupSize) : []),
    ],
    rows: rows.map((row) => [
      row.problem.id,
      row.problem.key,
      ...pair.series.flatMap((_, run) => perRun(row, run)),
      ...(pair.second ? [row.change, setWords(pair, row) || null] : []),
      row.truncated,
      ...(signal ? signalCells(pair, row, groupSize) : []),
    ]),
  };
}

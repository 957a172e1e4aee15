import { count, percent } from "../../src/core/numberWords.ts";
import type { TextTable } from "../../src/core/report/textTable.ts";
import { dropdown, linkButton, searchField } from "../shared/controls.ts";
import { el, fill, type Child } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import type { Column, Sort } from "../shared/table.ts";
import type { App, FootItem, Shown, TabView } from "./app.ts";
import { commonFoot, nText } from "./foot.ts";
import {
  accuracyRanges,
  noFilter,
  problemColumnSets,
  problemSets,
  type AccuracyRange,
  type Filter,
  type Look,
  type ProblemColumns,
  type ProblemSet,
} from "./look.ts";
import {
  filteredRows,
  pairModel,
  problemPassAtK,
  setName,
  shortNames,
  type Pair,
  type ProblemRow,
} from "./pairModel.ts";
import { pairKey, pairTools } from "./pairTools.ts";
import {
  countCells,
  everyRunCells,
  everyRunColumns,
  everyRunHead,
  groupSizes,
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
import type { RunView } from "../../src/protocol/curves.ts";

const rangeWords: Readonly<Record<AccuracyRange, string>> = {
  any: "0 to 100 %",
  zero: "0 %",
  low: "over 0, under 5 %",
  middle: "5 to 50 %",
  high: "50 to under 100 %",
  full: "100 %",
};

export function createProblemsTab(app: App): TabView {
  const filter = (patch: Partial<Filter>): void =>
    app.show({ filter: { ...app.state().look.filter, ...patch } });
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
        build: () => problemTools(app, state, { pair, labels, filter }),
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

interface ToolParts {
  readonly pair: Pair;
  /** Parallel to `setsOf`. */
  readonly labels: readonly string[];
  readonly filter: (patch: Partial<Filter>) => void;
}

function problemTools(app: App, state: Shown, { pair, labels, filter }: ToolParts): readonly Child[] {
  const { look } = state;
  const [first] = shortNames(pair);
  return [
    searchField({
      id: "filter-text",
      label: "Filter problems",
      value: look.filter.text,
      input: (text) => filter({ text }),
    }),
    ...(state.snapshot.runs.length > 2 ? pairTools(app, state, pair) : []),
    ...columnTools(app, state),
    pair.second &&
      dropdown({
        id: "filter-set",
        label: "Set",
        choices: setsOf(pair).map((value, i) => ({ value, label: labels[i] ?? value })),
        value: look.filter.set,
        change: (set) => filter({ set }),
      }),
    dropdown({
      id: "filter-accuracy",
      label: "Accuracy",
      choices: accuracyRanges.map((value) => ({ value, label: `${first} ${rangeWords[value]}` })),
      value: look.filter.accuracy,
      change: (accuracy) => filter({ accuracy }),
    }),
    look.filter.at && atChip(state, look.filter.at, () => filter({ at: null })),
    el("span", { class: "space" }),
    linkButton({
      id: "label-these",
      label: "Label these",
      press: () => app.run(app.client.call("labelProblems", labelledHere(app.state(), pair))),
    }),
    el("span", { class: "dim figures", id: "problem-count", role: "status" }),
  ];
}

/** What is listed now, of the runs that stand side by side. */
function labelledHere({ look }: Pick<Shown, "look">, pair: Pair) {
  const runIds = [pair.first.id, ...(pair.second ? [pair.second.id] : [])];
  const problemKeys = filteredRows(pair, look.filter).map(({ problem }) => problem.key);
  return { runIds, problemKeys };
}

/** Only a run with a plan leaves problems at a coin. */
const setsOf = ({ first, second }: Pair): readonly ProblemSet[] =>
  problemSets.filter(
    (set) => set !== "notContinued" || [first, second].some((run) => run?.stopped?.plan.tail),
  );

/** `base only 20` */
const setLabels = (pair: Pair): readonly string[] =>
  setsOf(pair).map((set) => {
    const size = filteredRows(pair, { ...noFilter, set }).length;
    return `${set === "all" ? "all" : setName(pair, set)} ${count(size)}`;
  });

/** What came through a point of the curve, and the way back to all. */
function atChip({ snapshot }: Shown, at: NonNullable<Filter["at"]>, clear: () => void): HTMLElement {
  const name = snapshot.runs.find((run) => run.id === at.runId)?.name ?? "";
  return el(
    "button",
    { type: "button", class: "chip", id: "filter-at", title: "Clear", on: { click: clear } },
    `pass@${count(at.k)} of ${name}`,
    icon("close"),
  );
}

const columnWords: Readonly<Record<ProblemColumns, string>> = {
  pair: "the two runs",
  every: "every run",
  signal: "training signal",
};

function columnTools(app: App, { look, snapshot }: Shown): readonly Child[] {
  const sets = problemColumnSets.filter((value) => value !== "every" || snapshot.runs.length > 2);
  return [
    dropdown({
      id: "problem-columns",
      label: "Columns",
      choices: sets.map((value) => ({ value, label: columnWords[value] })),
      value: sets.includes(look.columns) ? look.columns : "pair",
      change: (columns) => app.show({ columns }),
    }),
    look.columns === "signal" &&
      dropdown({
        id: "group-size",
        label: "Group of",
        choices: groupSizes.map((size) => ({ value: String(size), label: String(size) })),
        value: String(look.groupSize),
        change: (size) => app.show({ groupSize: Number(size) }),
      }),
  ];
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

function nothingMatches(pair: Pair, filter: Filter, clear: () => void): HTMLElement {
  const [first] = shortNames(pair);
  const words = [
    filter.text && `"${filter.text}"`,
    filter.set !== "all" && setName(pair, filter.set),
    filter.accuracy !== "any" && `${first} ${rangeWords[filter.accuracy]}`,
    filter.at && `n at least ${count(filter.at.k)}`,
  ].filter(Boolean);
  return el(
    "div",
    { class: "empty", id: "no-match" },
    icon("search", "mute"),
    el(
      "div",
      {},
      el(
        "p",
        {},
        el("b", {}, "No problem matches."),
        words.length > 0 ? ` Filter: ${words.join(", ")}.` : "",
      ),
      linkButton({ id: "clear-filter", label: "Clear the filter", press: clear }),
    ),
  );
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

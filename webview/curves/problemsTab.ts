import { dropdown, linkButton, searchField } from "../shared/controls.ts";
import { el, fill, type Child } from "../shared/dom.ts";
import { count, percent } from "../shared/format.ts";
import { icon } from "../shared/icons.ts";
import type { Column } from "../shared/table.ts";
import type { App, Shown, TabView } from "./app.ts";
import { commonFoot, nText } from "./foot.ts";
import { accuracyRanges, noFilter, problemSets, type AccuracyRange, type Filter } from "./look.ts";
import {
  filteredRows,
  pairModel,
  problemPassAtK,
  rate,
  setName,
  shortNames,
  type Pair,
  type ProblemRow,
} from "./pairModel.ts";
import { pairKey, pairTools } from "./pairTools.ts";
import {
  changeColumn,
  chevronColumn,
  cutOffColumn,
  numberColumn,
  previewColumn,
  problemTable,
  rateColumns,
  rateEnds,
  setColumn,
} from "./problemTable.ts";
import type { TextTable } from "./textTable.ts";

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
        key: JSON.stringify([...pairKey(state, pair), set, accuracy, at]),
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
          columns: problemColumns(pair, state.look.filter),
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
      const columns = problemColumns(pair, state.look.filter);
      const by = columns.find((column) => column.id === sort.column);
      const name =
        by && typeof by.head === "string"
          ? by.head.toLowerCase()
          : sort.column === "ratio1"
            ? pair.second?.name
            : pair.first.name;
      return [
        ...commonFoot(state.snapshot, runs, [
          {
            label: "per-problem interval",
            value: `Clopper\u2013Pearson 95 %; at 0 of ${nText(runs)} the one-sided bound`,
          },
          {
            label: "sorted by",
            value: `${name === "#" ? "number" : name}, ${sort.descending ? "descending" : "ascending"}`,
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

const defaultSort = ({ second }: Pair) => ({ column: second ? "change" : "ratio0", descending: !second });

interface ToolParts {
  readonly pair: Pair;
  /** Of the sets, parallel to `problemSets`. */
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
    pair.second &&
      dropdown({
        id: "filter-set",
        label: "Set",
        choices: problemSets.map((value, i) => ({ value, label: labels[i] ?? value })),
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
    el("span", { class: "dim figures", id: "problem-count", role: "status" }),
  ];
}

/** `base only 20` */
const setLabels = (pair: Pair): readonly string[] =>
  problemSets.map((set) => {
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

function problemColumns(pair: Pair, { at }: Filter): readonly Column<ProblemRow>[] {
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
  const perRun = (row: ProblemRow, run: 0 | 1): readonly (number | null)[] => {
    const own = (run === 0 ? row.first : row.second) ?? { n: 0, c: 0 };
    const { low, high } = own.n > 0 ? rateEnds(own) : { low: null, high: null };
    return [own.c, own.n, rate(own), low, high];
  };
  return {
    head: [
      "id",
      "problem_key",
      ...pair.series.flatMap(({ name }) =>
        ["c", "n", "accuracy", "low", "high"].map((part) => `${name} ${part}`),
      ),
      ...(pair.second ? ["change", "set"] : []),
      "truncated",
    ],
    rows: filteredRows(pair, state.look.filter).map((row) => [
      row.problem.id,
      row.problem.key,
      ...pair.series.flatMap((_, run) => perRun(row, run as 0 | 1)),
      ...(pair.second ? [row.change, row.set ? setName(pair, row.set) : null] : []),
      row.truncated,
    ]),
  };
}

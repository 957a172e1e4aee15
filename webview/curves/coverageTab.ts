import { unsolvedBound } from "../../src/core/estimate/unsolvedBound.ts";
import type { CoverageCell } from "../../src/core/estimate/coverage.ts";
import { coverageIntervals, type CoverageIntervals } from "../../src/core/estimate/coverageInterval.ts";
import { dropdown, iconButton } from "../shared/controls.ts";
import { el, fill, type Child } from "../shared/dom.ts";
import { count, decimal, interval, percent } from "../shared/format.ts";
import { icon } from "../shared/icons.ts";
import { dot } from "../shared/marks.ts";
import { table } from "../shared/table.ts";
import type { App, Shown, TabView } from "./app.ts";
import { finishedOnlyBox } from "./curveTab.ts";
import { commonFoot, nText } from "./foot.ts";
import { pairModel, rate, setName, shortNames, type Pair, type ProblemRow } from "./pairModel.ts";
import { pairKey, pairTools } from "./pairTools.ts";
import {
  badge,
  chevronColumn,
  numberColumn,
  previewColumn,
  problemTable,
  ratioColumn,
  ratioText,
} from "./problemTable.ts";
import { toTabs, type TextTable } from "./textTable.ts";

const cells: readonly CoverageCell[] = ["both", "aOnly", "bOnly", "neither"];

export function createCoverageTab(app: App): TabView {
  return {
    tools: (state) => {
      const pair = pairModel(state.snapshot, state.look);
      if (!pair) return { key: "", build: () => [] };
      const { threshold } = state.look;
      const n = nText([pair.first, ...(pair.second ? [pair.second] : [])]);
      return {
        key: JSON.stringify([...pairKey(state, pair), threshold, n, state.snapshot.options.finishedOnly]),
        build: () => [
          ...pairTools(app, state, pair),
          pair.second &&
            dropdown({
              id: "solved-means",
              label: "Solved means",
              choices: [
                { value: "1", label: `at least 1 right of ${n}` },
                { value: "2", label: `at least 2 right of ${n}` },
              ],
              value: String(threshold) as "1" | "2",
              change: (value) => app.show({ threshold: value === "2" ? 2 : 1 }),
            }),
          el("span", { class: "space" }),
          finishedOnlyBox(app, state.snapshot.options.finishedOnly),
        ],
      };
    },
    render: (host, state) => {
      const pair = pairModel(state.snapshot, state.look);
      if (!pair?.coverage || !pair.second) return fill(host, onlyOneRun(app));
      fill(
        host,
        el(
          "div",
          { class: "twoColumns coverage" },
          el(
            "section",
            { "aria-label": "Coverage" },
            cellGrid(app, pair, state.look.cell),
            ratesTable(pair),
            boundNote(pair, state.look.threshold),
          ),
          cellList(app, pair, state.look.cell),
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

function onlyOneRun(app: App): HTMLElement {
  return el(
    "div",
    { class: "empty" },
    icon("info", "info"),
    el(
      "div",
      {},
      el("p", {}, el("b", {}, "Coverage compares two runs."), " There is one here."),
      el(
        "button",
        {
          type: "button",
          class: "link",
          id: "coverage-add",
          on: { click: () => app.take(app.client.call("addRuns", {})) },
        },
        "Add a run to compare",
      ),
    ),
  );
}

/** The largest rate that a problem counted as not solved can still have: from its 0 of n. */
const cellBound = (rows: readonly ProblemRow[], run: 0 | 1): number =>
  Math.max(0, ...rows.map((row) => unsolvedBound((run === 0 ? row.first : row.second)?.n ?? 0)));

const rowsOf = (pair: Pair, cell: CoverageCell): readonly ProblemRow[] =>
  pair.rows.filter((row) => row.set === cell);

function cellGrid(app: App, pair: Pair, chosen: CoverageCell): HTMLElement {
  const [first, second] = pair.series;
  const total = pair.coverage?.problems ?? 0;
  const share = (part: number): string =>
    `${count(part)} of ${count(total)} · ${percent(part / Math.max(1, total))} %`;
  const sizes = Object.fromEntries(cells.map((cell) => [cell, rowsOf(pair, cell).length]));
  const axis = (words: string, className: string): HTMLElement =>
    el("span", { class: `axis ${className}` }, words);
  return el(
    "div",
    {
      class: "coverGrid",
      role: "group",
      "aria-label": `Problems solved by ${first?.name} and ${second?.name}`,
    },
    axis(`${second?.name} solved`, "top left"),
    axis(`${second?.name} not solved`, "top right"),
    axis(`${first?.name} solved`, "side upper"),
    axis(`${first?.name} not solved`, "side lower"),
    ...cells.map((cell) => cellButton(app, pair, { cell, on: cell === chosen, total })),
    axis(share((sizes["both"] ?? 0) + (sizes["bOnly"] ?? 0)), "bottom left"),
    axis(share((sizes["aOnly"] ?? 0) + (sizes["neither"] ?? 0)), "bottom right"),
  );
}

function cellButton(
  app: App,
  pair: Pair,
  { cell, on, total }: { cell: CoverageCell; on: boolean; total: number },
): HTMLElement {
  const rows = rowsOf(pair, cell);
  const note = cellNote(pair, cell, rows);
  const name = setName(pair, cell);
  return el(
    "button",
    {
      id: `coverage-${cell}`,
      type: "button",
      class: `cover ${cell} ${on ? "chosen" : ""}`,
      "aria-pressed": String(on),
      "data-value": rows.length,
      on: { click: () => app.show({ cell }) },
    },
    el("span", { class: "row" }, ...cellMarks(pair, cell), name.charAt(0).toUpperCase() + name.slice(1)),
    el("span", { class: "big" }, count(rows.length)),
    el(
      "span",
      { class: "dim small" },
      `${percent(rows.length / Math.max(1, total))} %${note ? ` · ${note}` : ""}`,
    ),
  );
}

function cellMarks({ series: [first, second] }: Pair, cell: CoverageCell): readonly Child[] {
  const marks = { both: [first, second], aOnly: [first], bOnly: [second], neither: [] }[cell];
  return marks.length > 0 ? marks.map((own) => own && dot(own.style)) : [icon("dash", "mute")];
}

function cellNote(pair: Pair, cell: CoverageCell, rows: readonly ProblemRow[]): string {
  if (rows.length === 0 || (pair.coverage?.threshold ?? 1) > 1) return "";
  const names = shortNames(pair);
  const bound = (run: 0 | 1): string => `at most ${percent(cellBound(rows, run))} % each`;
  return { both: "", aOnly: `${names[1]} ${bound(1)}`, bOnly: `${names[0]} ${bound(0)}`, neither: bound(0) }[
    cell
  ];
}

interface RateRow {
  readonly name: string;
  readonly value: number | null;
  readonly ends: CoverageIntervals[keyof CoverageIntervals];
  readonly reading: string;
}

function rateRows(pair: Pair): readonly RateRow[] {
  const { coverage } = pair;
  if (!coverage) return [];
  const ends = coverageIntervals(coverage);
  const [kept, lost, gained] = [coverage.both.length, coverage.aOnly.length, coverage.bOnly.length];
  const [first] = shortNames(pair);
  return [
    {
      name: "Retention, SRR",
      value: coverage.srr,
      ends: ends.srr,
      reading: `${count(kept)} of the ${count(kept + lost)} of ${first} kept`,
    },
    {
      name: "New solved, NDR",
      value: coverage.ndr,
      ends: ends.ndr,
      reading: `${count(gained)} of ${count(kept + gained)} ${gained === 1 ? "is" : "are"} new`,
    },
    { name: "Harmonic mean, SDS", value: coverage.sds, ends: ends.sds, reading: "of SRR and NDR" },
    {
      name: "Net change, NSCR",
      value: coverage.nscr,
      ends: ends.nscr,
      reading: "(new \u2212 lost) / either",
    },
  ];
}

function ratesTable(pair: Pair): HTMLElement {
  const three = (value: number): string => decimal(value, 3);
  return table<RateRow>({
    id: "coverage-rates",
    label: "Rates",
    columns: [
      { id: "rate", head: "Rate", cell: (row) => row.name },
      {
        id: "value",
        head: "Value",
        numeric: true,
        cell: (row) => (row.value === null ? "none solved" : three(row.value)),
        data: (row) => ({ value: row.value ?? "" }),
      },
      {
        id: "interval",
        head: "95 % interval",
        numeric: true,
        className: "dim",
        cell: (row) => (row.ends ? interval(row.ends.low, row.ends.high, three) : ""),
      },
      { id: "reading", head: "Reading", className: "dim", cell: (row) => row.reading },
    ],
    rows: rateRows(pair),
    key: (row) => row.name.split(" ").at(-1) ?? row.name,
  });
}

function boundNote(pair: Pair, threshold: number): HTMLElement {
  const ns = [pair.first, ...(pair.second ? [pair.second] : [])].map((run) => run.nMin).filter((n) => n > 0);
  const n = Math.min(...ns);
  const words =
    threshold === 1
      ? `"Not solved" says 0 of ${count(n)}: a solve rate of up to ${percent(unsolvedBound(n))} % is still possible (95 %, per problem). With more samples a problem can move to another cell.`
      : `"Not solved" says at most 1 of ${count(n)} here. With more samples a problem can move to another cell.`;
  return el("p", { class: "dim boundNote" }, words);
}

function cellList(app: App, pair: Pair, cell: CoverageCell): HTMLElement {
  const rows = rowsOf(pair, cell);
  const [first, second] = shortNames(pair);
  const bound = (run: 0 | 1, name: string) => ({
    id: `bound${run}`,
    head: `${name}, at most`,
    numeric: true,
    cell: (row: ProblemRow) => `${percent(unsolvedBound((run === 0 ? row.first : row.second)?.n ?? 0))} %`,
  });
  const accuracy = (run: 0 | 1, name: string) => ({
    id: `accuracy${run}`,
    head: `${name}, %`,
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
      el("span", { class: "dim" }, cellWords(pair, cell)),
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

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

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

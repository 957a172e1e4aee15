import { unsolvedBound } from "../../src/core/estimate/unsolvedBound.ts";
import type { RunView } from "../../src/protocol/curves.ts";
import { type CoverageCell, coverageCells } from "../../src/core/estimate/coverage.ts";
import { count, percent } from "../../src/core/numberWords.ts";
import { toTabs, type TextTable } from "../../src/core/report/textTable.ts";
import { dropdown, iconButton } from "../shared/controls.ts";
import { el, fill } from "../shared/dom.ts";
import type { App, Shown, TabView } from "./app.ts";
import { capital, cellGrid, rowsOf } from "./coverageCells.ts";
import { boundNote, notContinuedNote, ratesTable, rateRows } from "./coverageRates.ts";
import { finishedOnlyBox } from "./curveTools.ts";
import { noiseData, noiseTable, worseList } from "./coverageNoise.ts";
import { commonFoot, nText } from "./foot.ts";
import { type Threshold, thresholds } from "./look.ts";
import { icon } from "../shared/icons.ts";
import { onlyOneRun } from "./onlyOneRun.ts";
import {
  pairModel,
  rate,
  setName,
  shortNames,
  thresholdRefusal,
  type Pair,
  type ProblemRow,
} from "./pairModel.ts";
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

export function createCoverageTab(app: App): TabView {
  return {
    tools: (state) => {
      const pair = pairModel(state.snapshot, state.look);
      if (!pair) return { key: "", build: () => [] };
      const { threshold } = state.look;
      const meanings = solvedMeans(pair);
      return {
        key: JSON.stringify([
          ...pairKey(state, pair),
          threshold,
          meanings.length,
          state.snapshot.options.finishedOnly,
        ]),
        labels: { "solved-means": meanings.map(({ label }) => label) },
        build: () => [
          ...pairTools(app, state, pair),
          pair.second &&
            dropdown({
              id: "solved-means",
              label: "Solved means",
              choices: meanings.map(({ value, label }) => ({ value: String(value), label })),
              value: String(threshold),
              change: (wanted) =>
                app.show({ threshold: thresholds.find((value) => String(value) === wanted) ?? 1 }),
            }),
          el("span", { class: "space" }),
          finishedOnlyBox(app, state.snapshot.options.finishedOnly),
        ],
      };
    },
    render: (host, state) => {
      const pair = pairModel(state.snapshot, state.look);
      if (!pair?.second) return fill(host, onlyOneRun(app, "Coverage"));
      if (pair.refusal !== null) return fill(host, refused(pair.refusal));
      fill(
        host,
        el(
          "div",
          { class: "coverageParts" },
          el(
            "section",
            { class: "cells", "aria-label": "Coverage" },
            cellGrid(app, pair, state.look.worse === null ? state.look.cell : null),
            notContinuedNote(app, pair),
          ),
          state.look.worse === null
            ? cellList(app, pair, state.look.cell)
            : worseList(app, pair, state.look.worse),
          el(
            "section",
            { class: "coverageRates", "aria-label": "Rates" },
            ratesTable(pair),
            noiseTable(app, pair, state.look.worse),
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

/** A threshold that sampling did not look for. */
const refused = (why: string): HTMLElement =>
  el(
    "div",
    { class: "refusal", id: "threshold-refused" },
    icon("info", "info"),
    el(
      "div",
      {},
      el("h2", {}, "Not known for this meaning of solved"),
      el("p", {}, `${why} Choose a smaller number under "Solved means".`),
    ),
  );

/** The thresholds that can be met, and a right chain of thought where both runs have labels. */
function solvedMeans({
  first,
  second,
}: Pair): readonly { readonly value: Threshold; readonly label: string }[] {
  const runs = [first, ...(second ? [second] : [])];
  const most = Math.max(...runs.map(({ nMax }) => nMax));
  const labelled = runs.every(({ cot }) => cot !== null);
  return thresholds
    .filter((value) => (value === "cot" ? labelled : value <= Math.max(2, most)))
    .map((value) => ({ value, label: thresholdWords(runs, value) }));
}

function thresholdWords(runs: readonly RunView[], value: Threshold): string {
  if (value === "cot") return "a right chain of thought, by labels";
  const known = thresholdRefusal(runs, value) === null;
  if (!known) return `at least ${value} right (not known here)`;
  const most = Math.max(...runs.map(({ nMax }) => nMax));
  const of = runs.some(({ stopped }) => stopped) ? `of at most ${count(most)}` : `of ${nText(runs)}`;
  return `at least ${value} right ${of}`;
}

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
  const zero = pair.bounded;
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
      ...coverageCells.map((cell) => [setName(pair, cell), rowsOf(pair, cell).length, null, null]),
      ...rateRows(pair).map((row) => [row.name, row.value, row.ends?.low ?? null, row.ends?.high ?? null]),
      ...noiseData(pair),
    ],
  };
}

import { count, percent } from "../../src/core/numberWords.ts";
import { liveChart, type Chart } from "../shared/chart.ts";
import { checkbox } from "../shared/controls.ts";
import { el, fill, type Child } from "../shared/dom.ts";
import { table } from "../shared/table.ts";
import type { App, Shown, TabView } from "./app.ts";
import { commonFoot, nText } from "./foot.ts";
import { runsOf, stoppedNotice, stoppedPage } from "./histogramRefusal.ts";
import { barAt, histogramConfiguration, type BarPlace } from "./histogramChart.ts";
import type { BinChoice } from "./look.ts";
import {
  binNames,
  chosenRows,
  histogramModel,
  pairModel,
  shortNames,
  type HistogramModel,
  type Pair,
} from "./pairModel.ts";
import { pairKey, pairTools } from "./pairTools.ts";
import {
  badge,
  changeColumn,
  chevronColumn,
  numberColumn,
  previewColumn,
  problemTable,
  ratioColumn,
} from "./problemTable.ts";
import { transitionMatrix } from "./transitionMatrix.ts";

export function createHistogramTab(app: App): TabView {
  const box = el("div", {
    class: "chartBox histogram",
    id: "histogram-chart",
    tabindex: 0,
    role: "group",
    "aria-roledescription": "chart",
  });
  const spoken = el("div", { class: "spoken", "aria-live": "polite", id: "histogram-readout" });
  const under = el("div", { class: "underChart" });
  let chart: Chart<"bar"> | null = null;
  let drawn: readonly unknown[] = [];
  let walked: BarPlace | null = null;

  const choose = (bin: BinChoice | null): void => app.show({ bin });
  const marked = (): BarPlace | null => walked ?? chosenBar(app.state().look.bin);

  box.addEventListener("click", (event) => {
    const { left, top } = box.getBoundingClientRect();
    const bar = chart && barAt(chart, { x: event.clientX - left, y: event.clientY - top });
    if (bar) choose({ kind: "bin", run: bar.run as 0 | 1, bin: bar.bin });
  });
  box.addEventListener("blur", () => {
    walked = null;
    chart?.draw();
  });
  box.addEventListener("keydown", (event) => {
    const state = app.state();
    const pair = state.snapshot && pairModel(state.snapshot, state.look);
    if (!pair) return;
    if (event.key === "Enter" && walked) choose({ kind: "bin", run: walked.run as 0 | 1, bin: walked.bin });
    else {
      const next = walkBars(event.key, marked() ?? { run: 0, bin: -1 }, pair.series.length);
      if (!next) return;
      walked = next;
      chart?.draw();
      const value = histogramModel(pair).bins[next.run]?.[next.bin] ?? 0;
      spoken.textContent = `${pair.series[next.run]?.name}, ${binNames[next.bin]} %: ${count(value)} problems`;
    }
    event.preventDefault();
  });

  const draw = (state: Shown, pair: Pair, model: HistogramModel): void => {
    const next = [state.snapshot, state.theme, pair.first.id, pair.second?.id];
    if (chart && next.every((part, i) => part === drawn[i])) return chart.draw();
    chart?.destroy();
    drawn = next;
    const canvas = el("canvas", { "aria-hidden": "true" });
    fill(box, canvas, spoken);
    box.setAttribute(
      "aria-label",
      `Problems per accuracy bin for ${pair.series.map(({ name }) => name).join(" and ")}. Arrow keys move over the bars, Enter lists the problems.`,
    );
    chart = liveChart(
      canvas,
      histogramConfiguration({ series: pair.series, bins: model.bins, theme: state.theme, marked }),
    );
  };

  return {
    tableLabel: "Show the bins as a table",
    tools: (state) => {
      const pair = pairModel(state.snapshot, state.look);
      if (!pair) return { key: "", build: () => [] };
      const { transitions } = state.look;
      return {
        key: JSON.stringify([...pairKey(state, pair), transitions]),
        build: () => [
          ...pairTools(app, state, pair),
          el("span", { class: "space" }),
          pair.second &&
            checkbox({
              id: "transitions",
              label: "Transitions",
              checked: transitions,
              change: (on) => app.show({ transitions: on }),
            }),
        ],
      };
    },
    render: (host, state) => {
      const pair = pairModel(state.snapshot, state.look);
      if (!pair) return fill(host);
      // An empty chart would say that no problem is anywhere.
      if (runsOf(pair).every(({ stopped }) => stopped)) return fill(host, stoppedPage(pair));
      const model = histogramModel(pair);
      const choice = state.look.bin ?? firstChoice(pair, model);
      fill(
        under,
        stoppedNotice(pair),
        state.look.fullTable && binTable(pair, model),
        el(
          "div",
          { class: "matrixAndList" },
          state.look.transitions && model.transitions
            ? transitionMatrix({ pair, matrix: model.transitions, choice, choose })
            : null,
          choice && list(app, pair, choice),
        ),
      );
      if (box.parentElement !== host) fill(host, box, under);
      draw(state, pair, model);
    },
    foot: (state) => {
      const pair = pairModel(state.snapshot, state.look);
      if (!pair) return [];
      const model = histogramModel(pair);
      const names = shortNames(pair);
      const per = (write: (run: number) => string): string =>
        pair.series
          .map((_, run) => `${names[run as 0 | 1]} ${runs[run]?.stopped ? "not told" : write(run)}`)
          .join(", ");
      const runs = runsOf(pair);
      if (runs.every(({ stopped }) => stopped)) return commonFoot(state.snapshot, runs, []);
      return commonFoot(state.snapshot, runs, [
        { label: "mean accuracy", value: per((run) => `${percent(model.meanAccuracy[run] ?? 0)} %`) },
        { label: `at 0 of ${nText(runs)}`, value: per((run) => count(model.bins[run]?.[0] ?? 0)) },
      ]);
    },
    data: (state) => binData(state),
    text: (state) => binData(state),
    figure: (state) => {
      const pair = pairModel(state.snapshot, state.look);
      if (!pair) return null;
      const model = histogramModel(pair);
      const options = { series: pair.series, bins: model.bins, theme: state.theme, marked: () => null };
      const names = pair.series.map(({ name }) => name).join(" and ");
      return {
        width: 1168,
        theme: state.theme,
        title: state.snapshot.title,
        caption: `${names} · ${count(pair.rows.length)} problems`,
        parts: [{ configuration: histogramConfiguration(options), height: 280 }],
      };
    },
    leave: () => {
      chart?.destroy();
      chart = null;
      walked = null;
    },
  };
}

const chosenBar = (bin: BinChoice | null): BarPlace | null => (bin?.kind === "bin" ? bin : null);

function walkBars(key: string, { run, bin }: BarPlace, runs: number): BarPlace | null {
  const last = binNames.length - 1;
  switch (key) {
    case "ArrowRight":
      return { run, bin: Math.min(last, bin + 1) };
    case "ArrowLeft":
      return { run, bin: Math.max(0, bin - 1) };
    case "ArrowUp":
    case "ArrowDown":
      return { run: (run + 1) % runs, bin: Math.max(0, bin) };
    case "Home":
      return { run, bin: 0 };
    case "End":
      return { run, bin: last };
    default:
      return null;
  }
}

/** Before anything is chosen: what fell to 0 in the second run, else the fullest bar. */
function firstChoice(pair: Pair, { bins, transitions }: HistogramModel): BinChoice | null {
  const lost = transitions?.map((row, from) => ({ from, value: row[0] ?? 0 })).slice(1) ?? [];
  const most = lost.sort((a, b) => b.value - a.value)[0];
  if (pair.second && most && most.value > 0) return { kind: "cell", from: most.from, to: 0 };
  const first = bins[0] ?? [];
  return first.length > 0 ? { kind: "bin", run: 0, bin: first.indexOf(Math.max(...first)) } : null;
}

function list(app: App, pair: Pair, choice: BinChoice): HTMLElement {
  const rows = chosenRows(pair, choice);
  const names = shortNames(pair);
  return el(
    "section",
    { class: "listColumn", "aria-label": "Problems of the chosen bin" },
    el(
      "div",
      { class: "row listHead" },
      el("h2", {}, choiceTitle(choice, names)),
      badge(rows.length),
      choiceNote(pair, choice),
    ),
    rows.length === 0
      ? el("p", { class: "dim" }, "No problem is here.")
      : problemTable(app, pair, {
          id: "bin-problems",
          label: "Problems",
          columns: [
            numberColumn,
            previewColumn,
            ratioColumn(pair, 0),
            ...(pair.second ? [ratioColumn(pair, 1), changeColumn("Change, points")] : []),
            chevronColumn,
          ],
          rows,
          sort: { column: "ratio0", descending: true },
        }),
  );
}

function choiceTitle(choice: BinChoice, names: readonly [string, string]): string {
  const named = (bin: number): string =>
    bin === 0 || bin === 11 ? (binNames[bin] ?? "") : `${binNames[bin]} %`;
  const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
  if (choice.kind === "bin") return `${capital(names[choice.run])} ${named(choice.bin)}`;
  return `${capital(names[0])} ${named(choice.from)} to ${names[1]} ${named(choice.to)}`;
}

function choiceNote(pair: Pair, choice: BinChoice): Child {
  if (choice.kind !== "cell" || choice.from === choice.to) return null;
  const words =
    choice.to === 0
      ? `fell to 0 of ${nText([pair.second ?? pair.first])}`
      : choice.to > choice.from
        ? "rose"
        : "fell";
  return el("span", { class: "dim" }, words);
}

function binTable(pair: Pair, model: HistogramModel): HTMLElement {
  return table<number>({
    id: "histogram-table",
    label: "Problems per accuracy bin",
    columns: [
      { id: "bin", head: "Accuracy, %", cell: (bin) => binNames[bin] ?? "" },
      ...pair.series.map(({ name }, run) => ({
        id: `run${run}`,
        head: name,
        numeric: true,
        cell: (bin: number) => count(model.bins[run]?.[bin] ?? 0),
        data: (bin: number) => ({ value: model.bins[run]?.[bin] ?? 0 }),
      })),
    ],
    rows: binNames.map((_, bin) => bin),
    key: String,
    rowData: (bin) => ({ bin }),
  });
}

function binData(state: Shown): { head: readonly string[]; rows: readonly (readonly (string | number)[])[] } {
  const pair = pairModel(state.snapshot, state.look);
  if (!pair) return { head: [], rows: [] };
  const { bins } = histogramModel(pair);
  return {
    head: ["accuracy_percent", ...pair.series.map(({ name }) => name)],
    rows: binNames.map((name, bin) => [name, ...pair.series.map((_, run) => bins[run]?.[bin] ?? 0)]),
  };
}

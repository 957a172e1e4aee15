import { liveChart, type Chart } from "../shared/chart.ts";
import { el, fill } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import type { App, FootItem, Shown, TabView } from "./app.ts";
import { curveConfiguration, differenceConfiguration, type ChartOptions } from "./curveChart.ts";
import { crosshairControl, type CrosshairControl } from "./curveCrosshair.ts";
import { metricAt } from "./curveLine.ts";
import { curveModel, type CurveModel } from "./curveModel.ts";
import { curveData, curveTable, everyKTable, summaryText } from "./curveTables.ts";
import { curveTools } from "./curveTools.ts";
import { commonFoot, intervalWords } from "./foot.ts";
import { noFilter } from "./look.ts";
import { modeLines } from "./verdictNotices.ts";

export function createCurveTab(app: App): TabView {
  const curveBox = el("div", { class: "chartBox curve", id: "curve-chart" }, el("canvas"));
  const stripBox = el("div", { class: "chartBox strip", id: "difference-chart" }, el("canvas"));
  const under = el("div", { class: "underChart" });
  let charts: Chart<"line">[] = [];
  let drawn: { model: CurveModel; theme: unknown; bands: boolean; narrow: boolean } | null = null;

  const openProblems = (runId: string, k: number | null): void => {
    const { snapshot, look } = app.state();
    const reference = snapshot?.referenceId ?? null;
    app.show({
      tab: "problems",
      drill: null,
      firstId: reference,
      ...(runId === reference ? {} : { secondId: runId }),
      // The list's own column is pass@k.
      filter: { ...noFilter, at: k === null || look.metric !== "pass" ? null : { runId, k } },
    });
  };
  const cross: CrosshairControl = crosshairControl({
    host: curveBox,
    charts: () => charts,
    open: openProblems,
  });

  const draw = (state: Shown, model: CurveModel): void => {
    const next = { model, theme: state.theme, bands: state.look.bands, narrow: state.narrow };
    const same =
      drawn && Object.entries(next).every(([key, value]) => drawn?.[key as keyof typeof next] === value);
    if (same && charts.length > 0) return;
    for (const chart of charts) chart.destroy();
    const options: ChartOptions = { bands: state.look.bands, names: !state.narrow, cursor: cross.k };
    const strip = model.differences.length > 0 && !state.narrow;
    stripBox.hidden = !strip;
    charts = [liveChart(canvasIn(curveBox), curveConfiguration(model, state.theme, options))];
    if (strip)
      charts.push(liveChart(canvasIn(stripBox), differenceConfiguration(model, state.theme, options)));
    drawn = next;
  };

  return {
    wholePanel: true,
    tableLabel: "Show every k as a table",
    tools: (state) => curveTools(app, state, modelOf(state)),
    render: renderCurve,
    foot: (state) => commonFoot(state.snapshot, state.snapshot.runs, [intervalItem(state)]),
    data: (state) => curveData(modelOf(state)),
    text: (state) => summaryText(modelOf(state), state.snapshot),
    figure: (state) => curveFigure(state),
    leave: () => {
      for (const chart of charts) chart.destroy();
      charts = [];
      drawn = null;
    },
  };

  function renderCurve(host: HTMLElement, state: Shown): void {
    const model = modelOf(state);
    fill(
      under,
      ...model.notices.map(({ lead, rest }) =>
        el("p", { class: "notice" }, icon("info", "info"), el("span", {}, el("b", {}, lead), ` ${rest}`)),
      ),
      ...modeLines(app, state.snapshot),
      model.lines.length > 0 && curveTable(model, state.snapshot, (runId) => openProblems(runId, null)),
      state.look.fullTable && everyKTable(model),
    );
    if (curveBox.parentElement !== host) fill(host, curveBox, stripBox, under);
    curveBox.hidden = model.lines.length === 0;
    cross.update(model);
    draw(state, model);
    cross.refresh();
  }
}

const models = new WeakMap<object, { readonly key: string; readonly model: CurveModel }>();

/** The last model of a snapshot: so that charts see by identity whether anything changed. */
function modelOf({ snapshot, look }: Shown): CurveModel {
  const key = `${look.metric} ${look.floor}`;
  const known = models.get(snapshot);
  if (known?.key === key) return known.model;
  const model = curveModel(snapshot, look);
  models.set(snapshot, { key, model });
  return model;
}

/** How far a value can be trusted: the interval's method, or that there is none. */
function intervalItem({ snapshot, look }: Shown): FootItem {
  if (look.metric === "pass")
    return { label: "interval", value: intervalWords(snapshot.options.interval, snapshot.runs.length > 1) };
  const sampled = snapshot.runs.some(({ majority }) => majority?.some(({ exact }) => !exact));
  return {
    label: "interval",
    value: `none yet for maj@k${sampled ? ", votes of random subsets" : ""}`,
    title:
      "maj@k: the chance that a majority vote over k samples is right, ties split. Resampling problems alone would give a band that is too narrow, so none is drawn.",
  };
}

function canvasIn(box: HTMLElement): HTMLCanvasElement {
  box.querySelector("canvas")?.remove();
  const canvas = el("canvas", { "aria-hidden": "true" });
  box.prepend(canvas);
  return canvas;
}

function curveFigure(state: Shown): ReturnType<TabView["figure"]> {
  const model = modelOf(state);
  if (model.lines.length === 0) return null;
  const options: ChartOptions = { bands: state.look.bands, names: true, cursor: () => null };
  const { snapshot, theme } = state;
  const strip = model.differences.length > 0;
  const caption = model.metric === "pass" ? intervalWords(snapshot.options.interval, strip) : "no interval";
  return {
    width: 1168,
    theme,
    title: snapshot.title,
    caption: `${metricAt(model.metric, "k")} · n ${model.kMax} · ${snapshot.problems.length} problems · ${caption}`,
    parts: [
      { configuration: curveConfiguration(model, theme, options), height: 362 },
      ...(strip
        ? [{ configuration: differenceConfiguration(model, theme, options) as never, height: 128 }]
        : []),
    ],
  };
}

import { liveChart, type Chart } from "../shared/chart.ts";
import { el, fill } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import type { App, FootItem, Shown, TabView } from "./app.ts";
import { curveConfiguration, differenceConfiguration, type ChartOptions } from "./curveChart.ts";
import { crosshairControl, type CrosshairControl } from "./curveCrosshair.ts";
import { createCurveExtras } from "./curveExtras.ts";
import { metricAt } from "./curveLine.ts";
import { curveModel, type CurveExtras, type CurveModel } from "./curveModel.ts";
import { curveData, curveTable, everyKTable, summaryText } from "./curveTables.ts";
import { curveTools } from "./curveTools.ts";
import { createFacetCharts } from "./facetCharts.ts";
import { facetKeys, facetsOf, type Facet } from "./facets.ts";
import type { Figure } from "./figure.ts";
import { commonFoot, intervalWords } from "./foot.ts";
import { forecastTable } from "./forecastLine.ts";
import { noFilter } from "./look.ts";
import { waitingLine } from "./notices.ts";
import { modeLines } from "./verdictNotices.ts";

export function createCurveTab(app: App): TabView {
  const curveBox = el("div", { class: "chartBox curve", id: "curve-chart" }, el("canvas"));
  const stripBox = el("div", { class: "chartBox strip", id: "difference-chart" }, el("canvas"));
  const under = el("div", { class: "underChart" });
  const extras = createCurveExtras(app);
  let charts: Chart<"line">[] = [];
  let drawn: { model: CurveModel; theme: unknown; bands: boolean; narrow: boolean } | null = null;
  const modelOf = (state: Shown): CurveModel => rememberedModel(state, extras.at(state));

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
  const facetCharts = createFacetCharts(openProblems);
  const cross: CrosshairControl = crosshairControl({
    id: "curve",
    host: curveBox,
    charts: () => charts,
    open: openProblems,
  });

  const stop = (): void => {
    for (const chart of charts) chart.destroy();
    facetCharts.stop();
    [charts, drawn] = [[], null];
  };

  const draw = (state: Shown, model: CurveModel): void => {
    const next = { model, theme: state.theme, bands: state.look.bands, narrow: state.narrow };
    const same =
      drawn && Object.entries(next).every(([key, value]) => drawn?.[key as keyof typeof next] === value);
    if (same && charts.length > 0) return;
    stop();
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
    foot: (state) => commonFoot(state.snapshot, state.snapshot.runs, intervalItems(state)),
    data: (state) => curveData(modelOf(state)),
    text: (state) => summaryText(modelOf(state), state.snapshot),
    figure: (state) => curveFigure(state, modelOf(state)),
    leave: stop,
  };

  function renderCurve(host: HTMLElement, state: Shown): void {
    const model = modelOf(state);
    fill(
      under,
      ...model.notices.map(({ lead, rest }) =>
        el("p", { class: "notice" }, icon("info", "info"), el("span", {}, el("b", {}, lead), ` ${rest}`)),
      ),
      extras.error() !== null && waitingLine(extras.error(), ""),
      ...modeLines(app, state.snapshot),
      model.lines.length > 0 && curveTable(model, state.snapshot, (runId) => openProblems(runId, null)),
      state.look.fullTable && everyKTable(model),
      state.look.fullTable && model.forecasts.length > 0 && forecastTable(model.forecasts),
    );
    const facets = facetsIn(state, model);
    if (facets !== null) {
      if (charts.length > 0) stop();
      facetCharts.draw(facets, { theme: state.theme, bands: state.look.bands, names: false });
      if (facetCharts.host.parentElement !== host) fill(host, facetCharts.host, under);
      return;
    }
    if (curveBox.parentElement !== host) fill(host, curveBox, stripBox, under);
    curveBox.hidden = model.lines.length === 0;
    cross.update(model);
    draw(state, model);
    cross.refresh();
  }
}

/** `null`: one chart for all. */
function facetsIn({ snapshot, look }: Shown, model: CurveModel): readonly Facet[] | null {
  const { facet } = look;
  if (facet === null || !facetKeys(snapshot.runs).includes(facet)) return null;
  return facetsOf(model, facet);
}

const models = new WeakMap<object, { readonly key: readonly unknown[]; readonly model: CurveModel }>();

/** The last model of a snapshot: so that charts see by identity whether anything changed. */
function rememberedModel({ snapshot, look }: Shown, extras: CurveExtras): CurveModel {
  const { metric, floor, tau, cost, forecast } = look;
  const key = [metric, floor, tau, cost, forecast, extras.counted, extras.forecasts];
  const known = models.get(snapshot);
  if (known?.key.every((part, i) => part === key[i])) return known.model;
  const model = curveModel(snapshot, look, extras);
  models.set(snapshot, { key, model });
  return model;
}

/** How far a value can be trusted: the interval's method, and what is special about the metric's. */
function intervalItems({ snapshot, look }: Shown): readonly FootItem[] {
  const { interval } = snapshot.options;
  if (look.metric === "pass")
    return [{ label: "interval", value: intervalWords(interval, snapshot.runs.length > 1) }];
  // The other metrics have no variance for these very problems.
  const method = intervalWords(interval === "fixed" ? "jbb" : interval, false);
  if (look.metric === "majority") {
    const sampled = snapshot.runs.some(({ majority }) => majority?.some(({ exact }) => !exact));
    const value = `${method}${sampled ? ", votes of random subsets" : ""}`;
    const title = "maj@k: the chance that a majority vote over k samples is right, ties split.";
    return [{ label: "interval", value, title }];
  }
  const meaning =
    look.metric === "cover"
      ? "Cover@tau: the share of problems with at least the share tau of their samples right, by the measured c/n."
      : "G-Pass@k: the chance that at least the share tau of k samples is right.";
  return [
    ...(look.metric === "gPass" ? [{ label: "tau", value: String(look.tau) }] : []),
    { label: "interval", value: method, title: meaning },
  ];
}

function canvasIn(box: HTMLElement): HTMLCanvasElement {
  box.querySelector("canvas")?.remove();
  const canvas = el("canvas", { "aria-hidden": "true" });
  box.prepend(canvas);
  return canvas;
}

function curveFigure(state: Shown, model: CurveModel): Figure | null {
  if (model.lines.length === 0) return null;
  const options: ChartOptions = { bands: state.look.bands, names: true, cursor: () => null };
  const { snapshot, theme } = state;
  const strip = model.differences.length > 0;
  const method = intervalItems(state).map(({ value }) => value);
  const metric = `${metricAt(model.metric, "k")}${model.metric === "gPass" ? `, tau ${model.tau}` : ""}`;
  const n = model.axis.kind === "tau" ? [] : [`n ${model.kMax}`];
  const facets = facetsIn(state, model);
  return {
    width: 1168,
    theme,
    title: snapshot.title,
    caption: [
      metric,
      ...n,
      `${snapshot.problems.length} problems`,
      ...method.slice(-1),
      ...(model.forecasts.length > 0 ? ["dotted beyond n: a forecast"] : []),
    ].join(" · "),
    parts: facets
      ? facets.map((facet) => ({
          configuration: curveConfiguration(facet.model, theme, { ...options, heading: facet.title }),
          height: 300,
        }))
      : [
          { configuration: curveConfiguration(model, theme, options), height: 362 },
          ...(strip
            ? [{ configuration: differenceConfiguration(model, theme, options) as never, height: 128 }]
            : []),
        ],
  };
}

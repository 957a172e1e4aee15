import { intervalMethods, type IntervalMethod } from "../../src/core/estimate/names.ts";
import { liveChart, type Chart } from "../shared/chart.ts";
import { checkbox, dropdown } from "../shared/controls.ts";
import { el, fill, type Child } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import type { App, Shown, TabView } from "./app.ts";
import { curveConfiguration, differenceConfiguration, type ChartOptions } from "./curveChart.ts";
import { crosshairControl, type CrosshairControl } from "./curveCrosshair.ts";
import { curveModel, type CurveModel } from "./curveModel.ts";
import { curveData, curveTable, everyKTable, summaryText } from "./curveTables.ts";
import { commonFoot, intervalWords } from "./foot.ts";
import { noFilter } from "./look.ts";

const intervalChoices: Readonly<Record<IntervalMethod, string>> = {
  jbb: "other problems like these",
  fixed: "these problems, new samples",
  gaffke: "other problems, conservative",
  percentile: "percentile bootstrap",
};

export function createCurveTab(app: App): TabView {
  const curveBox = el("div", { class: "chartBox curve", id: "curve-chart" }, el("canvas"));
  const stripBox = el("div", { class: "chartBox strip", id: "difference-chart" }, el("canvas"));
  const under = el("div", { class: "underChart" });
  let charts: Chart<"line">[] = [];
  let drawn: { model: CurveModel; theme: unknown; bands: boolean; narrow: boolean } | null = null;

  const openProblems = (runId: string, k: number | null): void => {
    const { snapshot } = app.state();
    const reference = snapshot?.referenceId ?? null;
    app.show({
      tab: "problems",
      drill: null,
      firstId: reference,
      ...(runId === reference ? {} : { secondId: runId }),
      filter: { ...noFilter, at: k === null ? null : { runId, k } },
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
    tools: ({ snapshot, look }) => ({
      key: JSON.stringify([
        snapshot.options,
        snapshot.referenceId,
        look.bands,
        snapshot.runs.map((run) => run.name),
      ]),
      build: () => curveTools(app, snapshot, look.bands),
    }),
    render: renderCurve,
    foot: ({ snapshot }) =>
      commonFoot(snapshot, snapshot.runs, [
        { label: "interval", value: intervalWords(snapshot.options.interval, snapshot.runs.length > 1) },
      ]),
    data: ({ snapshot }) => curveData(curveModel(snapshot)),
    text: ({ snapshot }) => summaryText(curveModel(snapshot), snapshot),
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
      curveTable(model, state.snapshot, (runId) => openProblems(runId, null)),
      state.look.fullTable && everyKTable(model),
    );
    if (curveBox.parentElement !== host) fill(host, curveBox, stripBox, under);
    cross.update(model);
    draw(state, model);
  }
}

const models = new WeakMap<object, CurveModel>();

/** One model a snapshot: so that charts see by identity whether anything changed. */
function modelOf({ snapshot }: Shown): CurveModel {
  const known = models.get(snapshot);
  if (known) return known;
  const model = curveModel(snapshot);
  models.set(snapshot, model);
  return model;
}

function canvasIn(box: HTMLElement): HTMLCanvasElement {
  box.querySelector("canvas")?.remove();
  const canvas = el("canvas", { "aria-hidden": "true" });
  box.prepend(canvas);
  return canvas;
}

function curveTools(app: App, snapshot: Shown["snapshot"], bands: boolean): readonly Child[] {
  const { options, runs, referenceId } = snapshot;
  return [
    dropdown({
      id: "interval",
      label: "Interval for",
      choices: intervalMethods.map((value) => ({ value, label: intervalChoices[value] })),
      value: options.interval,
      change: (interval) => app.setOptions({ interval }),
    }),
    runs.length > 1 &&
      dropdown({
        id: "reference",
        label: "Compare with",
        choices: runs.map(({ id, name }) => ({ value: id, label: name })),
        value: referenceId ?? runs[0]?.id ?? "",
        change: (reference) => app.setOptions({ referenceId: reference }),
      }),
    el("span", { class: "space" }),
    el(
      "span",
      { class: "wideOnly row" },
      checkbox({ id: "bands", label: "95 % bands", checked: bands, change: (on) => app.show({ bands: on }) }),
    ),
    finishedOnlyBox(app, options.finishedOnly),
  ];
}

export function finishedOnlyBox(app: App, checked: boolean): HTMLElement {
  return checkbox({
    id: "finished-only",
    label: "Only finished samples",
    checked,
    change: (finishedOnly) => app.setOptions({ finishedOnly }),
  });
}

function curveFigure(state: Shown): ReturnType<TabView["figure"]> {
  const model = modelOf(state);
  if (model.lines.length === 0) return null;
  const options: ChartOptions = { bands: state.look.bands, names: true, cursor: () => null };
  const { snapshot, theme } = state;
  const strip = model.differences.length > 0;
  return {
    width: 1168,
    theme,
    title: snapshot.title,
    caption: `pass@k · n ${model.kMax} · ${snapshot.problems.length} problems · ${intervalWords(snapshot.options.interval, strip)}`,
    parts: [
      { configuration: curveConfiguration(model, theme, options), height: 362 },
      ...(strip
        ? [{ configuration: differenceConfiguration(model, theme, options) as never, height: 128 }]
        : []),
    ],
  };
}

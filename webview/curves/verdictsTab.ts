// Where judges differ over a run's samples, and what that does to its curve.
import { count } from "../../src/core/numberWords.ts";
import type { VerdictsView } from "../../src/protocol/verdicts.ts";
import { liveChart, type Chart } from "../shared/chart.ts";
import { RequestError } from "../shared/client.ts";
import { el, fill, region, type Child } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import type { App, Shown, TabView } from "./app.ts";
import { curveConfiguration } from "./curveChart.ts";
import { crosshairControl } from "./curveCrosshair.ts";
import { curveModel, type CurveModel } from "./curveModel.ts";
import { commonFoot } from "./foot.ts";
import { judgesTable, rowsOf, verdictData, verdictTable } from "./verdictTable.ts";
import { failed, nothingChosen, nothingDiffers, working, type ComparisonFailure } from "./verdictStates.ts";
import { choiceOf, verdictTools } from "./verdictTools.ts";
import { countsText, shareText } from "./verdictWords.ts";

interface Comparison {
  /** Which run, judges and samples. */
  readonly key: string;
  readonly view: VerdictsView | null;
  readonly error: ComparisonFailure | null;
  readonly model: CurveModel | null;
}

export function createVerdictsTab(app: App): TabView {
  const head = el("div", { class: "verdictsHead" });
  const list = el("div", { class: "listColumn" });
  const chartBox = el("div", { class: "chartBox", id: "judges-chart" });
  const curves = el("div", { class: "judgesColumn" });
  const columns = el("div", { class: "judged" }, list, curves);
  const parts = { head: region(head), list: region(list), curves: region(curves) };
  let compared: Comparison | null = null;
  let asking: AbortController | null = null;
  let chart: Chart<"line"> | null = null;
  let drawn: readonly unknown[] = [];
  const charts = (): readonly Chart<"line">[] => (chart === null ? [] : [chart]);
  const cross = crosshairControl({ id: "judges", host: chartBox, charts, open: null });

  const ask = (key: string, runId: string, judges: readonly string[]): void => {
    asking?.abort();
    asking = new AbortController();
    compared = { key, view: null, error: null, model: null };
    const arrive = (view: VerdictsView | null, error: Comparison["error"]): void => {
      if (compared?.key !== key) return;
      compared = { key, view, error, model: view?.curves ? curveModel(view.curves) : null };
      app.show({});
    };
    app.client.call("compareVerdicts", { runId, judges }, asking.signal).then(
      (view) => arrive(view, null),
      (error: unknown) => {
        const code = error instanceof RequestError ? error.code : "failed";
        arrive(null, { code, message: error instanceof Error ? error.message : String(error) });
      },
    );
  };

  const render: TabView["render"] = (host, state) => {
    const choice = choiceOf(state);
    if (choice === null) return fill(host);
    const { run, judges } = choice;
    if (judges.length < 2) return fill(host, nothingChosen(app, state.snapshot, run));
    const key = JSON.stringify([run.id, judges, run.samples, run.verdicts.shown.id]);
    if (compared?.key !== key) ask(key, run.id, judges);
    if (!compared?.view) {
      const again = (): void => {
        compared = null;
        app.show({});
      };
      return fill(host, compared?.error ? failed(compared.error, again) : working(() => asking?.abort()));
    }
    if (columns.parentElement !== host) fill(host, head, columns);
    draw(state, compared.view, compared.model);
  };

  const draw = (state: Shown, view: VerdictsView, model: CurveModel | null): void => {
    const { kinds, judgedSample } = state.look;
    const key = compared?.key ?? "";
    parts.head(key, () => (view.differ === 0 && view.withoutVerdict === 0 ? [] : headParts(view)));
    parts.list(JSON.stringify([key, kinds, judgedSample]), () =>
      rowsOf(view, kinds).length === 0
        ? [nothingDiffers(view)]
        : [verdictTable(app, view, { kinds, selected: judgedSample })],
    );
    parts.curves(key, () => (model ? [chartBox, judgesTable(model)] : []));
    const next = [model, state.theme, state.look.bands];
    if (!model || (chart && next.every((part, i) => part === drawn[i]))) return;
    chart?.destroy();
    const canvas = el("canvas", { "aria-hidden": "true" });
    chartBox.querySelector("canvas")?.remove();
    chartBox.prepend(canvas);
    cross.update(model);
    const options = { bands: state.look.bands, names: false, cursor: cross.k };
    chart = liveChart(canvas, curveConfiguration(model, state.theme, options));
    drawn = next;
    cross.refresh();
  };

  const viewOf = (): VerdictsView | null => compared?.view ?? null;
  return {
    tools: (state) => verdictTools(app, state, viewOf()),
    render,
    foot: (state) => {
      const run = choiceOf(state)?.run;
      return run ? commonFoot(state.snapshot, [run], []) : [];
    },
    data: (state) => dataOf(viewOf(), state),
    text: (state) => dataOf(viewOf(), state),
    figure: () => null,
    leave: () => {
      chart?.destroy();
      chart = null;
    },
  };
}

const dataOf = (view: VerdictsView | null, { look }: Shown) =>
  view ? verdictData(view, look.kinds) : { head: [], rows: [] };

function headParts(view: VerdictsView): readonly Child[] {
  const { samples, differ, withoutVerdict, rows } = view;
  const more = [
    withoutVerdict > 0 ? `${count(withoutVerdict)} samples are not judged by all and not compared.` : "",
    rows.length < differ ? `The first ${count(rows.length)} are listed.` : "",
  ].filter(Boolean);
  const lead = `${shareText(differ, samples)} ${differ === 1 ? "differs" : "differ"}.`;
  return [
    el(
      "p",
      {
        class: "notice",
        id: "verdicts-summary",
        role: "status",
        "data-differ": differ,
        "data-samples": samples,
      },
      differ === 0 ? icon("pass", "ok") : icon("info", "info"),
      el("span", {}, el("b", {}, lead), ` ${[countsText(view), ...more].filter(Boolean).join(". ")}`),
    ),
  ];
}

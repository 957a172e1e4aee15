// Every run minus the reference along k, paired over problems; with a band over all k where a k is looked for.
import { counted } from "../../src/core/numberWords.ts";
import { liveChart, type Chart } from "../shared/chart.ts";
import { dropdown } from "../shared/controls.ts";
import { el, fill, type Child } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import type { App, Shown, TabTools, TabView } from "./app.ts";
import { differenceConfiguration } from "./curveChart.ts";
import { finishedOnlyBox, intervalTool, referenceTool } from "./curveTools.ts";
import { differenceModel, differenceNotices, type DifferenceModel } from "./differenceModel.ts";
import { differenceData, differenceSummary, differenceTable, differenceText } from "./differenceTables.ts";
import type { Figure } from "./figure.ts";
import { commonFoot, intervalWords } from "./foot.ts";
import { noFilter } from "./look.ts";
import { waitingLine } from "./notices.ts";
import { onlyOneRun } from "./onlyOneRun.ts";
import { createRemote } from "./remote.ts";
import { createKWalk } from "./kWalk.ts";

export function createDifferenceTab(app: App): TabView {
  const box = el("div", { class: "chartBox curve", id: "difference-whole" });
  const under = el("div", { class: "underChart" });
  const bands = createRemote(
    (signal) => app.client.call("readBands", {}, signal),
    () => app.show({}),
  );
  let chart: Chart<"line"> | null = null;
  let drawn: readonly unknown[] = [];
  const walk = createKWalk(box, () => chart);
  const read = ({ snapshot, look }: Shown): ReturnType<typeof bands.at> =>
    look.someK ? bands.at(String(snapshot.version)) : { value: null, error: null };
  const modelOf = (state: Shown): DifferenceModel => differenceModel(state, read(state).value);
  const open = ({ snapshot }: Shown, runId: string, k: number | null): void =>
    app.show({
      tab: "problems",
      drill: null,
      firstId: snapshot.referenceId,
      secondId: runId,
      filter: { ...noFilter, at: k === null ? null : { runId, k } },
    });
  const stop = (): void => {
    chart?.destroy();
    [chart, drawn] = [null, []];
  };

  const draw = (state: Shown, model: DifferenceModel): void => {
    const next = [
      state.snapshot,
      read(state).value,
      state.look.comparedId,
      state.look.someK,
      state.theme,
      state.narrow,
    ];
    if (chart && next.every((part, i) => part === drawn[i])) return;
    stop();
    drawn = next;
    const canvas = el("canvas", { "aria-hidden": "true" });
    box.querySelector("canvas")?.remove();
    box.prepend(canvas);
    const options = { bands: true, names: !state.narrow, cursor: walk.k, named: true };
    chart = liveChart(canvas, differenceConfiguration(model, state.theme, options));
  };

  return {
    wholePanel: true,
    tableLabel: "Show every k as a table",
    tools: (state) => differenceTools(app, state),
    render: (host, state) => {
      if (state.snapshot.runs.length < 2) return fill(host, onlyOneRun(app, "A difference"));
      const model = modelOf(state);
      const { value, error } = read(state);
      const waits = state.look.someK && value === null;
      fill(
        under,
        waits && waitingLine(error, "The band over all k is being counted."),
        ...differenceNotices(model).map(({ lead, rest }) =>
          el("p", { class: "notice" }, icon("info", "info"), el("span", {}, el("b", {}, lead), ` ${rest}`)),
        ),
        model.differences.length > 0 && differenceSummary(model, (runId) => open(state, runId, null)),
        state.look.fullTable && differenceTable(app, state, model, (runId, k) => open(state, runId, k)),
      );
      if (box.parentElement !== host) fill(host, box, under);
      box.hidden = model.differences.length === 0;
      walk.update(model);
      draw(state, model);
      walk.refresh();
    },
    foot: ({ snapshot, look }) =>
      commonFoot(snapshot, snapshot.runs, [
        {
          label: "interval",
          value: look.someK
            ? "95 % for all k at once, paired, Bayesian bootstrap over problems"
            : intervalWords(snapshot.options.interval, true),
        },
      ]),
    data: (state) => differenceData(modelOf(state)),
    text: (state) => differenceText(modelOf(state)),
    figure: (state) => differenceFigure(state, modelOf(state)),
    leave: stop,
  };
}

const allRuns = "all runs";

function differenceTools(app: App, { snapshot, look }: Shown): TabTools {
  const { runs, referenceId, options } = snapshot;
  const others = runs.filter(({ id }) => id !== referenceId);
  const chosen = others.some(({ id }) => id === look.comparedId) ? look.comparedId : null;
  const questions = ["at a k named before", "at some k, found by looking"] as const;
  const build = (): readonly Child[] => [
    others.length > 1 &&
      dropdown({
        id: "compared",
        label: "Run",
        choices: [
          { value: allRuns, label: "all" },
          ...others.map(({ id, name }) => ({ value: id, label: name })),
        ],
        value: chosen ?? allRuns,
        change: (id) => app.show({ comparedId: id === allRuns ? null : id }),
      }),
    referenceTool(app, snapshot),
    dropdown({
      id: "question",
      label: "Do they differ",
      choices: questions.map((label, i) => ({ value: String(i), label })),
      value: look.someK ? "1" : "0",
      change: (value) => app.show({ someK: value === "1" }),
    }),
    !look.someK && intervalTool(app, options),
    el("span", { class: "space" }),
    finishedOnlyBox(app, options.finishedOnly),
  ];
  return {
    key: JSON.stringify([options, referenceId, runs.map(({ id, name }) => [id, name]), chosen, look.someK]),
    build,
  };
}

function differenceFigure({ snapshot, look, theme }: Shown, model: DifferenceModel): Figure | null {
  if (model.differences.length === 0) return null;
  const options = { bands: true, names: true, cursor: () => null, named: true };
  const band = look.someK ? "95 % band over all k" : intervalWords(snapshot.options.interval, true);
  return {
    width: 1168,
    theme,
    title: snapshot.title,
    caption: `pass@k, paired difference from ${model.referenceName} · n ${model.kMax} · ${counted(snapshot.problems.length, "problem")} · ${band}`,
    parts: [{ configuration: differenceConfiguration(model, theme, options), height: 400 }],
  };
}

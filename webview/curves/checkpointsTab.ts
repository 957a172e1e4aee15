// A training run along its steps.
import { count } from "../../src/core/numberWords.ts";
import type { RunView } from "../../src/protocol/curves.ts";
import { liveChart, type Chart } from "../shared/chart.ts";
import { dropdown, linkButton } from "../shared/controls.ts";
import { el, fill, region, type Child } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import type { Theme } from "../shared/theme.ts";
import type { App, Shown, TabView } from "./app.ts";
import { checkpointCharts, type StepChart } from "./checkpointsCharts.ts";
import { checkpointsModel, type CheckpointsModel, type StepRow } from "./checkpointsModel.ts";
import { lostList, stepData, stepTable, stepText } from "./checkpointsTables.ts";
import { finishedOnlyBox } from "./curveTools.ts";
import { commonFoot, intervalWords } from "./foot.ts";
import { createRemote } from "./remote.ts";
import { stepAt, stepConfiguration } from "./stepChart.ts";

interface DrawnChart {
  readonly box: HTMLElement;
  readonly chart: Chart<"line">;
}

export function createCheckpointsTab(app: App): TabView {
  const grid = el("div", { class: "stepCharts", id: "step-charts" });
  const steps = el("div");
  const stepsParts = region(steps);
  const lost = el("div");
  const lostParts = region(lost);
  const under = el("div", { class: "underChart" }, steps, lost);
  const redraw = (): void => app.show({});
  const remote = createRemote((signal) => app.client.call("readCheckpoints", {}, signal), redraw);
  /** By all that they show: what stays the same while another one comes is not drawn again. */
  const charts = new Map<string, DrawnChart>();
  let drawn: readonly unknown[] = [];
  let ended = 0;
  app.client.on("scoring", (now) => {
    if (now === null) ended += 1;
  });

  const keyOf = ({ snapshot, progress }: Shown): string =>
    JSON.stringify([
      snapshot.runs.map(({ id, samples }) => [id, progress.get(id)?.state === "running" ? null : samples]),
      ended,
    ]);
  // Every part of the tab asks for it at each drawing.
  let counted: { readonly parts: readonly unknown[]; readonly model: CheckpointsModel } | null = null;
  const modelOf = (state: Shown): CheckpointsModel => {
    const { value } = remote.at(keyOf(state));
    const parts = [state.snapshot, value, state.look.training];
    if (counted?.parts.every((part, i) => part === parts[i])) return counted.model;
    const model = checkpointsModel(state.snapshot, value, state.look.training);
    counted = { parts, model };
    return model;
  };

  const chosenRow = ({ rows }: CheckpointsModel, wanted: number | null): StepRow | undefined =>
    rows.find(({ step }) => step === wanted) ?? rows.at(-1);
  const stepsOf = (): readonly number[] => {
    const { snapshot, look } = app.state();
    return snapshot ? checkpointsModel(snapshot, null, look.training).rows.map(({ step }) => step) : [];
  };
  const choose = (step: number | null): void => {
    if (step !== null) app.show({ lostStep: step });
  };

  const chartBox = (id: string, label: string): HTMLElement => {
    const box = el("div", {
      class: "chartBox steps",
      id,
      tabindex: 0,
      role: "group",
      "aria-roledescription": "chart",
      "aria-label": `${label} against the training step. Arrow keys choose a step; the table below has the numbers.`,
    });
    box.addEventListener("click", (event) => {
      const own = [...charts.values()].find((one) => one.box === box);
      const { left } = box.getBoundingClientRect();
      if (own) choose(stepAt(own.chart, stepsOf(), event.clientX - left));
    });
    box.addEventListener("keydown", (event) => {
      const steps = stepsOf();
      const at = steps.indexOf(app.state().look.lostStep ?? steps.at(-1) ?? 0);
      const moves: Record<string, number> = {
        ArrowRight: at + 1,
        ArrowLeft: at - 1,
        Home: 0,
        End: steps.length - 1,
      };
      const next = moves[event.key];
      if (next === undefined) return;
      choose(steps[Math.max(0, Math.min(steps.length - 1, next))] ?? null);
      event.preventDefault();
    });
    return box;
  };

  const drop = (key: string, { box, chart }: DrawnChart): void => {
    chart.destroy();
    box.remove();
    charts.delete(key);
  };
  const stop = (): void => {
    for (const [key, one] of charts) drop(key, one);
    drawn = [];
  };

  const drawnChart = (part: StepChart, at: number): DrawnChart => {
    const box = chartBox(part.id, part.title);
    const canvas = el("canvas", { "aria-hidden": "true" });
    box.append(canvas);
    grid.insertBefore(box, grid.children[at] ?? null);
    return { box, chart: liveChart(canvas, stepConfiguration(part)) };
  };

  const draw = (model: CheckpointsModel, theme: Theme, step: number | null): void => {
    const next = [model, theme, step];
    if (charts.size > 0 && next.every((part, i) => part === drawn[i])) return;
    drawn = next;
    const parts = new Map(
      checkpointCharts(model, theme, () => step).map((part) => [JSON.stringify([part, step]), part]),
    );
    const focused = grid.contains(document.activeElement) ? document.activeElement?.id : null;
    for (const [key, one] of charts) if (!parts.has(key)) drop(key, one);
    grid.className = `stepCharts ${["", "one", "two"][parts.size] ?? ""}`;
    for (const [at, [key, part]] of [...parts].entries())
      if (!charts.has(key)) charts.set(key, drawnChart(part, at));
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  };

  return {
    wholePanel: true,
    tools: (state) => {
      const { trainings, training } = modelOf(state);
      const { finishedOnly } = state.snapshot.options;
      return {
        key: JSON.stringify([trainings, training, finishedOnly]),
        build: () => [
          trainings.length > 1 &&
            dropdown({
              id: "training",
              label: "Training run",
              choices: trainings.map(({ id, name }) => ({ value: id, label: name })),
              value: training ?? "",
              change: (value) => app.show({ training: value, lostStep: null }),
            }),
          el("span", { class: "space" }),
          trainings.length > 0 && finishedOnlyBox(app, finishedOnly),
        ],
      };
    },
    render: (host, state) => {
      const model = modelOf(state);
      if (model.rows.length < 2) {
        stop();
        return fill(host, noCheckpoints(app, state.snapshot.runs));
      }
      const row = chosenRow(model, state.look.lostStep);
      const { value, error } = remote.at(keyOf(state));
      const { snapshot, look } = state;
      stepsParts(JSON.stringify([snapshot.version, value?.version, error, row?.step, look]), () => [
        stepTable(app, model, row?.step ?? null),
        error !== null && el("p", { class: "notice", role: "alert" }, icon("fail", "error"), error),
        notKnown(model, value !== null),
        othersLine(app, model.others),
      ]);
      lostParts(JSON.stringify([snapshot.version, row?.step, look]), () => [
        row && lostList(app, model, row),
      ]);
      if (grid.parentElement !== host) fill(host, grid, under);
      draw(model, state.theme, row?.step ?? null);
    },
    foot: (state) => {
      const { rows } = modelOf(state);
      const runs = rows.map(({ run }) => run);
      if (runs.length === 0) return [];
      return commonFoot(state.snapshot, runs, [
        { label: "interval", value: intervalWords(state.snapshot.options.interval, false) },
      ]);
    },
    data: (state) => stepData(modelOf(state)),
    text: (state) => stepText(modelOf(state)),
    figure: (state) => {
      const model = modelOf(state);
      if (model.rows.length < 2) return null;
      return {
        width: 1168,
        theme: state.theme,
        title: state.snapshot.title,
        caption: `${model.rows.length} steps · ${state.snapshot.problems.length} problems · ${intervalWords(state.snapshot.options.interval, false)}`,
        parts: checkpointCharts(model, state.theme, () => null).map((part) => ({
          configuration: stepConfiguration(part),
          height: 260,
        })),
      };
    },
    leave: stop,
  };
}

/** What is needed, and the way there. */
function noCheckpoints(app: App, runs: readonly RunView[]): HTMLElement {
  return el(
    "div",
    { class: "refusal", id: "no-checkpoints" },
    icon("info", "info"),
    el(
      "div",
      {},
      el("h2", {}, "No two training steps here"),
      el(
        "p",
        {},
        "Say which runs are checkpoints, and of which step: pass@1, pass@n, length and entropy are then drawn along training, " +
          "with the problems lost on the way. A base model counts as step 0.",
      ),
      el(
        "div",
        { class: "row wrap" },
        ...runs.map((run, i) => roleLink(app, run, `set-role-${i}`)),
        linkButton({
          id: "checkpoints-add",
          label: "Add a run to compare",
          press: () => app.take(app.client.call("addRuns", {})),
        }),
      ),
    ),
  );
}

const roleLink = (app: App, { id, name }: RunView, element: string): HTMLElement =>
  linkButton({
    id: element,
    label: `Set role and step of ${name}`,
    press: () => app.take(app.client.call("setRunRole", { runId: id })),
  });

function othersLine(app: App, others: readonly RunView[]): Child {
  if (others.length === 0) return null;
  return el(
    "p",
    { class: "notice", id: "not-in-training" },
    icon("info", "info"),
    el("span", {}, `${others.map(({ name }) => name).join(", ")}: at no training step.`),
    ...others.slice(0, 3).map((run, i) => roleLink(app, run, `set-role-${i}`)),
  );
}

/** Lengths stand in most files; entropies want a model to score its own traces. */
function notKnown({ rows }: CheckpointsModel, read: boolean): Child {
  if (!read) return el("p", { class: "dim", id: "reading-facts" }, "Reading lengths and entropies");
  const missing = rows.filter(({ facts }) => facts?.entropy === null);
  if (missing.length === 0) return null;
  const words =
    missing.length === rows.length
      ? "Entropy is not known."
      : `Entropy is not known of ${count(missing.length)} of ${count(rows.length)} steps.`;
  return el(
    "p",
    { class: "notice", id: "no-entropy" },
    icon("info", "info"),
    el("span", {}, el("b", {}, words), " Score a run under its own model (Perplexity tab) to have it."),
  );
}

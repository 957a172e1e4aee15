// Perplexity of the runs' texts under a scorer: boxes with points, and every point a trace.
import { count } from "../../src/core/numberWords.ts";
import type { PerplexityView, ScoringRunView } from "../../src/protocol/perplexity.ts";
import { liveChart, type Chart } from "../shared/chart.ts";
import { RequestError } from "../shared/client.ts";
import { el, fill, region } from "../shared/dom.ts";
import type { App, Shown, TabView } from "./app.ts";
import { commonFoot } from "./foot.ts";
import { pointCard, pointWords } from "./perplexityCard.ts";
import {
  perplexityConfiguration,
  perplexityHeight,
  pointAt,
  pointPlaces,
  type PerplexityChartOptions,
  type PointPlace,
} from "./perplexityChart.ts";
import { everyScorer, perplexityModel, type PerplexityModel } from "./perplexityModel.ts";
import {
  besideLines,
  loadingScores,
  missingLine,
  notScored,
  scoringLine,
  unreadScores,
  type ScoringFailure,
} from "./perplexityStates.ts";
import { walk } from "./perplexityKeys.ts";
import { perplexityData, perplexityTable, perplexityText, problemScores } from "./perplexityTables.ts";
import { perplexityTools } from "./perplexityTools.ts";
import { createRemote } from "./remote.ts";

export function createPerplexityTab(app: App): TabView {
  const box = el("div", {
    class: "chartBox perplexity",
    id: "perplexity-chart",
    tabindex: 0,
    role: "group",
    "aria-roledescription": "chart",
  });
  const card = el("div", { class: "hoverCard", id: "perplexity-card", hidden: true });
  const spoken = el("div", { class: "spoken", "aria-live": "polite", id: "perplexity-readout" });
  const over = el("div", { class: "overChart" });
  const under = el("div", { class: "underChart" });
  const overParts = region(over);
  const underParts = region(under);
  const redraw = (): void => app.show({});
  const remote = createRemote((signal) => app.client.call("readPerplexity", {}, signal), redraw);
  let chart: Chart<"line"> | null = null;
  let options: PerplexityChartOptions | null = null;
  let drawn: readonly unknown[] = [];
  let marked: PointPlace | null = null;
  let scoring: ScoringRunView | null = null;
  let failure: ScoringFailure | null = null;
  let ended = 0;

  app.client.on("scoring", (now) => {
    scoring = now;
    if (now === null) ended += 1;
    redraw();
  });

  const score = (runIds: readonly string[]): void => {
    failure = null;
    app.client.call("scoreRuns", { runIds }).then(
      (view) => remote.take(view),
      (error: unknown) => {
        const code = error instanceof RequestError ? error.code : "failed";
        if (code === "cancelled" || code === "closed") return;
        failure = { code, message: error instanceof Error ? error.message : String(error) };
        redraw();
      },
    );
    redraw();
  };

  const read = (state: Shown): { readonly value: PerplexityView | null; readonly error: string | null } =>
    remote.at(keyOf(state, ended));
  const modelOf = memo((state: Shown, view: PerplexityView): PerplexityModel =>
    perplexityModel(state.snapshot, view, state.look),
  );

  const mark = (place: PointPlace | null): void => {
    if (place?.row === marked?.row && place?.point === marked?.point) return;
    marked = place;
    chart?.draw();
    const view = read(app.state() as Shown).value;
    const row = place && options?.rows[place.row];
    const point = place && row?.points[place.point];
    card.hidden = !point;
    if (!view || !place || !row || !point || !chart || !options) return;
    fill(card, ...pointCard(view, row, point));
    const at = pointPlaces(chart, row, { at: place.row, options })[place.point];
    const left = Math.min(at?.x ?? 0, box.clientWidth - 290) + 12;
    card.style.left = `${Math.max(0, left)}px`;
    card.style.top = `${(at?.y ?? 0) + 14}px`;
    spoken.textContent = pointWords(view, row, point);
  };
  const open = (place: PointPlace | null): void => {
    const row = place && options?.rows[place.row];
    const point = place && row?.points[place.point];
    if (!row || !point || row.set.texts === "gold") return;
    const { runId, problemKey, sample: index } = point;
    app.run(app.client.call("inspectSample", { runId, problemKey, index, scorer: row.scorer.name }));
  };
  const placeOf = (event: MouseEvent): PointPlace | null => {
    const { left, top } = box.getBoundingClientRect();
    return chart && options && pointAt(chart, options, { x: event.clientX - left, y: event.clientY - top });
  };
  box.addEventListener("mousemove", (event) => mark(placeOf(event)));
  box.addEventListener("mouseleave", () => mark(null));
  box.addEventListener("blur", () => mark(null));
  box.addEventListener("click", (event) => open(placeOf(event)));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") open(marked);
    else {
      const next = options && walk(event.key, marked, options);
      if (!next) return;
      mark(next);
    }
    event.preventDefault();
  });

  const draw = (state: Shown, model: PerplexityModel): void => {
    const { theme, look } = state;
    const next = [model, theme, look.scale];
    if (chart && next.every((part, i) => part === drawn[i])) return;
    chart?.destroy();
    drawn = next;
    marked = null;
    card.hidden = true;
    options = chartOptions(state, model, () => marked);
    const canvas = el("canvas", { "aria-hidden": "true" });
    fill(box, canvas, card, spoken);
    box.style.height = `${perplexityHeight(model.rows)}px`;
    box.setAttribute("aria-label", chartLabel(model));
    chart = liveChart(canvas, perplexityConfiguration(options));
  };

  const stop = (): void => {
    chart?.destroy();
    chart = null;
  };

  return {
    wholePanel: true,
    tableLabel: "Show the boxes as a table",
    tools: (state) => {
      const { value } = read(state);
      return perplexityTools(app, state, value && modelOf(state, value), score);
    },
    render: (host, state) => {
      const { value, error } = read(state);
      if (value === null) {
        stop();
        return fill(host, error === null ? loadingScores() : unreadScores(error, retry));
      }
      const now = scoring ?? value.scoring;
      const model = modelOf(state, value);
      if (model.scorers.length === 0) {
        stop();
        return fill(host, notScored(app, state, { view: value, scoring: now, failure, score }));
      }
      overParts(JSON.stringify([now, failure, model.missing.map(({ id }) => id), value.refusal]), () => [
        scoringLine(state, now),
        missingLine(app, model, { view: value, failure, score }),
      ]);
      const { fullTable, sorts } = state.look;
      underParts(JSON.stringify([value.version, state.look, fullTable, sorts]), () => [
        ...besideLines(model),
        fullTable && perplexityTable(model),
        problemScores(app, model, value),
      ]);
      if (box.parentElement !== host) fill(host, over, box, under);
      box.hidden = model.rows.length === 0;
      draw(state, model);
    },
    foot: (state) => {
      const view = read(state).value;
      return view ? footOf(state, modelOf(state, view)) : [];
    },
    data: (state) => dataOf(state, perplexityData),
    text: (state) => dataOf(state, perplexityText),
    figure: (state) => {
      const view = read(state).value;
      const model = view && modelOf(state, view);
      if (!model || model.rows.length === 0) return null;
      const still = chartOptions(state, model, () => null);
      return {
        width: 1168,
        theme: state.theme,
        title: state.snapshot.title,
        caption: `${axisWords(model)} · quartiles, whiskers at 5 and 95 %, 95 % interval of the median by Bayesian bootstrap over problems`,
        parts: [{ configuration: perplexityConfiguration(still), height: perplexityHeight(model.rows) }],
      };
    },
    leave: () => {
      stop();
      marked = null;
    },
  };

  function retry(): void {
    remote.forget();
    redraw();
  }

  function dataOf<T>(state: Shown, of: (model: PerplexityModel) => T): T {
    const view = read(state).value;
    return of(
      view ? modelOf(state, view) : { scorers: [], scorer: "", rows: [], missing: [], problem: null },
    );
  }
}

/** Samples of a run that is at work move all the time: its scores are read when it rests. */
function keyOf({ snapshot, progress }: Shown, ended: number): string {
  const runs = snapshot.runs.map(({ id, samples, verdicts }) => {
    const live = progress.get(id)?.state === "running";
    return [id, live ? null : samples, verdicts.shown.id];
  });
  return JSON.stringify([runs, ended]);
}

/** The same model while neither the data nor the choices change. */
function memo(make: (state: Shown, view: PerplexityView) => PerplexityModel): typeof make {
  let last: { readonly of: readonly unknown[]; readonly model: PerplexityModel } | null = null;
  return (state, view) => {
    const { scorer, splitVerdicts, points, scoredProblem } = state.look;
    const of = [state.snapshot.runs, view, scorer, splitVerdicts, points, scoredProblem];
    if (last && of.every((part, i) => part === last?.of[i])) return last.model;
    const model = make(state, view);
    last = { of, model };
    return model;
  };
}

const axisWords = ({ scorer, scorers }: PerplexityModel): string =>
  scorer === everyScorer
    ? "perplexity"
    : `perplexity under ${scorers.find(({ id }) => id === scorer)?.name ?? ""}`;

const chartOptions = (
  { look, theme }: Shown,
  model: PerplexityModel,
  marked: () => PointPlace | null,
): PerplexityChartOptions => ({
  rows: model.rows,
  scale: look.scale,
  theme,
  axis: axisWords(model),
  marked,
});

const chartLabel = (model: PerplexityModel): string =>
  `Boxes of ${axisWords(model)} for ${count(model.rows.length)} sets of texts. Arrow keys move over the traces, Enter opens one in the inspector; the table button has the numbers.`;

function footOf(state: Shown, model: PerplexityModel): ReturnType<TabView["foot"]> {
  const shown = new Set(model.rows.map(({ set }) => set.runId));
  const runs = state.snapshot.runs.filter(({ id }) => shown.has(id));
  if (runs.length === 0) return [];
  const methods = [...new Set(model.rows.map(({ scorer }) => `${scorer.method}, prompt ${scorer.prompt}`))];
  return commonFoot(state.snapshot, runs, [
    { label: "scored by", value: methods.join("; ") },
    {
      label: "interval",
      value: "95 % of the median, Bayesian bootstrap over problems",
      title:
        "Quartiles are over traces; traces of one problem are alike, so the interval of the median resamples problems, not traces.",
    },
    {
      label: "tokens",
      value: tokensOf(model),
      title: "Scored as they were sampled, or cut anew from the text.",
    },
    { label: "prompt tokens", value: "not scored" },
  ]);
}

function tokensOf({ rows }: PerplexityModel): string {
  const sets = [...new Set(rows.map(({ set }) => set))];
  const [all, sampled] = [sum(sets.map((set) => set.samples.length)), sum(sets.map(({ byIds }) => byIds))];
  if (sampled === 0) return "cut anew by the scorer";
  return sampled === all ? "as sampled" : `as sampled in ${count(sampled)} of ${count(all)} traces`;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

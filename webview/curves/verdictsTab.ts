// Where judges differ over a run's samples, and what that does to its curve.
import type { CurvesSnapshot, RunView, VerdictsView } from "../../src/protocol/curves.ts";
import { liveChart, type Chart } from "../shared/chart.ts";
import { RequestError } from "../shared/client.ts";
import { button, dropdown, linkButton, type Choice } from "../shared/controls.ts";
import { el, fill, region, type Child } from "../shared/dom.ts";
import { count } from "../shared/format.ts";
import { icon } from "../shared/icons.ts";
import type { App, Shown, TabTools, TabView } from "./app.ts";
import { curveConfiguration } from "./curveChart.ts";
import { curveModel, type CurveModel } from "./curveModel.ts";
import { commonFoot } from "./foot.ts";
import { judgesTable, rowsOf, verdictData, verdictTable } from "./verdictTable.ts";
import { countsText, kindsKey, kindsText, shareText } from "./verdictWords.ts";

interface Comparison {
  /** Which run, judges and samples. */
  readonly key: string;
  readonly view: VerdictsView | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly model: CurveModel | null;
}

/** Stands for the verifier in each of its modes among the choices. */
const everyMode = "every mode";

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
    fill(chartBox, canvas);
    const options = { bands: state.look.bands, names: false, cursor: () => null };
    chart = liveChart(canvas, curveConfiguration(model, state.theme, options));
    drawn = next;
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

interface JudgeChoice {
  readonly run: RunView;
  readonly judges: readonly string[];
}

/** What is looked at: what was chosen, else how the shown verdicts differ from the run's own. */
function choiceOf({ snapshot, look }: Shown): JudgeChoice | null {
  const { runs } = snapshot;
  const run =
    runs.find(({ id }) => id === look.judgedRunId) ??
    runs.find(({ verdicts }) => verdicts.changed) ??
    runs[0];
  if (!run) return null;
  const { own, shown } = run.verdicts;
  if (run.id === look.judgedRunId && look.judges) return { run, judges: look.judges };
  return { run, judges: shown.id === own.id ? [own.id] : [own.id, shown.id] };
}

function verdictTools(app: App, state: Shown, view: VerdictsView | null): TabTools {
  const { snapshot, look } = state;
  const choice = choiceOf(state);
  if (!choice) return { key: "", build: () => [] };
  const { run, judges } = choice;
  const { modes } = run.verdicts;
  const isModes = judges.length > 2;
  const all: readonly Choice<string>[] = [run.verdicts.own, ...snapshot.judges].map(({ id, words }) => ({
    value: id,
    label: words,
  }));
  const show = (next: readonly string[]): void =>
    app.show({ judgedRunId: run.id, judges: next, kinds: null });
  const [first = "own", second = ""] = judges;
  const chooseFirst = (value: string): void => {
    if (value === everyMode) show(modes?.judges.map(({ id }) => id) ?? judges);
    else show(value === second || isModes || second === "" ? [value] : [value, second]);
  };
  const firstChoices = [
    ...all,
    ...(modes ? [{ value: everyMode, label: "every mode of the verifier" }] : []),
  ];
  const none: Choice<string> = { value: "", label: "choose" };
  return {
    key: JSON.stringify([
      run.id,
      judges,
      all,
      modes !== null,
      look.kinds,
      view?.counts,
      snapshot.runs.length,
    ]),
    build: () => [
      snapshot.runs.length > 1 &&
        dropdown({
          id: "judged-run",
          label: "Run",
          choices: snapshot.runs.map(({ id, name }) => ({ value: id, label: name })),
          value: run.id,
          change: (judgedRunId) => app.show({ judgedRunId, judges: null, kinds: null }),
        }),
      dropdown({
        id: "first-judge",
        label: "Verdicts of",
        choices: firstChoices,
        value: isModes ? everyMode : first,
        change: chooseFirst,
      }),
      !isModes &&
        dropdown({
          id: "second-judge",
          label: "and",
          choices: [...(second === "" ? [none] : []), ...all.filter(({ value }) => value !== first)],
          value: second,
          change: (value) => value !== "" && show([first, value]),
        }),
      view !== null && view.counts.length > 1 && kindsTool(app, view, look.kinds),
    ],
  };
}

const kindsTool = (app: App, { counts, differ }: VerdictsView, kinds: string | null): HTMLElement =>
  dropdown({
    id: "kinds",
    label: "Kind",
    choices: [
      { value: "", label: `all ${count(differ)}` },
      ...counts.map((one) => ({
        value: kindsKey(one.kinds),
        label: `${kindsText(one.kinds)} ${count(one.count)}`,
      })),
    ],
    value: kinds ?? "",
    change: (value) => app.show({ kinds: value === "" ? null : value }),
  });

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

const nothingDiffers = (view: VerdictsView): HTMLElement =>
  el(
    "div",
    { class: "empty", id: "no-difference" },
    icon("pass", "ok"),
    el(
      "p",
      {},
      el("b", {}, `No verdict of ${count(view.samples)} differs.`),
      ` ${view.judges.map(({ words }) => words).join(" and ")} agree.`,
    ),
  );

function nothingChosen(app: App, { judges }: CurvesSnapshot, run: RunView): HTMLElement {
  const own = run.verdicts.own;
  const usual = judges.find(({ id }) => id !== own.id && id !== run.verifier);
  return el(
    "div",
    { class: "empty", id: "no-judges" },
    icon("info", "info"),
    el(
      "div",
      {},
      el(
        "p",
        {},
        el("b", {}, "Choose a verifier to compare with."),
        " The samples stay as they are, and so do the verdicts they have.",
      ),
      usual &&
        button({
          id: "compare-usual",
          label: `Compare with ${usual.words}`,
          primary: true,
          press: () => app.show({ judgedRunId: run.id, judges: [own.id, usual.id], kinds: null }),
        }),
    ),
  );
}

const working = (cancel: () => void): HTMLElement =>
  el(
    "div",
    { class: "loading", id: "judging", role: "status" },
    el(
      "div",
      { class: "row" },
      el("p", {}, "Judging the samples"),
      el("span", { class: "space" }),
      button({ id: "cancel-judging", label: "Cancel", press: cancel }),
    ),
    ...["wide", "short", "middle"].map((width) => el("div", { class: `bone ${width}` })),
  );

function failed({ code, message }: NonNullable<Comparison["error"]>, again: () => void): HTMLElement {
  const cancelled = code === "cancelled";
  return el(
    "div",
    { class: "empty", id: "not-judged", role: cancelled ? "status" : "alert" },
    cancelled ? icon("info", "info") : icon("fail", "error"),
    el(
      "div",
      {},
      el("p", {}, cancelled ? "Cancelled. What was judged is kept." : message),
      linkButton({ id: "judge-again", label: cancelled ? "Go on" : "Try again", press: again }),
    ),
  );
}

// The controls over the curve: metric, interval, reference, and what is drawn.
import { gPassTaus } from "../../src/core/estimate/gPassCurve.ts";
import { intervalMethods, type IntervalMethod } from "../../src/core/estimate/names.ts";
import { percent } from "../../src/core/numberWords.ts";
import type { CurvesOptions } from "../../src/protocol/curves.ts";
import { checkbox, dropdown } from "../shared/controls.ts";
import { el, type Child } from "../shared/dom.ts";
import type { App, Shown, TabTools } from "./app.ts";
import { metricAt } from "./curveLine.ts";
import type { CurveModel } from "./curveModel.ts";
import { facetKeys } from "./facets.ts";
import { metrics } from "./look.ts";
import { type Cost, costs } from "./xAxis.ts";
import { commonJudge, ownWords } from "./verdictWords.ts";

const intervalChoices: Readonly<Record<IntervalMethod, string>> = {
  jbb: "other problems like these",
  fixed: "these problems, new samples",
  gaffke: "other problems, conservative",
  percentile: "percentile bootstrap",
};

export function curveTools(app: App, { snapshot, look, judging }: Shown, model: CurveModel): TabTools {
  const { options, runs, referenceId } = snapshot;
  const { metric, bands, floor, tau, cost, forecast } = look;
  const guessable = model.answers !== null && model.axis.kind === "samples";
  const keys = facetKeys(runs);
  const facet = look.facet !== null && keys.includes(look.facet) ? look.facet : null;
  const counted = runs.some(({ tokensPerSample }) => tokensPerSample !== null);
  return {
    key: JSON.stringify([
      options,
      referenceId,
      metric,
      bands,
      floor,
      guessable,
      [tau, cost, forecast, keys, facet, counted],
      runs.map(({ name, verdicts }) => [name, verdicts.shown, verdicts.own]),
      snapshot.judges,
      judging,
    ]),
    build: () => [
      dropdown({
        id: "metric",
        label: "Metric",
        choices: metrics.map((value) => ({ value, label: metricAt(value, "k") })),
        value: metric,
        change: (value) => app.show({ metric: value }),
      }),
      metric === "gPass" && tauTool(app, tau),
      judgeTool(app, snapshot, judging),
      intervalTool(app, options),
      metric === "pass" && referenceTool(app, snapshot),
      counted && metric !== "cover" && costTool(app, cost),
      keys.length > 0 && facetTool(app, facet, keys),
      // Together where they do not stand in the first row.
      el(
        "span",
        { class: "checks" },
        guessable && floorBox(app, floor, model.answers ?? 0),
        metric === "pass" && forecastBox(app, forecast),
        metric !== "cover" && el("span", { class: "wideOnly row" }, bandsBox(app, bands)),
        finishedOnlyBox(app, options.finishedOnly),
      ),
    ],
  };
}

/** Stands for runs that are judged by different ones. */
const several = "several";

/** Whose verdicts are counted; another one judges all runs anew. */
function judgeTool(app: App, { runs, judges }: Shown["snapshot"], judging: string | null): Child {
  const common = commonJudge(runs);
  const own = { value: "own", label: ownWords(runs) };
  const others = judges.map(({ id, words }) => ({ value: id, label: words }));
  const known = [own, ...others];
  // A verifier that is not here any more still has its verdicts.
  const gone =
    common && !known.some(({ value }) => value === common.id)
      ? [{ value: common.id, label: common.words }]
      : [];
  const mixed = common ? [] : [{ value: several, label: "several" }];
  return dropdown({
    id: "verifier",
    label: "Verifier",
    choices: [...mixed, ...gone, ...known],
    value: judging ?? common?.id ?? several,
    change: (judge) => judge !== several && app.judge(judge),
  });
}

/** Thresholds of arXiv 2412.13147; the last is "all of them". */
function tauTool(app: App, tau: number): Child {
  const choices = gPassTaus.map((value) => ({
    value: String(value),
    label: value === 1 ? "all k right" : `at least ${percent(value, 0)} % of k right`,
  }));
  return dropdown({
    id: "tau",
    label: "tau",
    choices,
    value: String(tau),
    change: (value) => app.show({ tau: Number(value) }),
  });
}

const costNames: Readonly<Record<Cost, string>> = { samples: "samples", tokens: "tokens" };

function costTool(app: App, cost: Cost): Child {
  return dropdown({
    id: "cost",
    label: "Along",
    choices: costs.map((value) => ({ value, label: costNames[value] })),
    value: cost,
    change: (value) => app.show({ cost: value }),
  });
}

/** A choice needs a value: keys are free words, so they stand behind a sign of their own. */
const noFacet = "none";
const keyValue = (key: string): string => `by ${key}`;

function facetTool(app: App, facet: string | null, keys: readonly string[]): Child {
  return dropdown({
    id: "facet",
    label: "Facet by",
    choices: [
      { value: noFacet, label: "nothing" },
      ...keys.map((key) => ({ value: keyValue(key), label: key })),
    ],
    value: facet === null ? noFacet : keyValue(facet),
    change: (value) => app.show({ facet: keys.find((key) => keyValue(key) === value) ?? null }),
  });
}

export function intervalTool(app: App, options: CurvesOptions): Child {
  return dropdown({
    id: "interval",
    label: "Interval for",
    choices: intervalMethods.map((value) => ({ value, label: intervalChoices[value] })),
    value: options.interval,
    change: (interval) => app.setOptions({ interval }),
  });
}

/** Nothing to choose with one run. */
export function referenceTool(app: App, { runs, referenceId }: Shown["snapshot"]): Child {
  if (runs.length < 2) return null;
  return dropdown({
    id: "reference",
    label: "Compare with",
    choices: runs.map(({ id, name }) => ({ value: id, label: name })),
    value: referenceId ?? runs[0]?.id ?? "",
    change: (reference) => app.setOptions({ referenceId: reference }),
  });
}

function floorBox(app: App, checked: boolean, answers: number): HTMLElement {
  const box = checkbox({
    id: "floor",
    label: "Guess floor",
    checked,
    change: (floor) => app.show({ floor }),
  });
  box.title = `A uniform guesser over the integers 0 to ${answers - 1}, because every gold answer here is one of them: 1 \u2212 (1 \u2212 1/${answers})^k`;
  return box;
}

const forecastBox = (app: App, checked: boolean): HTMLElement =>
  checkbox({ id: "forecast", label: "Forecast", checked, change: (forecast) => app.show({ forecast }) });

const bandsBox = (app: App, checked: boolean): HTMLElement =>
  checkbox({ id: "bands", label: "95 % bands", checked, change: (bands) => app.show({ bands }) });

export function finishedOnlyBox(app: App, checked: boolean): HTMLElement {
  return checkbox({
    id: "finished-only",
    label: "Only finished samples",
    checked,
    change: (finishedOnly) => app.setOptions({ finishedOnly }),
  });
}

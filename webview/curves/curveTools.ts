// The controls over the curve: metric, interval, reference, and what is drawn.
import { intervalMethods, type IntervalMethod } from "../../src/core/estimate/names.ts";
import { checkbox, dropdown } from "../shared/controls.ts";
import { el, type Child } from "../shared/dom.ts";
import type { App, Shown, TabTools } from "./app.ts";
import { metricAt } from "./curveLine.ts";
import type { CurveModel } from "./curveModel.ts";
import { metrics } from "./look.ts";
import { commonJudge, ownWords } from "./verdictWords.ts";

const intervalChoices: Readonly<Record<IntervalMethod, string>> = {
  jbb: "other problems like these",
  fixed: "these problems, new samples",
  gaffke: "other problems, conservative",
  percentile: "percentile bootstrap",
};

export function curveTools(app: App, { snapshot, look, judging }: Shown, model: CurveModel): TabTools {
  const { options, runs, referenceId } = snapshot;
  const { metric, bands, floor } = look;
  const guessable = model.answers !== null;
  return {
    key: JSON.stringify([
      options,
      referenceId,
      metric,
      bands,
      floor,
      guessable,
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
      judgeTool(app, snapshot, judging),
      ...(metric === "pass" ? passTools(app, snapshot) : []),
      el("span", { class: "space" }),
      model.answers !== null && floorBox(app, floor, model.answers),
      metric === "pass" &&
        el(
          "span",
          { class: "wideOnly row" },
          checkbox({
            id: "bands",
            label: "95 % bands",
            checked: bands,
            change: (on) => app.show({ bands: on }),
          }),
        ),
      finishedOnlyBox(app, options.finishedOnly),
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

/** Intervals and differences are of pass@k. */
function passTools(app: App, { options, runs, referenceId }: Shown["snapshot"]): readonly Child[] {
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
  ];
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

export function finishedOnlyBox(app: App, checked: boolean): HTMLElement {
  return checkbox({
    id: "finished-only",
    label: "Only finished samples",
    checked,
    change: (finishedOnly) => app.setOptions({ finishedOnly }),
  });
}

// What the labels say: problems with a right chain by run and difficulty, agreement, conflicts, CoT-Pass@k.
import { count, counted, decimal, interval, percent } from "../../src/core/numberWords.ts";
import type {
  AgreementView,
  ConflictView,
  CotCurveView,
  RateView,
  ResultsView,
  RollUpRow,
} from "../../src/protocol/labels.ts";
import { button, linkButton } from "../shared/controls.ts";
import { el, type Child } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import { otherWords } from "./head.ts";
import { verdictWords, type App, type State } from "./state.ts";

export function resultsParts(app: App, { results, failure, snapshot }: State): readonly Child[] {
  const back = snapshot?.keys.results;
  const head = el(
    "div",
    { class: "row resultsHead" },
    el("h1", {}, "Results"),
    el("span", { class: "space" }),
    linkButton({
      id: "to-labels",
      label: back === undefined ? "Back to the trace" : `Back to the trace (${back})`,
      press: () => app.press("results"),
    }),
  );
  if (failure !== null)
    return [
      head,
      el("p", { role: "alert", id: "failure", class: "row" }, icon("fail", "error"), failure.message),
    ];
  if (results === null) return [head, el("p", { class: "dim", role: "status" }, "Counting the labels")];
  return [
    head,
    el("h2", {}, "Problems with a right CoT"),
    results.window !== "" &&
      el("p", { class: "dim small" }, `Right answers on problems with ${results.window}.`),
    rollUpTable(results),
    el(
      "p",
      { class: "dim small" },
      "Right: at least one right answer of the problem has a right chain of thought. Left out: only ambiguous ones, or raters in conflict.",
    ),
    ...curveParts(results),
    ...agreementParts(results),
    ...conflictParts(app, results.conflicts),
    ...results.issues.map((issue) =>
      el("p", { class: "small row" }, icon("warn", "warn"), el("span", { class: "issue" }, issue)),
    ),
  ];
}

const kappaText = (rate: RateView | null): readonly Child[] =>
  rate === null
    ? ["\u2013"]
    : [
        decimal(rate.value, 2),
        " ",
        el(
          "span",
          { class: "interval" },
          interval(rate.low, rate.high, (v) => decimal(v, 2)),
        ),
      ];

const grid = (
  id: string,
  label: string,
  heads: readonly string[],
  rows: readonly (readonly (Child | readonly Child[])[])[],
): HTMLElement =>
  el(
    "div",
    { class: "scroller" },
    el(
      "table",
      { id, "aria-label": label },
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          ...heads.map((head, i) => el("th", { class: i === 0 ? null : "number", scope: "col" }, head)),
        ),
      ),
      el(
        "tbody",
        {},
        ...rows.map((row) =>
          el(
            "tr",
            {},
            ...row.map((cell, i) =>
              el(
                "td",
                { class: i === 0 ? "name" : "number" },
                ...(Array.isArray(cell) ? (cell as Child[]) : [cell as Child]),
              ),
            ),
          ),
        ),
      ),
    ),
  );

function rollUpTable({ runs }: ResultsView): HTMLElement {
  const row = (part: RollUpRow, isBin: boolean): readonly (Child | readonly Child[])[] => [
    isBin ? el("span", { class: "dim bin" }, part.name) : el("b", {}, part.name),
    part.form,
    part.share === null
      ? "\u2013"
      : el(
          "span",
          { class: "interval" },
          interval(part.share.low, part.share.high, (value) => percent(value, 0)),
        ),
    part.ambiguous === 0 ? "" : count(part.ambiguous),
    part.open + part.unlabelled === 0 ? "" : count(part.open + part.unlabelled),
  ];
  // One bin alone says what the run's row says.
  const rows = runs.flatMap((run) => [
    row(run, false),
    ...(run.bins.length > 1 ? run.bins.map((bin) => row(bin, true)) : []),
  ]);
  return grid(
    "roll-up",
    "Problems with a right chain of thought",
    ["Run", "Right", "95 %", "Left out", "To read"],
    rows,
  );
}

function curveParts({ curves, sentences }: ResultsView): readonly Child[] {
  const said = sentences.map((sentence) => el("p", { class: "small sentence" }, sentence));
  if (curves.length === 0) return said;
  const row = ({ k, passAtK, value, low, high }: CotCurveView["points"][number]) => [
    count(k),
    percent(passAtK),
    [percent(value), " ", el("span", { class: "interval" }, interval(low, high))],
  ];
  return [
    el("h2", {}, "CoT-Pass@k, %"),
    ...curves.flatMap((curve) => [
      el(
        "p",
        { class: "small" },
        el("b", {}, curve.name),
        el(
          "span",
          { class: "dim" },
          ` ${count(curve.labels)} of ${counted(curve.texts, "right answer")} read${curve.preliminary ? ", preliminary: fewer than two labels a solved problem" : ""}`,
        ),
      ),
      grid(
        `cot-${curve.runId}`,
        `CoT-Pass@k of ${curve.name}`,
        ["k", "pass@k", "CoT-Pass@k"],
        curve.points.map(row),
      ),
    ]),
    ...said,
    el(
      "p",
      { class: "dim small" },
      "95 % bands of the curve that would be seen if every right answer were read.",
    ),
  ];
}

function agreementParts({ agreement, raters }: ResultsView): readonly Child[] {
  const who = raters.map(
    ({ name, kind, labels }) => `${name}${kind === "model" ? " (model)" : ""} ${count(labels)}`,
  );
  const head = [
    el("h2", {}, "Agreement"),
    el(
      "p",
      { class: "dim small", id: "raters" },
      who.length === 0 ? "No label yet." : `Labels: ${who.join(", ")}`,
    ),
  ];
  if (agreement === null)
    return [...head, el("p", { class: "small" }, "Needs items that two raters labelled.")];
  const row = (pair: AgreementView["pairs"][number]) => [
    `${pair.a}${pair.model ? " (model)" : ""}, ${pair.b}`,
    count(pair.items),
    pair.same === null ? "\u2013" : percent(pair.same, 0),
    kappaText(pair.kappa),
    kappaText(pair.weighted),
  ];
  return [
    ...head,
    grid(
      "agreement",
      "Agreement of raters",
      ["Raters", "Items", "Same, %", "\u03ba", "weighted \u03ba"],
      agreement.pairs.map(row),
    ),
    agreement.alpha !== null &&
      el(
        "p",
        { class: "small", id: "alpha" },
        `Krippendorff's \u03b1 on ${count(agreement.items)} items: `,
        ...kappaText(agreement.alpha),
        ", ordinal ",
        ...kappaText(agreement.ordinalAlpha),
      ),
  ];
}

function conflictParts(app: App, conflicts: readonly ConflictView[]): readonly Child[] {
  if (conflicts.length === 0) return [];
  return [
    el("h2", {}, `Conflicts, ${count(conflicts.length)}`),
    el(
      "ul",
      { class: "conflicts", id: "conflicts" },
      ...conflicts.map((one) =>
        el(
          "li",
          {},
          el(
            "div",
            { class: "row" },
            el("b", {}, one.name),
            el("span", { class: "space" }),
            one.settled !== null &&
              el("span", { class: "dim small" }, `settled: ${verdictWords[one.settled].toLowerCase()}`),
            button({
              id: `settle-${one.conflict}`,
              label: one.settled === null ? "Settle" : "Look again",
              press: () => app.openConflict(one.conflict),
            }),
          ),
          ...one.labels.map((label) => el("div", { class: "small dim" }, otherWords(label))),
        ),
      ),
    ),
  ];
}

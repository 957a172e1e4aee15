// The controls over the list of problems: what is looked for, what stands beside a problem, and what is done with the list.
import { count } from "../../src/core/numberWords.ts";
import { dropdown, linkButton, searchField } from "../shared/controls.ts";
import { el, type Child } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import type { App, Shown } from "./app.ts";
import {
  accuracyRanges,
  noFilter,
  problemColumnSets,
  problemSets,
  type AccuracyRange,
  type Filter,
  type ProblemColumns,
  type ProblemSet,
} from "./look.ts";
import { filteredRows, setName, shortNames, type Pair } from "./pairModel.ts";
import { pairTools } from "./pairTools.ts";
import { groupSizes } from "./problemColumns.ts";

const rangeWords: Readonly<Record<AccuracyRange, string>> = {
  any: "0 to 100 %",
  zero: "0 %",
  low: "over 0, under 5 %",
  middle: "5 to 50 %",
  high: "50 to under 100 %",
  full: "100 %",
};

interface ToolParts {
  readonly pair: Pair;
  /** Of `setLabels`. */
  readonly labels: readonly string[];
}

export function problemTools(app: App, state: Shown, { pair, labels }: ToolParts): readonly Child[] {
  const { look } = state;
  const filter = (patch: Partial<Filter>): void =>
    app.show({ filter: { ...app.state().look.filter, ...patch } });
  const [first] = shortNames(pair);
  return [
    searchField({
      id: "filter-text",
      label: "Filter problems",
      value: look.filter.text,
      input: (text) => filter({ text }),
    }),
    ...(state.snapshot.runs.length > 2 ? pairTools(app, state, pair) : []),
    ...columnTools(app, state),
    pair.second &&
      dropdown({
        id: "filter-set",
        label: "Set",
        choices: setsOf(pair).map((value, i) => ({ value, label: labels[i] ?? value })),
        value: look.filter.set,
        change: (set) => filter({ set }),
      }),
    dropdown({
      id: "filter-accuracy",
      label: "Accuracy",
      choices: accuracyRanges.map((value) => ({ value, label: `${first} ${rangeWords[value]}` })),
      value: look.filter.accuracy,
      change: (accuracy) => filter({ accuracy }),
    }),
    look.filter.at && atChip(state, look.filter.at, () => filter({ at: null })),
    el("span", { class: "space" }),
    linkButton({
      id: "label-these",
      label: "Label these",
      press: () => app.run(app.client.call("labelProblems", labelledHere(app.state(), pair))),
    }),
    el("span", { class: "dim figures", id: "problem-count", role: "status" }),
  ];
}

/** What is listed now, of the runs that stand side by side. */
function labelledHere({ look }: Pick<Shown, "look">, pair: Pair) {
  const runIds = [pair.first.id, ...(pair.second ? [pair.second.id] : [])];
  const problemKeys = filteredRows(pair, look.filter).map(({ problem }) => problem.key);
  return { runIds, problemKeys };
}

/** Only a run with a plan leaves problems at a coin. */
const setsOf = ({ first, second }: Pair): readonly ProblemSet[] =>
  problemSets.filter(
    (set) => set !== "notContinued" || [first, second].some((run) => run?.stopped?.plan.tail),
  );

/** `base only 20`, of each set that there can be. */
export const setLabels = (pair: Pair): readonly string[] =>
  setsOf(pair).map((set) => {
    const size = filteredRows(pair, { ...noFilter, set }).length;
    return `${set === "all" ? "all" : setName(pair, set)} ${count(size)}`;
  });

/** What came through a point of the curve, and the way back to all. */
function atChip({ snapshot }: Shown, at: NonNullable<Filter["at"]>, clear: () => void): HTMLElement {
  const name = snapshot.runs.find((run) => run.id === at.runId)?.name ?? "";
  return el(
    "button",
    { type: "button", class: "chip", id: "filter-at", title: "Clear", on: { click: clear } },
    `pass@${count(at.k)} of ${name}`,
    icon("close"),
  );
}

const columnWords: Readonly<Record<ProblemColumns, string>> = {
  pair: "the two runs",
  every: "every run",
  signal: "training signal",
};

function columnTools(app: App, { look, snapshot }: Shown): readonly Child[] {
  const sets = problemColumnSets.filter((value) => value !== "every" || snapshot.runs.length > 2);
  return [
    dropdown({
      id: "problem-columns",
      label: "Columns",
      choices: sets.map((value) => ({ value, label: columnWords[value] })),
      value: sets.includes(look.columns) ? look.columns : "pair",
      change: (columns) => app.show({ columns }),
    }),
    look.columns === "signal" &&
      dropdown({
        id: "group-size",
        label: "Group of",
        choices: groupSizes.map((size) => ({ value: String(size), label: String(size) })),
        value: String(look.groupSize),
        change: (size) => app.show({ groupSize: Number(size) }),
      }),
  ];
}

/** In place of a list without a row: the filter, and the way back. */
export function nothingMatches(pair: Pair, filter: Filter, clear: () => void): HTMLElement {
  const [first] = shortNames(pair);
  const words = [
    filter.text && `"${filter.text}"`,
    filter.set !== "all" && setName(pair, filter.set),
    filter.accuracy !== "any" && `${first} ${rangeWords[filter.accuracy]}`,
    filter.at && `n at least ${count(filter.at.k)}`,
  ].filter(Boolean);
  return el(
    "div",
    { class: "empty", id: "no-match" },
    icon("search", "mute"),
    el(
      "div",
      {},
      el(
        "p",
        {},
        el("b", {}, "No problem matches."),
        words.length > 0 ? ` Filter: ${words.join(", ")}.` : "",
      ),
      linkButton({ id: "clear-filter", label: "Clear the filter", press: clear }),
    ),
  );
}

// The 2x2 of solved and not solved: four buttons, each a door to its problems.
import { type CoverageCell, coverageCells } from "../../src/core/estimate/coverage.ts";
import { unsolvedBound } from "../../src/core/estimate/unsolvedBound.ts";
import { count, percent } from "../../src/core/numberWords.ts";
import { el, type Child } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import { dot } from "../shared/marks.ts";
import type { App } from "./app.ts";
import { setName, shortNames, type Pair, type ProblemRow } from "./pairModel.ts";

/** The largest rate that a problem counted as not solved can still have: from its 0 of n. */
const cellBound = (rows: readonly ProblemRow[], run: 0 | 1): number =>
  Math.max(0, ...rows.map((row) => unsolvedBound((run === 0 ? row.first : row.second)?.n ?? 0)));

export const rowsOf = (pair: Pair, cell: CoverageCell): readonly ProblemRow[] =>
  pair.rows.filter((row) => row.set === cell);

export function cellGrid(app: App, pair: Pair, chosen: CoverageCell | null): HTMLElement {
  const [first, second] = pair.series;
  const total = pair.coverage?.problems ?? 0;
  const share = (part: number): string =>
    `${count(part)} of ${count(total)} · ${percent(part / Math.max(1, total))} %`;
  const sizes = Object.fromEntries(coverageCells.map((cell) => [cell, rowsOf(pair, cell).length]));
  const axis = (words: string, className: string): HTMLElement =>
    el("span", { class: `axis ${className}` }, words);
  return el(
    "div",
    {
      class: "coverGrid",
      role: "group",
      "aria-label": `Problems solved by ${first?.name} and ${second?.name}`,
    },
    axis(`${second?.name} solved`, "top left"),
    axis(`${second?.name} not solved`, "top right"),
    axis(`${first?.name} solved`, "side upper"),
    axis(`${first?.name} not solved`, "side lower"),
    ...coverageCells.map((cell) => cellButton(app, pair, { cell, on: cell === chosen, total })),
    axis(share((sizes["both"] ?? 0) + (sizes["bOnly"] ?? 0)), "bottom left"),
    axis(share((sizes["aOnly"] ?? 0) + (sizes["neither"] ?? 0)), "bottom right"),
  );
}

function cellButton(
  app: App,
  pair: Pair,
  { cell, on, total }: { cell: CoverageCell; on: boolean; total: number },
): HTMLElement {
  const rows = rowsOf(pair, cell);
  const note = cellNote(pair, cell, rows);
  const name = setName(pair, cell);
  return el(
    "button",
    {
      id: `coverage-${cell}`,
      type: "button",
      class: `cover ${cell} ${on ? "chosen" : ""}`,
      "aria-pressed": String(on),
      "data-value": rows.length,
      on: { click: () => app.show({ cell, worse: null }) },
    },
    el(
      "span",
      { class: "row" },
      ...cellMarks(pair, cell),
      el("span", { class: "coverName", title: name }, capital(name)),
    ),
    el("span", { class: "big" }, count(rows.length)),
    el(
      "span",
      { class: "dim small" },
      `${percent(rows.length / Math.max(1, total))} %${note ? ` · ${note}` : ""}`,
    ),
  );
}

/** A word at the start of a line. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function cellMarks({ series: [first, second] }: Pair, cell: CoverageCell): readonly Child[] {
  const marks = { both: [first, second], aOnly: [first], bOnly: [second], neither: [] }[cell];
  return marks.length > 0 ? marks.map((own) => own && dot(own.style)) : [icon("dash", "mute")];
}

function cellNote(pair: Pair, cell: CoverageCell, rows: readonly ProblemRow[]): string {
  if (rows.length === 0 || !pair.bounded) return "";
  const names = shortNames(pair);
  const bound = (run: 0 | 1): string => `at most ${percent(cellBound(rows, run))} % each`;
  return { both: "", aOnly: `${names[1]} ${bound(1)}`, bOnly: `${names[0]} ${bound(0)}`, neither: bound(0) }[
    cell
  ];
}

// From which accuracy bin to which: a count in every cell, each a door to its problems.
import { count } from "../../src/core/numberWords.ts";
import { el } from "../shared/dom.ts";
import type { BinChoice } from "./look.ts";
import { binEnds, binNames, type Pair } from "./pairModel.ts";

export interface MatrixOptions {
  readonly pair: Pair;
  readonly matrix: readonly (readonly number[])[];
  readonly choice: BinChoice | null;
  readonly choose: (choice: BinChoice) => void;
}

/** Heat 1..5 from 1, 2, 6, 16 and 31 problems. */
const heat = (value: number): number =>
  [31, 16, 6, 2, 1].reduce((found, least, i) => found || (value >= least ? 5 - i : 0), 0);

export function transitionMatrix({ pair, matrix, choice, choose }: MatrixOptions): HTMLElement {
  const chosen = choice?.kind === "cell" ? choice : null;
  const [first, second] = pair.series;
  const stop = chosen ?? { from: 0, to: 0 };
  const cells = el("table", {
    class: "matrix",
    id: "transitions-table",
    "aria-label": "Problems by bin in both runs",
  });
  cells.append(
    el("thead", {}, el("tr", {}, el("td"), ...binEnds.map((end) => el("th", { scope: "col" }, end)))),
    el(
      "tbody",
      {},
      ...matrix.map((row, from) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, binEnds[from]),
          ...row.map((value, to) => {
            const on = chosen?.from === from && chosen.to === to;
            const label = `${first?.name} ${binNames[from]} %, ${second?.name} ${binNames[to]} %: ${count(value)}`;
            return el(
              "td",
              { class: value > 0 ? `heat${heat(value)}` : null },
              el(
                "button",
                {
                  id: `cell-${from}-${to}`,
                  type: "button",
                  class: on ? "chosen" : null,
                  "aria-label": label,
                  "aria-pressed": String(on),
                  tabindex: stop.from === from && stop.to === to ? 0 : -1,
                  "data-value": value,
                  on: { click: () => choose({ kind: "cell", from, to }) },
                },
                value > 0 ? count(value) : "",
              ),
            );
          }),
        ),
      ),
    ),
  );
  cells.addEventListener("keydown", (event) => walkCells(event, cells));
  return el(
    "section",
    { class: "matrixColumn", "aria-label": "Transitions" },
    el(
      "div",
      { class: "matrixHead" },
      el("h2", {}, "Transitions, problems"),
      el("span", { class: "dim", title: second?.name }, `${second?.name} bin, up to %`),
    ),
    el(
      "div",
      { class: "row matrixRow" },
      el("span", { class: "dim matrixSide" }, `${first?.name} bin, up to %`),
      cells,
    ),
  );
}

function walkCells(event: KeyboardEvent, cells: HTMLElement): void {
  const steps: Record<string, readonly [number, number]> = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
  };
  const step = steps[event.key];
  const at = /^cell-(\d+)-(\d+)$/.exec((event.target as HTMLElement).id);
  if (!step || !at) return;
  const next = cells.querySelector<HTMLElement>(
    `#cell-${Number(at[1]) + step[0]}-${Number(at[2]) + step[1]}`,
  );
  if (next) {
    for (const button of cells.querySelectorAll("button")) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  }
  event.preventDefault();
}

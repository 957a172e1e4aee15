// Runs that stop problems early have no histogram, and it says so.
import { el } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import type { Pair } from "./pairModel.ts";

export const runsOf = ({ first, second }: Pair) => [first, ...(second ? [second] : [])];

/** Why a run has no bars; `null` where each has. */
function stoppedWords(pair: Pair): { readonly lead: string; readonly why: string } | null {
  const names = runsOf(pair).flatMap(({ name, stopped }) => (stopped ? [name] : []));
  if (names.length === 0) return null;
  return {
    lead: `No histogram of ${names.join(" and ")}`,
    why: "Problems were sampled only until enough answers were right: shares of right answers are too high there.",
  };
}

/** Beside the bars of the other run. */
export function stoppedNotice(pair: Pair): HTMLElement | null {
  const words = stoppedWords(pair);
  if (words === null) return null;
  return el(
    "p",
    { class: "notice", id: "no-histogram" },
    icon("info", "info"),
    el("span", {}, el("b", {}, `${words.lead}.`), ` ${words.why}`),
  );
}

/** In place of the chart, where no run has bars. */
export function stoppedPage(pair: Pair): HTMLElement | null {
  const words = stoppedWords(pair);
  if (words === null) return null;
  const next = "The Curve tab has their pass@k, the Problems tab each problem.";
  return el(
    "div",
    { class: "refusal", id: "no-histogram" },
    icon("info", "info"),
    el("div", {}, el("h2", {}, words.lead), el("p", {}, `${words.why} ${next}`)),
  );
}

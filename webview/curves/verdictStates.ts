// The Verdicts tab without a list: nothing chosen, at work, cancelled or failed, and nothing that differs.
import { count } from "../../src/core/numberWords.ts";
import type { CurvesSnapshot, RunView } from "../../src/protocol/curves.ts";
import type { VerdictsView } from "../../src/protocol/verdicts.ts";
import { button, linkButton } from "../shared/controls.ts";
import { el } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import type { App } from "./app.ts";

/** Why there is no comparison. */
export interface ComparisonFailure {
  readonly code: string;
  readonly message: string;
}

export const nothingDiffers = (view: VerdictsView): HTMLElement =>
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

export function nothingChosen(app: App, { judges }: CurvesSnapshot, run: RunView): HTMLElement {
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

export const working = (cancel: () => void): HTMLElement =>
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

export function failed({ code, message }: ComparisonFailure, again: () => void): HTMLElement {
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

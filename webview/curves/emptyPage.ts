// The page without data: still loading, nothing there yet, or why not.
import { button, linkButton } from "../shared/controls.ts";
import { el } from "../shared/dom.ts";
import { count } from "../shared/format.ts";
import { icon } from "../shared/icons.ts";
import type { App, State } from "./app.ts";

export function emptyPage(app: App, { snapshot, failure }: State): HTMLElement {
  const error = failure ?? snapshot?.error ?? null;
  const log = linkButton({
    id: "show-log",
    label: "Show log",
    press: () => app.run(app.client.call("showLog", {})),
  });
  if (error !== null) {
    return el(
      "div",
      { class: "refusal", role: "alert", id: "error" },
      icon("warn", "warn"),
      el(
        "div",
        {},
        el("h2", {}, "Nothing to show"),
        el("p", {}, error),
        el(
          "div",
          { class: "row" },
          button({
            id: "retry",
            label: "Try again",
            primary: true,
            press: () => app.take(app.client.call("ready", {})),
          }),
          log,
        ),
      ),
    );
  }
  if (!snapshot) {
    return el(
      "div",
      { class: "loading", id: "loading", role: "status" },
      el("p", {}, "Reading the samples"),
      ...["wide", "short", "middle"].map((width) => el("div", { class: `bone ${width}` })),
    );
  }
  return el(
    "div",
    { class: "refusal", id: "empty" },
    icon("info", "info"),
    el(
      "div",
      {},
      el("h2", {}, "No run here yet"),
      el(
        "p",
        {},
        "Open a JSONL or Parquet dataset to sample it, or import rollouts that your trainer wrote.",
      ),
      el(
        "div",
        { class: "row" },
        button({
          id: "add-first",
          label: "Add a run",
          primary: true,
          press: () => app.take(app.client.call("addRuns", {})),
        }),
      ),
    ),
  );
}

/** Runs that have no sample yet: on their way, or stopped before the first. */
export function waiting({ progress }: Pick<State, "progress">): HTMLElement {
  const total = [...progress.values()].reduce((sum, run) => sum + run.total, 0);
  const known = [...progress.values()];
  const atRest = known.length > 0 && known.every(({ state }) => state !== "running" && state !== "queued");
  if (atRest) return el("div", { id: "waiting" }, el("p", {}, `No samples yet, 0 of ${count(total)}`));
  return el(
    "div",
    { class: "loading", id: "waiting" },
    el("p", {}, `Sampling, 0 of ${count(total)}`),
    ...["wide", "short", "middle"].map((width) => el("div", { class: `bone ${width}` })),
  );
}

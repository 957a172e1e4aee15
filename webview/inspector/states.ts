// No trace to show: it is read, or it could not be.
import { button } from "../shared/controls.ts";
import { el, type Child } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import type { App, State } from "./state.ts";

export function emptyParts(app: App, { snapshot, failure }: State): readonly Child[] {
  const message = snapshot?.error ?? failure?.message ?? null;
  if (message === null)
    return [
      el(
        "div",
        { class: "state", id: "loading", role: "status" },
        el("progress", { "aria-label": "Reading the trace" }),
        el("p", { class: "dim" }, "Reading the trace"),
      ),
    ];
  return [
    el(
      "div",
      { class: "state", id: "error", role: "alert" },
      el("p", {}, icon("fail", "error"), ` ${message}`),
      el(
        "p",
        { class: "row" },
        button({ id: "retry", label: "Try again", press: () => app.begin() }),
        button({
          id: "show-log",
          label: "Show log",
          press: () => app.run(app.client.call("showLog", {})),
        }),
      ),
    ),
  ];
}
